// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.rdpmux.security.files.PrivateFile;
import org.rdpmux.security.files.PrivateFile.Stamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the server's certificate and key come from: files of the administrator, or one file that is made once and then
 * kept, since clients pin what they saw first. {@link #current()} may be asked from any thread; loading is for threads that
 * may touch files. A reload that fails leaves the identity in use as it was.
 */
public final class CertificateStore {

    private static final Logger log = LoggerFactory.getLogger(CertificateStore.class);

    /**
     * The file in the state directory that holds a certificate made here, together with its key, so that one rename
     * commits both.
     */
    public static final String OWN_FILE = "tls-identity.pem";

    private final Path certificateFile;
    private final Path keyFile;
    private final Set<PosixFilePermission> keyMode;
    private volatile Loaded loaded;

    private record Loaded(TlsIdentity identity, List<Stamp> stamps) {}

    private CertificateStore(Path certificateFile, Path keyFile, Set<PosixFilePermission> keyMode) throws IOException {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.keyMode = keyMode;
        loaded = load();
    }

    /**
     * Uses PEM files: {@code certificateFile} with the server's certificate first and its issuers after it, {@code keyFile}
     * with an RSA or EC key without passphrase. They may be one file.
     *
     * @throws IOException with a sentence that names the file and what is wrong with it
     */
    public static CertificateStore ofFiles(Path certificateFile, Path keyFile) throws IOException {
        return new CertificateStore(
                Objects.requireNonNull(certificateFile), Objects.requireNonNull(keyFile), PrivateFile.GROUP_READS);
    }

    /**
     * Uses the self-signed certificate kept in {@code stateDirectory}, made now if there is none. Two processes that start
     * at once end with the same one.
     *
     * @param names host names and literal addresses for a certificate that must be made, such as
     *     {@link LocalNames#collect()}; one that is there is kept whatever its names, since clients pinned it
     * @throws IOException with a sentence; also for a file that is there but unusable, which is never overwritten
     */
    public static CertificateStore inDirectory(Path stateDirectory, List<String> names, Instant now)
            throws IOException {
        Path file = stateDirectory.resolve(OWN_FILE);
        if (!Files.exists(file)) {
            log.info("there is no certificate yet: making one, which takes a moment");
            SelfSigned made = SelfSigned.make(names, now, new SecureRandom());
            if (PrivateFile.create(file, pem(made).getBytes(StandardCharsets.US_ASCII))) {
                log.info("made a self-signed certificate for {} in {}", names, file);
            }
        }
        return new CertificateStore(file, file, PrivateFile.OWNER_ONLY);
    }

    /** What new connections are to be served with. */
    public TlsIdentity current() {
        return loaded.identity;
    }

    /**
     * Loads the files again if one of them was replaced or rewritten since.
     *
     * @return whether {@link #current()} is a new identity now
     * @throws IOException if they are unusable; {@link #current()} stays, and the next call tries again
     */
    public synchronized boolean reloadIfChanged() throws IOException {
        return !stamps().equals(loaded.stamps) && reload();
    }

    /**
     * Loads the files again.
     *
     * @return whether {@link #current()} is another certificate now
     * @throws IOException if they are unusable; {@link #current()} stays
     */
    public synchronized boolean reload() throws IOException {
        Loaded before = loaded;
        loaded = load();
        boolean changed = !before.identity.chain().equals(loaded.identity.chain());
        if (changed) {
            log.info("certificate is now {}", loaded.identity);
        }
        return changed;
    }

    private Loaded load() throws IOException {
        PemFile keys = PemFile.read(keyFile, keyMode);
        if (keys.keys().size() != 1) {
            throw new IOException(keyFile + " holds " + keys.keys().size() + " private keys; expected one");
        }
        PemFile certificates = certificateFile.equals(keyFile)
                ? keys
                : PemFile.read(certificateFile, EnumSet.allOf(PosixFilePermission.class));
        if (certificates.certificates().isEmpty()) {
            throw new IOException(certificateFile + " holds no certificate");
        }
        try {
            PrivateKey key = keys.keys().get(0);
            return new Loaded(
                    TlsIdentity.of(certificates.certificates(), key), List.of(certificates.stamp(), keys.stamp()));
        } catch (IOException e) {
            throw new IOException(certificateFile + ", " + keyFile + ": " + e.getMessage(), e);
        }
    }

    private List<Stamp> stamps() throws IOException {
        return List.of(Stamp.of(certificateFile), Stamp.of(keyFile));
    }

    private static String pem(SelfSigned made) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(made.certificate());
            writer.writeObject(new JcaPKCS8Generator(made.key(), null));
        }
        return text.toString();
    }
}
