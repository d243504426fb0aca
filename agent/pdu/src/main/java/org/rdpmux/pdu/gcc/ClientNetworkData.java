// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gcc;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/** TS_UD_CS_NET ([MS-RDPBCGR] 2.2.1.3.4) without its header: the static virtual channels a client wants. */
public record ClientNetworkData(List<ChannelDef> channels) implements Pdu {

    /** A client without channels. */
    public static final ClientNetworkData NONE = new ClientNetworkData(List.of());

    /** The specification allows no more. */
    public static final int MAX_CHANNELS = 31;

    private static final String NAME = "TS_UD_CS_NET";
    private static final int NAME_SIZE = 8;
    private static final int CHANNEL_SIZE = NAME_SIZE + 4;

    /**
     * CHANNEL_DEF (2.2.1.3.4.1).
     *
     * @param name at most seven characters
     * @param options as sent; some clients set bits that have no meaning
     */
    public record ChannelDef(String name, int options) {

        /** The client's end of the channel wants to see the headers of chunks. */
        public static final int OPTION_SHOW_PROTOCOL = 0x00200000;

        public ChannelDef {
            if (name.length() >= NAME_SIZE) {
                throw new IllegalArgumentException("channel name " + name);
            }
        }

        public boolean has(int option) {
            return (options & option) != 0;
        }
    }

    public ClientNetworkData {
        channels = List.copyOf(channels);
        if (channels.size() > MAX_CHANNELS) {
            throw new IllegalArgumentException(channels.size() + " channels");
        }
    }

    static ClientNetworkData decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "channelCount");
        long count = in.readUnsignedIntLE(); // 4 bytes
        PduException.range(count, 0, MAX_CHANNELS, NAME, "channelCount");
        PduException.need(in, (int) count * CHANNEL_SIZE, NAME, "channelDefArray");
        List<ChannelDef> channels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name =
                    in.readCharSequence(NAME_SIZE, StandardCharsets.ISO_8859_1).toString(); // 8 bytes, NUL at the end
            int nul = name.indexOf('\0');
            name = name.substring(0, nul < 0 ? NAME_SIZE - 1 : nul);
            channels.add(new ChannelDef(name, in.readIntLE())); // options: 4 bytes
        }
        return new ClientNetworkData(channels);
    }

    @Override
    public int size() {
        return 4 + channels.size() * CHANNEL_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE(channels.size());
        for (ChannelDef channel : channels) {
            out.writeCharSequence(channel.name(), StandardCharsets.ISO_8859_1);
            out.writeZero(NAME_SIZE - channel.name().length());
            out.writeIntLE(channel.options());
        }
    }
}
