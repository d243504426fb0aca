// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.codec;

/** Reads a bitmap's bytes; reading beyond them is an error of the bitmap's. */
final class BitmapBytes {

    private final byte[] bytes;
    private int at;

    BitmapBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isEmpty() {
        return at == bytes.length;
    }

    int position() {
        return at;
    }

    int left() {
        return bytes.length - at;
    }

    int unsignedByte(String what) {
        return little(1, what);
    }

    /** Little-endian. */
    int little(int size, String what) {
        if (left() < size) {
            throw new BitmapFormatException(what + " at " + at + " needs " + size + " bytes, there are " + left());
        }
        int value = 0;
        for (int i = 0; i < size; i++) {
            value |= (bytes[at++] & 0xff) << (8 * i);
        }
        return value;
    }
}
