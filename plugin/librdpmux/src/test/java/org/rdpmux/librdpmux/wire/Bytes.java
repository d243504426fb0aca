// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.HexFormat;

/** Bytes as tests write them. */
final class Bytes {

    /** What a ZeroMQ DEALER sends to begin with: greeting and READY, as captured from libzmq 4.3.4. */
    static final String DEALER_HANDSHAKE = "ff00000000000000017f" + "0301" + "4e554c4c" + "00".repeat(48)
            + "04290552454144590b536f636b65742d54797065000000064445414c4552084964656e7469747900000000";

    /** What a ROUTER sends to begin with, as captured from libzmq 4.3.4. The pad of the signature is ours to choose. */
    static final String ROUTER_HANDSHAKE = "ff00000000000000017f" + "0301" + "4e554c4c" + "00".repeat(48)
            + "04290552454144590b536f636b65742d5479706500000006524f55544552084964656e7469747900000000";

    static final String SP_HEADER = "0053500000100000";

    private Bytes() {}

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Everything the channel wants to send, as hexadecimal digits. */
    static String sent(EmbeddedChannel channel) {
        StringBuilder all = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.append(ByteBufUtil.hexDump(part));
            part.release();
        }
        return all.toString();
    }
}
