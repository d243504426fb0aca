// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.security.access.AuditSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the audit trail to a file of mode 0640, a line an event, at once. What cannot be written there is logged instead.
 * Thread safe.
 */
final class AuditFile implements AuditSink {

    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);

    private final Path file;
    private final AuditSink instead;
    private FileChannel channel;
    private String problem = "";

    /**
     * Opens the file.
     *
     * @param instead takes what cannot be written
     * @throws IOException a sentence, if that is not possible
     */
    AuditFile(Path file, AuditSink instead) throws IOException {
        this.file = file;
        this.instead = instead;
        channel = open();
    }

    private FileChannel open() throws IOException {
        try {
            return FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        } catch (IOException e) {
            throw new IOException("cannot write the audit trail to " + file + ": " + e, e);
        }
    }

    /** Opens the file anew, which may have been moved away to begin another. */
    synchronized void reopen() {
        try {
            FileChannel opened = open();
            channel.close();
            channel = opened;
            problem = "";
        } catch (IOException e) {
            failed(e);
        }
    }

    @Override
    public synchronized void accept(AuditEvent event) {
        String line = "time=" + event.time() + " " + event.line() + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            problem = "";
        } catch (IOException e) {
            failed(e);
            instead.accept(event);
        }
    }

    private void failed(IOException e) {
        if (problem.isEmpty()) {
            LOG.error("the audit trail goes to the log for now: {}: {}", file, e.getMessage());
        }
        problem = "the audit trail cannot be written to " + file + " and goes to the log: " + e.getMessage();
    }

    /** What is wrong, a sentence; empty if nothing is. */
    synchronized String problem() {
        return problem;
    }

    synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing {}: {}", file, e.getMessage());
        }
    }
}
