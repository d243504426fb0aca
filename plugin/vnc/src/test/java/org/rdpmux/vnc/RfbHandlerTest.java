// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class RfbHandlerTest {

    @Test
    void aServerIsStuckWhileItDoesNotReadAndNotOnceItIsGone() {
        EmbeddedChannel channel = new EmbeddedChannel();
        assertFalse(RfbHandler.isStuck(channel));
        channel.unsafe()
                .outboundBuffer()
                .addMessage(Unpooled.buffer(1 << 20).writeZero(1 << 20), 1 << 20, channel.newPromise());
        assertTrue(RfbHandler.isStuck(channel));
        channel.close();
        assertFalse(RfbHandler.isStuck(channel));
    }
}
