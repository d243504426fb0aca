// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.rdpmux.control.TicketReport;

/** A ticket as a file that RDP clients open. */
final class RdpFile {

    private RdpFile() {}

    /**
     * Writes a new file of mode 0600, which holds the ticket's password for clients that read one from such files.
     *
     * @throws IOException a sentence; also if the file is there
     */
    static void write(Path file, TicketReport ticket) throws IOException {
        ByteBuffer content = content(ticket);
        try (SeekableByteChannel channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
        } finally {
            Arrays.fill(content.array(), (byte) 0);
        }
    }

    /** @throws IOException a sentence, if {@link #write} would find a file or cannot make one */
    static void requireAbsent(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file + " is there already");
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isWritable(directory)) {
            throw new IOException("no permission to make " + file);
        }
    }

    private static ByteBuffer content(TicketReport ticket) {
        String host = ticket.host().indexOf(':') >= 0 ? "[" + ticket.host() + "]" : ticket.host();
        String before = "full address:s:" + host + ":" + ticket.port() + "\r\n"
                + "username:s:" + ticket.user() + "\r\n"
                + "enablecredsspsupport:i:" + (ticket.access().equals("nla") ? 1 : 0) + "\r\n"
                + "negotiate security layer:i:1\r\n"
                + "authentication level:i:2\r\n"
                + "prompt for credentials:i:0\r\n"
                + "password:s:";
        char[] password = ticket.password().characters();
        CharBuffer text = CharBuffer.allocate(before.length() + password.length + 2);
        text.put(before).put(password).put("\r\n").flip();
        ByteBuffer content = StandardCharsets.UTF_8.encode(text);
        Arrays.fill(text.array(), '\0');
        return content;
    }
}
