// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.ConsoleRef;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.access.SamFile;

/**
 * The users of a guest's own SAM file, read anew at each login, so that what stands in it then counts. A file that cannot
 * be read lets nobody in.
 */
record SamCredentials(Path file) implements CredentialStore {

    @Override
    public List<Credential> find(Claim claim, ConsoleRef console, Instant now) throws IOException {
        return SamFile.read(file).find(claim, console, now);
    }
}
