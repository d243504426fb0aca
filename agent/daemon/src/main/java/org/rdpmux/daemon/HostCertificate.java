// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.service.Service;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.LocalNames;
import org.rdpmux.security.tls.TlsIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the agent proves itself with to clients, where a console has no certificate of its own. */
final class HostCertificate implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(HostCertificate.class);

    private final CertificateStore store;

    private HostCertificate(CertificateStore store) {
        this.store = store;
    }

    /**
     * The certificate that the configuration names; else the one kept in the state directory, made if there is none. Where
     * none can be kept, one that lasts as long as the runtime directory.
     *
     * @throws IOException if there is one that cannot be used: clients know it, so it is not replaced silently
     */
    static HostCertificate open(AgentConfig config, StateDirectory state, Instant now) throws IOException {
        return new HostCertificate(store(config, state, now));
    }

    private static CertificateStore store(AgentConfig config, StateDirectory state, Instant now) throws IOException {
        Optional<Path> certificate = config.get(Key.SECURITY_CERTIFICATE);
        if (certificate.isPresent()) {
            state.prepare();
            return CertificateStore.ofFiles(
                    certificate.get(), config.get(Key.SECURITY_KEY).orElseThrow());
        }
        if (Files.exists(state.path().resolve(CertificateStore.OWN_FILE))) {
            return CertificateStore.inDirectory(state.path(), List.of(), now);
        }
        // The resolver is asked for our names here, where a certificate is made, which happens once.
        List<String> names = LocalNames.collect();
        if (state.prepare()) {
            try {
                return CertificateStore.inDirectory(state.path(), names, now);
            } catch (IOException e) {
                LOG.warn("no certificate can be kept in {}: {}", state.path(), e.getMessage());
            }
        }
        Path runtimeDirectory = config.get(Key.RUNTIME_DIRECTORY);
        LOG.warn("the certificate is kept in {} for now: clients will be shown another one later", runtimeDirectory);
        return CertificateStore.inDirectory(runtimeDirectory, names, now);
    }

    @Override
    public List<String> reload(AgentConfig config) {
        try {
            return store.reloadIfChanged() ? List.of("new connections are shown the new certificate") : List.of();
        } catch (IOException e) {
            return List.of("the certificate stays as it was: " + e.getMessage());
        }
    }

    TlsIdentity current() {
        return store.current();
    }
}
