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
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.security.tls.LocalNames;
import org.rdpmux.server.ServerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the agent proves itself with to clients, and the server's options that go with it. */
final class Certificates {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

    private Certificates() {}

    /**
     * The certificate that the configuration names; else the one kept in the state directory, made if there is none. Where
     * none can be kept, one that lasts as long as the runtime directory.
     *
     * @throws IOException if there is one that cannot be used: clients know it, so it is not replaced silently
     */
    static CertificateStore open(AgentConfig config, StateDirectory state, Instant now) throws IOException {
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

    static ServerOptions serverOptions(AgentConfig config, CertificateStore certificates, ServerOptions.Access access) {
        ServerOptions.Limits limits = new ServerOptions.Limits(
                config.get(Key.LIMITS_CONNECTIONS),
                config.get(Key.LIMITS_PER_ENDPOINT),
                config.get(Key.LIMITS_PER_SOURCE),
                config.get(Key.LIMITS_UNAUTHENTICATED),
                config.get(Key.LIMITS_HANDSHAKE));
        return ServerOptions.defaults(certificates::current)
                .withAccess(access)
                .withLimits(limits)
                .withFrameRate(config.get(Key.FRAME_RATE))
                .withDisplayLinger(config.get(Key.DISPLAY_LINGER));
    }
}
