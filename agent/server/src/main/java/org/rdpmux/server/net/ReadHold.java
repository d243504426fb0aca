// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/**
 * First in every client's pipeline. INVARIANT: a client that is not to be read from is not read from. Decoders and TLS ask for
 * more bytes whenever those that came were too few to pass something on, whether the channel reads by itself or not.
 */
final class ReadHold extends ChannelOutboundHandlerAdapter {

    @Override
    public void read(ChannelHandlerContext ctx) {
        if (ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
    }
}
