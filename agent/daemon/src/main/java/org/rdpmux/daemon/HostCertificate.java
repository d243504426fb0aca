// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.endpoint.HostName;
import org.rdpmux.daemon.service.Service;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.security.tls.CertificateHealth;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.LocalNames;
import org.rdpmux.security.tls.TlsIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the agent proves itself with to clients, where a console has no certificate of its own. */
final class HostCertificate implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(HostCertificate.class);

    private final CertificateStore store;
    private final Clock clock;
    private AgentConfig config;

    private HostCertificate(CertificateStore store, AgentConfig config, Clock clock) {
        this.store = store;
        this.config = config;
        this.clock = clock;
    }

    /**
     * The certificate that the configuration names; else the one kept in the state directory, made if there is none. Where
     * none can be kept, one that lasts as long as the runtime directory.
     *
     * @throws IOException if there is one that cannot be used: clients know it, so it is not replaced silently
     */
    static HostCertificate open(AgentConfig config, StateDirectory state, Clock clock) throws IOException {
        return new HostCertificate(store(config, state, clock.instant()), config, clock);
    }

    /** What clients will not like about the certificate that an agent of this configuration would use; touches files. */
    static List<String> check(AgentConfig config, Clock clock) {
        try {
            Optional<Path> certificate = config.get(Key.SECURITY_CERTIFICATE);
            Path own = config.get(Key.STATE_DIRECTORY).resolve(CertificateStore.OWN_FILE);
            if (certificate.isPresent() || Files.isReadable(own)) {
                Path key =
                        certificate.isPresent() ? config.get(Key.SECURITY_KEY).orElseThrow() : own;
                CertificateStore store = CertificateStore.ofFiles(certificate.orElse(own), key);
                return new HostCertificate(store, config, clock).problems();
            }
            return List.of(); // it will be made
        } catch (IOException e) {
            return List.of("the host's certificate cannot be used: " + e.getMessage());
        }
    }

    private static CertificateStore store(AgentConfig config, StateDirectory state, Instant now) throws IOException {
        Optional<Path> certificate = config.get(Key.SECURITY_CERTIFICATE);
        if (certificate.isPresent()) {
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
    public void start() {
        problems().forEach(problem -> LOG.warn("{}", problem));
    }

    @Override
    public List<String> reload(AgentConfig changed) {
        config = changed;
        List<String> messages = new ArrayList<>();
        try {
            if (store.reloadIfChanged()) {
                messages.add("new connections are shown the new certificate");
            }
        } catch (IOException e) {
            messages.add("the certificate stays as it was: " + e.getMessage());
        }
        messages.addAll(problems());
        return messages;
    }

    /** The agent's own certificate is accepted once, whatever its names. */
    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>(CertificateHealth.ofTime(current(), clock.instant()));
        if (config.get(Key.SECURITY_CERTIFICATE).isPresent()) {
            CertificateHealth.ofName(current(), HostName.get(), config.get(Key.LISTEN_ADDRESS))
                    .ifPresent(problems::add);
        }
        return problems.stream()
                .map(problem -> "the host's certificate " + problem)
                .toList();
    }

    TlsIdentity current() {
        return store.current();
    }
}
