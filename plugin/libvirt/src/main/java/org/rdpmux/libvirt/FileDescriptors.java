// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** What Java does not do with a bare file descriptor. */
final class FileDescriptors {

    private interface C extends Library {
        int close(int fd);

        int fcntl(int fd, int command, Object... argument);
    }

    private static final C LIBC = Native.load("c", C.class);

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    /** On x86 and arm alike. */
    private static final int O_NONBLOCK = 04000;

    private FileDescriptors() {}

    /** Has reads and writes return at once from now on: libvirt hands out sockets that wait. */
    static void makeNonBlocking(int fd) {
        LIBC.fcntl(fd, F_SETFL, LIBC.fcntl(fd, F_GETFL) | O_NONBLOCK);
    }

    static void close(int fd) {
        LIBC.close(fd);
    }
}
