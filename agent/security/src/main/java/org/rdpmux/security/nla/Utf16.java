// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

/** UTF-16LE as NTLM takes it: 16-bit units, whatever they are. Java's charset would replace a lone surrogate. */
final class Utf16 {

    private Utf16() {}

    static byte[] encode(CharSequence text) {
        byte[] bytes = new byte[text.length() * 2];
        for (int i = 0; i < text.length(); i++) {
            bytes[2 * i] = (byte) text.charAt(i);
            bytes[2 * i + 1] = (byte) (text.charAt(i) >> 8);
        }
        return bytes;
    }

    /** {@code bytes} has an even length. */
    static String decode(byte[] bytes) {
        char[] text = new char[bytes.length / 2];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char) (bytes[2 * i] & 0xFF | bytes[2 * i + 1] << 8);
        }
        return new String(text);
    }
}
