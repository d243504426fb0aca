// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;

/**
 * SERVER_AUDIO_VERSION_AND_FORMATS ([MS-RDPEA] 2.2.2.1) and CLIENT_AUDIO_VERSION_AND_FORMATS (2.2.2.2), which have the same
 * fields: the formats that a server can send, and those of them that a client plays.
 *
 * @param flags dwFlags, which are a client's alone
 * @param volume dwVolume, a client's alone: left in the low half, right in the high half
 * @param version wVersion of the sender
 * @param formats at most {@link #MAX_FORMATS}; what is sent names one by its place in the client's list
 */
public record AudioFormats(int flags, int volume, int version, List<AudioFormat> formats) implements SoundPdu {

    /** TSSNDCAPS_ALIVE: the client can play something at all. */
    public static final int FLAG_ALIVE = 1;

    /** The first version in which {@link Wave2} takes the place of {@link WaveInfo} and {@link Wave}; the newest there is. */
    public static final int VERSION_8 = 8;

    /** Clients repeat what the server has offered, or list all that their system has, which is some dozens. */
    public static final int MAX_FORMATS = 512;

    private static final String NAME = "AUDIO_VERSION_AND_FORMATS";
    private static final int FIXED_SIZE = 20;

    public AudioFormats {
        formats = List.copyOf(formats);
        if (formats.size() > MAX_FORMATS) {
            throw new IllegalArgumentException(formats.size() + " formats");
        }
    }

    static AudioFormats decode(ByteBuf body) {
        PduException.need(body, FIXED_SIZE, NAME, "dwFlags");
        int flags = body.readIntLE(); // 4 bytes
        int volume = body.readIntLE(); // dwVolume, 4 bytes
        body.skipBytes(4); // dwPitch, 4 bytes
        body.skipBytes(2); // wDGramPort, 2 bytes
        int count = body.readUnsignedShortLE(); // wNumberOfFormats, 2 bytes
        body.skipBytes(1); // cLastBlockConfirmed, 1 byte
        int version = body.readUnsignedShortLE(); // wVersion, 2 bytes
        body.skipBytes(1); // bPad, 1 byte
        PduException.range(count, 0, MAX_FORMATS, NAME, "wNumberOfFormats");
        PduException.need(body, count * AudioFormat.SIZE, NAME, "sndFormats");
        List<AudioFormat> formats = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            formats.add(AudioFormat.decode(body));
        }
        return new AudioFormats(flags, volume, version, formats);
    }

    @Override
    public int size() {
        return PROLOG_SIZE + FIXED_SIZE + formats.size() * AudioFormat.SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        SoundPdu.writeProlog(out, FORMATS, size() - PROLOG_SIZE);
        out.writeIntLE(flags).writeIntLE(volume).writeIntLE(0).writeShortLE(0);
        out.writeShortLE(formats.size());
        out.writeByte(0).writeShortLE(version).writeByte(0);
        formats.forEach(format -> format.encode(out));
    }
}
