// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A connected socket that somebody else opened. */
final class OpenedSocket {

    /** O_NONBLOCK as fdinfo has it, on x86 and arm alike. */
    private static final int NON_BLOCKING = 04000;

    private OpenedSocket() {}

    /**
     * Refuses, and closes, a descriptor that would block the thread of all displays.
     *
     * @throws IOException if it is not open, or blocking
     */
    static void check(int descriptor) throws IOException {
        if (descriptor < 0) {
            throw new IOException("file descriptor " + descriptor + " is not one");
        }
        String info = Files.readString(Path.of("/proc/self/fdinfo/" + descriptor));
        int flags = info.lines()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("flags:".length()).strip(), 8))
                .findFirst()
                .orElse(0);
        if ((flags & NON_BLOCKING) == 0) {
            close(descriptor);
            throw new IOException("file descriptor " + descriptor + " is a blocking one");
        }
    }

    /** Closes it; does nothing for -1. */
    static void close(int descriptor) {
        if (descriptor >= 0) {
            try {
                new FileDescriptor(descriptor).close();
            } catch (IOException ignored) {
                // A socket's close has nothing to report.
            }
        }
    }
}
