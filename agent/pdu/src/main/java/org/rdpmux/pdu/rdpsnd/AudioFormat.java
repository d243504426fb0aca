// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * AUDIO_FORMAT ([MS-RDPEA] 2.2.2.1.1), which is WAVEFORMATEX, without what some formats have beside.
 *
 * @param tag wFormatTag: how samples are coded, as registered in RFC 2361
 * @param channels 0 to 65535, as are the next but the two rates
 * @param samplesPerSecond of each channel; unsigned
 * @param bytesPerSecond of all channels on average; unsigned
 * @param blockAlign bytes of the smallest unit
 * @param bitsPerSample of one channel
 */
public record AudioFormat(
        int tag, int channels, int samplesPerSecond, int bytesPerSecond, int blockAlign, int bitsPerSample)
        implements Pdu {

    /** WAVE_FORMAT_PCM: little-endian, signed from 16 bits on. */
    public static final int PCM = 1;

    /** Bytes without those that cbSize counts. */
    static final int SIZE = 18;

    private static final String NAME = "AUDIO_FORMAT";

    /** Samples as they are. */
    public static AudioFormat pcm(int channels, int samplesPerSecond, int bitsPerSample) {
        int block = channels * bitsPerSample / Byte.SIZE;
        return new AudioFormat(PCM, channels, samplesPerSecond, samplesPerSecond * block, block, bitsPerSample);
    }

    /** Reads one of several. */
    public static AudioFormat decode(ByteBuf in) {
        PduException.need(in, SIZE, NAME, "wFormatTag");
        AudioFormat format = new AudioFormat(
                in.readUnsignedShortLE(), // wFormatTag, 2 bytes
                in.readUnsignedShortLE(), // nChannels, 2 bytes
                in.readIntLE(), // nSamplesPerSec, 4 bytes
                in.readIntLE(), // nAvgBytesPerSec, 4 bytes
                in.readUnsignedShortLE(), // nBlockAlign, 2 bytes
                in.readUnsignedShortLE()); // wBitsPerSample, 2 bytes
        int more = in.readUnsignedShortLE(); // cbSize, 2 bytes
        PduException.need(in, more, NAME, "cbSize");
        in.skipBytes(more);
        return format;
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeShortLE(tag).writeShortLE(channels);
        out.writeIntLE(samplesPerSecond).writeIntLE(bytesPerSecond);
        out.writeShortLE(blockAlign).writeShortLE(bitsPerSample).writeShortLE(0);
    }
}
