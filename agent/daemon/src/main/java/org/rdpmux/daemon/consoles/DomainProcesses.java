// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Which process runs a domain: by the files in which libvirt's QEMU driver keeps the numbers, where they can be read, else
 * by the UUID on the process's command line. Reads are short.
 *
 * @param directory of those files, {@code NAME.pid}; empty if it is not known
 */
record DomainProcesses(Optional<Path> directory) {

    private static final Path USUAL = Path.of("/run/libvirt/qemu");

    private static final String SOCKET = "socket=";

    /** By the URI with which libvirt is asked: its own socket lies beside the directory, on this machine. */
    static DomainProcesses of(String uri) {
        try {
            URI parsed = new URI(uri);
            String query = parsed.getRawQuery() == null ? "" : parsed.getRawQuery();
            if (!"/system".equals(parsed.getPath()) || parsed.getRawAuthority() != null) {
                return new DomainProcesses(Optional.empty());
            }
            if (query.startsWith(SOCKET)) {
                Path socket = Path.of(query.substring(SOCKET.length()));
                return new DomainProcesses(Optional.of(socket.resolveSibling("qemu")));
            }
            return new DomainProcesses(Optional.of(USUAL));
        } catch (java.net.URISyntaxException | InvalidPathException e) {
            return new DomainProcesses(Optional.empty());
        }
    }

    /**
     * Whether libvirt started that process to run the machine with this UUID, whatever its name is: one of the files names
     * the process, and its command line, which libvirt wrote, the UUID. Where the files cannot be read, by the command line
     * alone. A directory of some hundred short files is read.
     */
    boolean provablyRuns(int pid, UUID uuid) {
        return Hypervisor.of(pid).uuid().equals(Optional.of(uuid))
                && directory.map(path -> isNamed(path, pid)).orElse(true);
    }

    private static boolean isNamed(Path directory, int pid) {
        String number = Integer.toString(pid);
        boolean read = false;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.pid")) {
            for (Path file : files) {
                Optional<String> content = read(file);
                read |= content.isPresent();
                if (content.equals(Optional.of(number))) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return true; // nothing speaks against it
        }
        return !read;
    }

    /** Whether that process runs the domain of this name and UUID. */
    boolean runs(int pid, String domain, UUID uuid) {
        Optional<String> number = directory.flatMap(path -> read(path, domain));
        if (number.isPresent()) {
            return number.get().equals(Integer.toString(pid));
        }
        return Hypervisor.of(pid).uuid().equals(Optional.of(uuid));
    }

    private static Optional<String> read(Path directory, String domain) {
        if (domain.indexOf('/') >= 0) {
            return Optional.empty();
        }
        try {
            return read(directory.resolve(domain + ".pid"));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).trim());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
