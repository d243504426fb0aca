// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Text as RDP writes it: UTF-16, little-endian. */
public final class Utf16 {

    private Utf16() {}

    /** Reads {@code bytes} bytes (already known to be there) and cuts the text at its first NUL, if it has one. */
    public static String read(ByteBuf in, int bytes) {
        String text = in.readCharSequence(bytes & ~1, StandardCharsets.UTF_16LE).toString();
        in.skipBytes(bytes & 1);
        int nul = text.indexOf('\0');
        return nul < 0 ? text : text.substring(0, nul);
    }

    /** Writes the text without terminator. */
    public static void write(ByteBuf out, String text) {
        for (int i = 0; i < text.length(); i++) {
            out.writeShortLE(text.charAt(i));
        }
    }

    /** Writes the text, cut where necessary, and zeros up to {@code bytes} bytes, at least one NUL. */
    public static void writePadded(ByteBuf out, String text, int bytes) {
        int length = Math.min(text.length(), bytes / 2 - 1);
        write(out, text.substring(0, length));
        out.writeZero(bytes - 2 * length);
    }
}
