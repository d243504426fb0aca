// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.rdpmux.pdu.Hostile;

class ChannelPduHeaderTest {

    /** As it stands in front of a client's DYNVC_CAPS_RSP. */
    @Test
    void readsTheHeaderOfAWholeMessage() {
        ChannelPduHeader header =
                ChannelPduHeader.decode(Unpooled.wrappedBuffer(HexFormat.of().parseHex("0400000003000000")));
        assertEquals(new ChannelPduHeader(4, ChannelPduHeader.FLAG_FIRST | ChannelPduHeader.FLAG_LAST), header);
        assertTrue(header.isFirst() && header.isLast() && !header.isCompressed());
    }

    /** The length has all 32 bits: what reassembles must bound it. */
    @Test
    void readsTheLongestMessageThereIs() {
        ChannelPduHeader header =
                ChannelPduHeader.decode(Unpooled.wrappedBuffer(HexFormat.of().parseHex("ffffffff11002000")));
        assertEquals(0xffff_ffffL, header.length());
        assertTrue(header.isFirst() && header.isCompressed());
        assertFalse(header.isLast());
    }

    @Test
    void comesBack() {
        ChannelPduHeader header = new ChannelPduHeader(1600, ChannelPduHeader.FLAG_SHOW_PROTOCOL);
        assertEquals(header, Hostile.check(header, ChannelPduHeader::decode));
        Hostile.refusesTruncation(Hostile.encode(header), ChannelPduHeader::decode);
    }
}
