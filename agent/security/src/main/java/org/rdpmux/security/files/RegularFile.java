// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.files;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;

/**
 * A regular file that is open for reading. Java opens a pipe only once somebody writes to it, and a check of the name
 * beforehand says nothing about what is opened: so this opens without waiting and looks at the descriptor. One thread.
 */
final class RegularFile implements AutoCloseable {

    /** Calls of the C library; each throws what errno says. */
    private interface C extends Library {
        int open(byte[] path, int flags) throws LastErrorException;

        NativeLong read(int fd, byte[] buffer, NativeLong size) throws LastErrorException;

        int close(int fd);
    }

    private static final C LIBC = Native.load("c", C.class);

    // As Linux has them on x86 and arm alike; O_RDONLY is 0.
    private static final int O_NOCTTY = 0400;
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;

    private static final int ENOENT = 2;
    private static final int ENXIO = 6;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;

    private static final int CHUNK = 8192;

    /** How Java writes names of files. */
    private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private final Path file;
    private final int descriptor;
    private final PosixFileAttributes attributes;

    private RegularFile(Path file, int descriptor) throws IOException {
        this.file = file;
        this.descriptor = descriptor;
        // A link of this directory leads to what is open, not to its name.
        attributes =
                Files.readAttributes(Path.of("/proc/self/fd", Integer.toString(descriptor)), PosixFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw noRegularFile(file);
        }
    }

    /**
     * Opens the file of that name.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException a sentence, also if it is no regular file
     */
    static RegularFile open(Path file) throws IOException {
        byte[] name = file.toString().getBytes(NAMES);
        int descriptor;
        try {
            descriptor = LIBC.open(Arrays.copyOf(name, name.length + 1), O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        } catch (LastErrorException e) {
            throw switch (e.getErrorCode()) {
                case ENOENT, ENOTDIR -> PrivateFile.missing(file);
                case EACCES -> new IOException(file + " may not be read by this user", e);
                case ENXIO -> noRegularFile(file); // a socket
                default -> new IOException(file + " cannot be opened: " + e.getMessage(), e);
            };
        }
        try {
            return new RegularFile(file, descriptor);
        } catch (IOException | RuntimeException e) {
            LIBC.close(descriptor);
            throw e;
        }
    }

    private static IOException noRegularFile(Path file) {
        return new IOException(file + " is no regular file");
    }

    PosixFileAttributes attributes() {
        return attributes;
    }

    /** Its first {@code max} bytes and one more, if it has one more; the caller's to wipe. */
    byte[] read(int max) throws IOException {
        byte[] content = new byte[CHUNK];
        byte[] chunk = new byte[CHUNK];
        int length = 0;
        try {
            while (length <= max) {
                int wanted = Math.min(CHUNK, max + 1 - length);
                int read = LIBC.read(descriptor, chunk, new NativeLong(wanted)).intValue();
                if (read == 0) {
                    break;
                }
                if (length + read > content.length) {
                    byte[] smaller = content;
                    content = Arrays.copyOf(smaller, Math.max(2 * smaller.length, length + read));
                    Arrays.fill(smaller, (byte) 0);
                }
                System.arraycopy(chunk, 0, content, length, read);
                length += read;
            }
            return Arrays.copyOf(content, length);
        } catch (LastErrorException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(chunk, (byte) 0);
        }
    }

    @Override
    public void close() {
        LIBC.close(descriptor);
    }
}
