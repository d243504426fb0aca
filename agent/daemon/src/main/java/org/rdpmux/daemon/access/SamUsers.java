// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.access;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.access.LoginRequest;
import org.rdpmux.security.access.Moment;
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
    private volatile State state = new State(none(), null, "");

    /** What is known of the file; the stamp is null where it cannot be used. */
    private record State(SamFile users, PrivateFile.Stamp stamp, String problem) {}

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

    /** Without a lock, so that a file that does not answer holds up nobody else; of two who read it, the last one counts. */
    @Override
    public List<Credential> find(Claim claim, LoginRequest request, Moment now) {
        State known = state;
        State found = look(known);
        if (found != known) {
            state = found;
        }
        if (!found.problem.isEmpty() && !found.problem.equals(known.problem)) {
            LOG.warn(
                    "nobody is let in to {} by its SAM file: {}",
                    request.console().name(),
                    found.problem);
        }
        return found.users.find(claim, request, now);
    }

    private State look(State known) {
        try {
            if (PrivateFile.Stamp.of(file).equals(known.stamp)) {
                return known;
            }
            SamFile.Stamped read = SamFile.readStamped(file);
            return new State(read.users(), read.stamp(), "");
        } catch (IOException e) {
            return new State(none(), null, e.getMessage());
        }
    }
}
