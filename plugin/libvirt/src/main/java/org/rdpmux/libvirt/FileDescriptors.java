// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** Closes file descriptors that nobody wants any more. */
final class FileDescriptors {

    private interface C extends Library {
        int close(int fd);
    }

    private static final C LIBC = Native.load("c", C.class);

    private FileDescriptors() {}

    static void close(int fd) {
        LIBC.close(fd);
    }
}
