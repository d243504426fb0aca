// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.security.tls.CertificateHealth;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.TlsIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates of single consoles' own: {@code UUID.pem} or {@code NAME.pem} in one directory, with key and certificates. A
 * console whose file cannot be used is not to be served at all, since another certificate in its place would surprise
 * whoever put the file there. Touches files; belongs to the agent thread. What {@link #of} gives may be asked from any.
 */
final class ConsoleCertificates {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleCertificates.class);

    private static final String EXTENSION = ".pem";

    /** Longer names of files are errors on Linux, not files that are missing. */
    private static final int MAX_NAME_BYTES = 255;

    private final Clock clock;
    private final Map<ConsoleId, ConsoleCertificate> all = new HashMap<>();
    private Optional<Path> directory = Optional.empty();

    ConsoleCertificates(Clock clock) {
        this.clock = clock;
    }

    /** What clients will not like about the certificates in a directory; reads them all. */
    static List<String> check(Path directory, Clock clock) {
        List<String> problems = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + EXTENSION)) {
            for (Path file : files) {
                try {
                    TlsIdentity identity = CertificateStore.ofFiles(file, file).current();
                    CertificateHealth.ofTime(identity, clock.instant())
                            .forEach(problem -> problems.add("the certificate " + file + " " + problem));
                } catch (IOException e) {
                    problems.add("the certificate " + file + " cannot be used: " + e.getMessage());
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            problems.add(Key.SECURITY_CERTIFICATES + " = " + directory + " cannot be read: " + e.getMessage());
        }
        return problems;
    }

    /** Where files are from now on: for consoles that become known, and for all at the next {@link #reload}. */
    void useDirectory(Optional<Path> value) {
        directory = value;
    }

    /**
     * The console's certificate; empty for the host's. For a console that was {@link #load loaded};
     * the same object for as long as it is known as what it is.
     */
    Supplier<Optional<TlsIdentity>> of(KnownConsole console) {
        return all.get(console.id());
    }

    /**
     * Reads the files of consoles that were not known before.
     *
     * @param known all consoles
     * @return the same, without a display where a console must not be served
     */
    List<KnownConsole> load(List<KnownConsole> known) {
        Set<ConsoleId> ids = new HashSet<>();
        List<KnownConsole> result = new ArrayList<>();
        for (KnownConsole console : known) {
            ids.add(console.id());
            ConsoleCertificate certificate = loaded(console);
            boolean refused = console.display().isPresent() && !certificate.usable;
            result.add(
                    refused
                            ? withoutDisplay(console, "its certificate cannot be used: " + certificate.problem)
                            : console);
        }
        all.keySet().retainAll(ids);
        return result;
    }

    /** Looks at every console's files again; sentences on what changed and what is wrong. */
    List<String> reload() {
        List<String> messages = new ArrayList<>();
        all.values().forEach(certificate -> certificate.reload().ifPresent(messages::add));
        all.values().forEach(certificate -> messages.addAll(certificate.health()));
        return messages;
    }

    /** Consoles that go on with certificates that were read earlier, or that clients may refuse; a sentence each. */
    List<String> problems() {
        Stream<String> old = all.values().stream()
                .filter(certificate -> certificate.usable && !certificate.problem.isEmpty())
                .map(ConsoleCertificate::staysAsItWas);
        Stream<String> refused = all.values().stream().flatMap(certificate -> certificate.health().stream());
        return Stream.concat(old, refused).sorted().toList();
    }

    private ConsoleCertificate loaded(KnownConsole console) {
        ConsoleCertificate before = all.get(console.id());
        if (before != null && before.name.equals(console.name()) && before.fileNames.equals(fileNames(console))) {
            return before;
        }
        ConsoleCertificate made = new ConsoleCertificate(console);
        made.load();
        if (!made.usable) {
            LOG.warn("{} is not served: its certificate cannot be used: {}", made.name, made.problem);
        }
        made.health().forEach(problem -> LOG.warn("{}", problem));
        all.put(console.id(), made);
        return made;
    }

    private static KnownConsole withoutDisplay(KnownConsole console, String note) {
        return new KnownConsole(
                console.id(),
                console.name(),
                console.origin(),
                console.state(),
                console.pin(),
                console.wishes(),
                console.access(),
                Optional.empty(),
                note);
    }

    /** Names of files that may hold the console's certificate, the strongest first. */
    private static List<String> fileNames(KnownConsole console) {
        if (console.origin() == KnownConsole.Origin.REGISTERED) {
            return List.of(); // the guest says itself who it is, and could take another one's certificate
        }
        List<String> names = new ArrayList<>();
        if (console.id() instanceof ConsoleId.OfVm vm) {
            // Who may rename a guest of Proxmox could take another one's.
            return List.of(vm.vmid() + EXTENSION);
        }
        if (console.id() instanceof ConsoleId.OfDomain domain) {
            names.add(domain.uuid() + EXTENSION);
        }
        String name = console.name();
        // A file that came from another system may have its name composed or decomposed.
        Stream.of(name, Normalizer.normalize(name, Form.NFC), Normalizer.normalize(name, Form.NFD))
                .distinct()
                .filter(ConsoleCertificates::canBeInFileName)
                .map(form -> form + EXTENSION)
                .forEach(names::add);
        return names;
    }

    private static boolean canBeInFileName(String name) {
        return !name.isEmpty()
                && !name.startsWith(".")
                && name.indexOf('/') < 0
                && name.indexOf('\0') < 0
                && (name + EXTENSION).getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
    }

    /** A console's certificate, or that it has none. */
    private final class ConsoleCertificate implements Supplier<Optional<TlsIdentity>> {
        private final String name;
        private final List<String> fileNames;
        /** Whether it is known what clients are to be shown. */
        private boolean usable;

        private String problem = "";
        private Path file;
        private volatile CertificateStore store;

        ConsoleCertificate(KnownConsole console) {
            name = console.name();
            fileNames = fileNames(console);
        }

        @Override
        public Optional<TlsIdentity> get() {
            return Optional.ofNullable(store).map(CertificateStore::current);
        }

        /** What it has stays if there is something wrong. */
        void load() {
            try {
                Optional<Path> found = find();
                if (found.isEmpty()) {
                    store = null;
                } else if (store != null && found.get().equals(file)) {
                    store.reloadIfChanged();
                } else {
                    store = CertificateStore.ofFiles(found.get(), found.get());
                }
                file = found.orElse(null);
                usable = true;
                problem = "";
            } catch (IOException e) {
                problem = e instanceof FileSystemException system ? sentence(system) : e.getMessage();
            }
        }

        Optional<String> reload() {
            boolean wasUsable = usable;
            Optional<TlsIdentity> before = get();
            load();
            if (!problem.isEmpty()) {
                return Optional.of(
                        usable ? staysAsItWas() : name + " is not served: its certificate cannot be used: " + problem);
            }
            if (wasUsable && before.map(TlsIdentity::fingerprint).equals(get().map(TlsIdentity::fingerprint))) {
                return Optional.empty();
            }
            return Optional.of("new connections to " + name + " are shown "
                    + get().map(certificate -> "its own certificate " + certificate.fingerprint())
                            .orElse("the host's certificate"));
        }

        /** What clients will not like about it. */
        List<String> health() {
            return get().stream()
                    .flatMap(identity -> CertificateHealth.ofTime(identity, clock.instant()).stream())
                    .map(what -> "the certificate of " + name + " " + what)
                    .toList();
        }

        String staysAsItWas() {
            return "the certificate of " + name + " stays as it was: " + problem;
        }

        private Optional<Path> find() throws IOException {
            if (directory.isEmpty() || fileNames.isEmpty()) {
                return Optional.empty();
            }
            if (!Files.isDirectory(directory.get())) {
                throw new IOException(Key.SECURITY_CERTIFICATES + " = " + directory.get() + " is not a directory");
            }
            for (String fileName : fileNames) {
                Optional<Path> found = exists(fileName);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }

        /** Only a file that is certainly not there is none: one that may not be looked at is an error. */
        private Optional<Path> exists(String fileName) throws IOException {
            try {
                Path path = directory.orElseThrow().resolve(fileName);
                if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                    throw new IOException(path + " is not a file");
                }
                return Optional.of(path);
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (InvalidPathException e) {
                LOG.warn("a certificate of {} is looked for by UUID alone: {}", name, e.getReason());
                return Optional.empty();
            }
        }
    }

    private static String sentence(FileSystemException e) {
        return e.getFile() + " cannot be read: " + (e.getReason() == null ? "permission denied" : e.getReason());
    }
}
