// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Where guests' sockets are, and which users get to them. Confined to the registry's thread. */
final class SocketDirectory {

    private final Path path;
    private final Optional<String> group;

    /** @param group that may connect; empty for the one that files get anyway */
    SocketDirectory(Path path, Optional<String> group) {
        this.path = path;
        this.group = group;
    }

    Path path() {
        return path;
    }

    /** Makes it. Guests of other users pass through, whatever the umask says; what is inside has modes of its own. */
    void make() throws IOException {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    }

    /** Deletes all sockets but those with these file names. */
    void deleteOthers(Set<String> inUse) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.sock")) {
            for (Path file : files) {
                if (!inUse.contains(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Lets the group connect. Until then nobody but us can; and whoever connects is looked at. */
    void admit(Path socket) throws IOException {
        PosixFileAttributeView attributes =
                Files.getFileAttributeView(socket, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (group.isPresent()) {
            attributes.setGroup(
                    socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group.get()));
        }
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    }
}
