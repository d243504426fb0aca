// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.metrics.Metric.Counter;
import org.rdpmux.daemon.metrics.Metric.Gauge;
import org.rdpmux.libvirt.CallStatistics;
import org.rdpmux.server.Refusal;

/** Writes what the agent counts in the text format of Prometheus. Nothing is kept between scrapes. Thread safe. */
public final class AgentMetrics {

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrometheusRegistry process = new PrometheusRegistry();
    private final String version;
    private final LoginCounts logins;

    /**
     * The agent at one moment.
     *
     * @param consoles those that are known
     * @param libvirt empty if it is not to be asked
     * @param refusals connections that never saw a console
     * @param problems that somebody should look at
     * @param lagNanos how long a task has just waited for the agent thread
     */
    public record Reading(
            List<EndpointManager.State> consoles,
            Optional<Libvirt> libvirt,
            Map<Refusal, Long> refusals,
            int problems,
            long lagNanos) {}

    /**
     * The connection to libvirt.
     *
     * @param stuck calls that were given up and have not returned since
     */
    public record Libvirt(boolean connected, int domains, CallStatistics calls, int stuck) {}

    /** @param version of the program */
    public AgentMetrics(String version, LoginCounts logins) {
        this.version = version;
        this.logins = logins;
        ProcessMetrics.builder().register(process);
        JvmMemoryMetrics.builder().register(process);
        JvmThreadsMetrics.builder().register(process);
        JvmGarbageCollectorMetrics.builder().register(process);
    }

    /** The text, in UTF-8. */
    public byte[] text(Reading reading) {
        MetricSnapshots.Builder scrape = MetricSnapshots.builder();
        addAgent(scrape, reading);
        reading.libvirt().ifPresent(libvirt -> addLibvirt(scrape, libvirt));
        ConsoleMetrics.addTo(scrape, reading.consoles());
        process.scrape().forEach(scrape::metricSnapshot);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, scrape.build(), EscapingScheme.ALLOW_UTF8);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory takes everything
        }
        return out.toByteArray();
    }

    private void addAgent(MetricSnapshots.Builder scrape, Reading reading) {
        List<EndpointManager.State> consoles = reading.consoles();
        long open = consoles.stream().filter(s -> s.endpoint().isPresent()).count();
        long unserved =
                consoles.stream().filter(EndpointManager.State::isUnreachable).count();
        Counter refused = Counter.of("rdpmux_connections_refused", "Connections that never saw a console, by reason.");
        reading.refusals()
                .forEach((reason, count) -> refused.add(
                        Labels.of(
                                "reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                        count));
        Labels none = Labels.EMPTY;
        List.of(
                        Gauge.of("rdpmux_build_info", "1, with the version of the program.")
                                .add(Labels.of("version", version), 1),
                        Gauge.of("rdpmux_consoles", "Consoles that are known.").add(none, consoles.size()),
                        Gauge.of("rdpmux_endpoints", "Consoles that clients can connect to.")
                                .add(none, open),
                        Gauge.of("rdpmux_consoles_unreachable", "Consoles that should have an endpoint and have none.")
                                .add(none, unserved),
                        Gauge.of("rdpmux_problems", "What somebody should look at; 'rdpmuxctl status' says what.")
                                .add(none, reading.problems()),
                        Gauge.of("rdpmux_agent_thread_lag_seconds", "How long a task waited for the agent thread.")
                                .add(none, reading.lagNanos() / NANOS),
                        refused,
                        logins.metric())
                .forEach(metric -> scrape.metricSnapshot(metric.snapshot()));
    }

    private static void addLibvirt(MetricSnapshots.Builder scrape, Libvirt libvirt) {
        CallStatistics calls = libvirt.calls();
        List.of(
                        Gauge.of("rdpmux_libvirt_connected", "1 while there is a connection to libvirt.")
                                .add(Labels.EMPTY, libvirt.connected() ? 1 : 0),
                        Gauge.of("rdpmux_libvirt_domains", "Domains that libvirt knows.")
                                .add(Labels.EMPTY, libvirt.domains()),
                        Gauge.of("rdpmux_libvirt_stuck_calls", "Calls given up that have not returned since.")
                                .add(Labels.EMPTY, libvirt.stuck()),
                        Counter.of("rdpmux_libvirt_calls", "Calls to libvirt, by result: ok, failed or timed-out.")
                                .add(Labels.of("result", "ok"), calls.returned())
                                .add(Labels.of("result", "failed"), calls.failed())
                                .add(Labels.of("result", "timed-out"), calls.timedOut()),
                        Counter.of("rdpmux_libvirt_call_seconds", "Time that calls to libvirt took, summed.")
                                .add(Labels.EMPTY, calls.nanos() / NANOS))
                .forEach(metric -> scrape.metricSnapshot(metric.snapshot()));
    }
}
