// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.rdpmux.control.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rdpmuxctl screenshot}. */
@Command(
        name = "screenshot",
        description = {
            "Writes what a guest's screen shows as PNG: the pixels that viewers see.",
            "If nobody looks on, the guest's display is opened for it. The audit trail names who did it."
        })
final class ScreenshotCommand extends Rdpmuxctl.Base {

    private static final int STANDARD_OUTPUT = 1;

    @Parameters(index = "0", paramLabel = "CONSOLE", description = "Name, UUID, VMID or port.")
    private String console;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description =
                    "Where to; a new file has mode 0600. Default, and '-': standard output, unless it is a terminal.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        boolean standard = file == null || file.equals(Path.of("-"));
        if (standard && PasswordSource.isTerminal(STANDARD_OUTPUT)) {
            throw usage("A picture is nothing for a terminal. Give a FILE, or send standard output to one.");
        }
        byte[] png = agent().screenshot(new Request.TakeScreenshot(console)).png();
        if (standard) {
            try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
                out.write(png);
            }
            return 0;
        }
        try {
            write(file, png);
            return 0;
        } catch (FileSystemException e) {
            throw usage("The picture cannot be written: " + e + ".");
        }
    }

    /** Screens show secrets: a new file is for its owner alone. */
    static void write(Path file, byte[] png) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(png);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
