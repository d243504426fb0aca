// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Strings of C that hold secrets. */
final class SecretText {

    private SecretText() {}

    /**
     * Takes a string over: its characters, the caller's to wipe. The string itself is overwritten and freed.
     *
     * @param string in UTF-8; malformed parts are replaced
     */
    static char[] take(Pointer string) {
        long length = string.indexOf(0, (byte) 0);
        byte[] bytes = string.getByteArray(0, (int) length);
        string.setMemory(0, length, (byte) 0);
        Native.free(Pointer.nativeValue(string));
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
        Arrays.fill(bytes, (byte) 0);
        char[] text = new char[decoded.remaining()];
        decoded.get(text);
        Arrays.fill(decoded.array(), '\0');
        return text;
    }
}
