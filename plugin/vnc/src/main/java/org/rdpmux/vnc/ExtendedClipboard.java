// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.rdpmux.vnc.RfbException.violation;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The extended clipboard's messages (the registry's Extended Clipboard Pseudo-Encoding): cut text messages of negative length,
 * whose first four bytes say formats and actions. Of the formats this end knows text, in UTF-8.
 */
final class ExtendedClipboard {

    static final int TEXT = 1;

    static final int CAPS = 1 << 24;
    static final int REQUEST = 1 << 25;
    static final int PEEK = 1 << 26;
    static final int NOTIFY = 1 << 27;
    static final int PROVIDE = 1 << 28;

    private static final int CLIENT_CUT_TEXT = 6;

    /** How much is inflated or deflated at a time. */
    private static final int CHUNK = 8192;

    private ExtendedClipboard() {}

    /** What this end can; text is never to be sent unasked, whatever its size. */
    static void writeCaps(ByteBuf out) {
        writeHeader(8, CAPS | REQUEST | PEEK | NOTIFY | PROVIDE | TEXT, out);
        out.writeInt(0);
    }

    /** A message that is no more than its flags. */
    static void writeFlags(int flags, ByteBuf out) {
        writeHeader(4, flags, out);
    }

    /** The text, as its receiver wants it. */
    static void writeProvide(byte[] text, ByteBuf out) {
        int start = out.writerIndex();
        writeHeader(0, PROVIDE | TEXT, out);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            byte[] chunk = new byte[CHUNK];
            int length = text.length;
            deflater.setInput(
                    new byte[] {(byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length});
            drain(deflater, chunk, out);
            deflater.setInput(text);
            deflater.finish();
            drain(deflater, chunk, out);
        } finally {
            deflater.end();
        }
        out.setInt(start + 4, -(out.writerIndex() - start - 8));
    }

    private static void drain(Deflater deflater, byte[] chunk, ByteBuf out) {
        for (int n = deflater.deflate(chunk); n > 0; n = deflater.deflate(chunk)) {
            out.writeBytes(chunk, 0, n);
        }
    }

    private static void writeHeader(int length, int flags, ByteBuf out) {
        out.writeByte(CLIENT_CUT_TEXT).writeZero(3);
        out.writeInt(-length);
        out.writeInt(flags);
    }

    /**
     * The text of a Provide message of which text is the first format, or the only one. Inflates no more than the bound.
     *
     * @return null if it is longer than {@code maxBytes}
     */
    static byte[] readProvide(byte[] zlib, int offset, int maxBytes) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(zlib, offset, zlib.length - offset);
            byte[] size = inflate(inflater, 4);
            long length = (size[0] & 0xffL) << 24 | (size[1] & 0xff) << 16 | (size[2] & 0xff) << 8 | size[3] & 0xff;
            return length > maxBytes ? null : inflate(inflater, (int) length);
        } catch (DataFormatException e) {
            throw violation("ServerCutText", "data", "is not a zlib stream: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    /** Grows with what there is, not with what was announced. */
    private static byte[] inflate(Inflater inflater, int length) throws DataFormatException {
        ByteArrayOutputStream inflated = new ByteArrayOutputStream(Math.min(length, CHUNK));
        byte[] chunk = new byte[Math.min(length, CHUNK)];
        while (inflated.size() < length) {
            int n = inflater.inflate(chunk, 0, Math.min(chunk.length, length - inflated.size()));
            if (n == 0) {
                throw violation("ServerCutText", "data", "ends after " + inflated.size() + " bytes of " + length);
            }
            inflated.write(chunk, 0, n);
        }
        return inflated.toByteArray();
    }
}
