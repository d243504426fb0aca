// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.nio.ByteBuffer;

/** Writes DER elements from the inside out. */
final class DerWriter {

    private DerWriter() {}

    /** One element with {@code tag} around {@code parts}. */
    static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        int lengthBytes = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
        ByteBuffer out = ByteBuffer.allocate(2 + lengthBytes + length);
        out.put((byte) tag);
        if (lengthBytes == 0) {
            out.put((byte) length);
        } else {
            out.put((byte) (0x80 | lengthBytes));
            for (int i = lengthBytes - 1; i >= 0; i--) {
                out.put((byte) (length >>> 8 * i));
            }
        }
        for (byte[] part : parts) {
            out.put(part);
        }
        return out.array();
    }

    /** {@code value} inside an explicit context-specific element. */
    static byte[] context(int number, byte[] value) {
        return element(DerReader.context(number), value);
    }

    static byte[] octets(byte[] value) {
        return element(DerReader.OCTET_STRING, value);
    }

    /** A 32-bit number in two's complement, in its shortest form. */
    static byte[] number(int tag, int value) {
        int bytes = 1;
        while (bytes < Integer.BYTES && value >> 8 * bytes - 1 != 0 && value >> 8 * bytes - 1 != -1) {
            bytes++;
        }
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) (value >> 8 * (bytes - 1 - i));
        }
        return element(tag, content);
    }
}
