// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.rdpmux.codec.VideoSupport;
import org.rdpmux.control.AgentReport;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.consoles.Domains;
import org.rdpmux.daemon.endpoint.EndpointManager;

/** What the agent reports about itself. Belongs to the agent thread. */
final class AgentStatus {

    private final Clock clock;
    private final Instant started;
    private final LibvirtService libvirt;
    private final Domains domains;
    private final EndpointManager endpoints;
    private final HostCertificate certificate;
    private final VideoSupport video;

    AgentStatus(
            Clock clock,
            LibvirtService libvirt,
            Domains domains,
            EndpointManager endpoints,
            HostCertificate certificate,
            VideoSupport video) {
        this.clock = clock;
        this.started = clock.instant();
        this.libvirt = libvirt;
        this.domains = domains;
        this.endpoints = endpoints;
        this.certificate = certificate;
        this.video = video;
    }

    AgentReport report(AgentConfig config, List<String> problems) {
        List<EndpointManager.State> states = endpoints.states();
        return new AgentReport(
                ProcessInfo.version(),
                ProcessHandle.current().pid(),
                Duration.between(started, clock.instant()).toSeconds(),
                config.file().map(Object::toString).orElse(""),
                libvirt.report(domains.count()),
                (int) states.stream().filter(s -> s.endpoint().isPresent()).count(),
                states.stream()
                        .mapToInt(s -> s.console().map(c -> c.viewers().size()).orElse(0))
                        .sum(),
                certificate.current().fingerprint(),
                video.provider().isPresent() ? video.description() : AgentReport.NO_VIDEO + video.description(),
                ProcessInfo.memory(),
                problems);
    }
}
