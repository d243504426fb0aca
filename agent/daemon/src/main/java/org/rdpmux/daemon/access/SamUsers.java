// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.ConsoleRef;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.access.SamFile;
import org.rdpmux.security.files.PrivateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of a SAM file that a guest's management named, read again when it has changed. While it cannot be used nobody in
 * it is let in; users of other stores are. Thread safe; may block as files do.
 */
final class SamUsers implements CredentialStore {

    private static final Logger LOG = LoggerFactory.getLogger(SamUsers.class);

    private final Path file;
    private SamFile users = none();
    private PrivateFile.Stamp stamp;
    private String problem = "";

    SamUsers(Path file) {
        this.file = file;
    }

    private static SamFile none() {
        try {
            return SamFile.parse(new byte[0]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized List<Credential> find(Claim claim, ConsoleRef console, Instant now) {
        try {
            reloadIfChanged();
            problem = "";
        } catch (IOException e) {
            users = none();
            stamp = null;
            if (!problem.equals(e.getMessage())) {
                problem = e.getMessage();
                LOG.warn("nobody is let in to {} by its SAM file: {}", console.name(), problem);
            }
        }
        return users.find(claim, console, now);
    }

    private void reloadIfChanged() throws IOException {
        // Somebody else named the file: reading from a pipe would not end.
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is no file");
        }
        PrivateFile.Stamp found = PrivateFile.Stamp.of(file);
        if (!found.equals(stamp)) {
            users = SamFile.read(file);
            stamp = found;
        }
    }
}
