// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.rdpmux.control.Json;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.libvirt.CallStatistics;
import org.rdpmux.server.Console;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.OutputStatus;
import org.rdpmux.server.Refusal;
import org.rdpmux.server.ViewerStatus;

/** The dashboard, the alerts and the documentation name only what there is. */
class MonitoringExamplesTest {

    private static final Path EXAMPLES = Path.of("../../packaging/root/usr/share/doc/rdpmux/examples");

    private static final Pattern SERIES = Pattern.compile("([a-z_]+)(?:\\{(.*)})? [^ ]+");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"");
    private static final Pattern NAME = Pattern.compile("\\b(?:rdpmux|jvm|process)_[a-z_]*[a-z]\\b");

    /** Of an agent that has something to tell of everything. */
    private static final String TEXT = scrape();

    private static String scrape() {
        ViewerStatus viewer = new ViewerStatus(
                1,
                new InetSocketAddress("192.0.2.1", 4000),
                "",
                "ann",
                false,
                Instant.EPOCH,
                640,
                480,
                32,
                7,
                1,
                EnumSet.of(ViewerStatus.Codec.CLEAR),
                ViewerStatus.State.SLOW,
                OptionalLong.empty(),
                OptionalLong.of(20_000_000));
        Console console = mock(Console.class);
        when(console.status())
                .thenReturn(new ConsoleStatus(
                        "web1",
                        "VNC",
                        640,
                        480,
                        ConsoleStatus.DisplayState.RUNNING,
                        "",
                        1,
                        new ConsoleStatus.Counters(1, 2, 3, 4, 5, 6, 2_500_000_000L, 8)));
        when(console.viewers()).thenReturn(List.of(viewer));
        List<Long> delays = new ArrayList<>(Collections.nCopies(OutputStatus.DELAY_NANOS.size(), 0L));
        delays.set(1, 3L);
        delays.add(1L);
        when(console.output())
                .thenReturn(new OutputStatus(4, 1000, Map.of(ViewerStatus.Codec.CLEAR, 900L), delays, 2_000_000_000));
        KnownConsole known = new KnownConsole(
                new ConsoleId.Named("web1"),
                "web1",
                KnownConsole.Origin.CONFIGURED,
                "running",
                OptionalInt.empty(),
                Optional.empty(),
                "");
        return new String(
                new AgentMetrics("1.0", new LoginCounts())
                        .text(new AgentMetrics.Reading(
                                List.of(new EndpointManager.State(
                                        known, Optional.of(console), Optional.empty(), "no free port")),
                                Optional.of(new AgentMetrics.Libvirt(true, 1, new CallStatistics(1, 0, 0, 5), 0)),
                                Map.of(Refusal.CONNECTIONS_FULL, 1L),
                                1,
                                1000)),
                StandardCharsets.UTF_8);
    }

    /** Names of series, each with its labels. */
    private static Map<String, Set<String>> series() {
        Map<String, Set<String>> series = new HashMap<>();
        for (String line : TEXT.lines().filter(text -> !text.startsWith("#")).toList()) {
            Matcher parts = SERIES.matcher(line);
            assertTrue(parts.matches(), line);
            Set<String> labels = series.computeIfAbsent(parts.group(1), name -> new HashSet<>());
            Matcher label = LABEL.matcher(parts.group(2) == null ? "" : parts.group(2));
            while (label.find()) {
                labels.add(label.group(1));
            }
        }
        return series;
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        NAME.matcher(text).results().forEach(match -> names.add(match.group()));
        return names;
    }

    private static void assertThereIs(Path file, int least) throws IOException {
        Set<String> names = names(Files.readString(file));
        assertTrue(names.size() >= least, names::toString);
        names.removeAll(series().keySet());
        assertEquals(Set.of(), names, file::toString);
    }

    @Test
    void theAlertsAskForWhatThereIs() throws Exception {
        assertThereIs(EXAMPLES.resolve("prometheus-rules.yml"), 8);
    }

    @Test
    void theDashboardShowsWhatThereIs() throws Exception {
        Path file = EXAMPLES.resolve("grafana-dashboard.json");
        Map<?, ?> dashboard = (Map<?, ?>) Json.parse(Files.readString(file));
        assertTrue(((List<?>) dashboard.get("panels")).size() > 10, dashboard::toString);
        assertThereIs(file, 15);
    }

    @Test
    void theDocumentationExplainsEverythingOfOursAndNothingElse() throws Exception {
        Set<String> told = new TreeSet<>(series().keySet());
        told.removeIf(name -> !name.startsWith("rdpmux_") || name.matches(".*_(bucket|sum|count)"));
        Set<String> explained = names(Files.readString(Path.of("../../docs/monitoring.md")));
        explained.removeIf(name -> !name.startsWith("rdpmux_") || name.matches(".*_(bucket|sum|count)"));
        explained.remove("rdpmux_console_frame_delay_seconds"); // has buckets, a sum and a count
        assertEquals(told, explained);
    }

    /** Buckets are cumulative, and a console's series have its name and what else is bounded. */
    @Test
    void valuesAndLabelsAreAsPrometheusHasThem() {
        for (String line : List.of(
                "rdpmux_console_frame_delay_seconds_bucket{console=\"web1\",le=\"0.005\"} 0",
                "rdpmux_console_frame_delay_seconds_bucket{console=\"web1\",le=\"1.0\"} 3",
                "rdpmux_console_frame_delay_seconds_bucket{console=\"web1\",le=\"+Inf\"} 4",
                "rdpmux_console_frame_delay_seconds_sum{console=\"web1\"} 2.0",
                "rdpmux_console_encode_seconds_total{console=\"web1\"} 2.5",
                "rdpmux_console_viewers{console=\"web1\",state=\"slow\"} 1.0",
                "rdpmux_console_viewers{console=\"web1\",state=\"active\"} 0.0",
                "rdpmux_console_pixel_bytes_total{codec=\"ClearCodec\",console=\"web1\"} 900.0",
                "rdpmux_console_round_trip_seconds{console=\"web1\"} 0.02",
                "rdpmux_connections_refused_total{reason=\"connections-full\"} 1.0",
                "rdpmux_consoles_unreachable 1.0")) {
            assertTrue(TEXT.lines().anyMatch(line::equals), () -> line + " is not in " + TEXT);
        }
        series().forEach((name, labels) -> {
            if (name.startsWith("rdpmux_console_")) {
                assertTrue(labels.contains("console"), name);
                assertTrue(Set.of("console", "state", "codec", "le").containsAll(labels), name + labels);
            }
        });
    }
}
