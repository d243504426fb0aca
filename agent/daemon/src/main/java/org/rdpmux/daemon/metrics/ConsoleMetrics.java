// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.metrics.Metric.Counter;
import org.rdpmux.daemon.metrics.Metric.Gauge;
import org.rdpmux.daemon.metrics.Metric.Histogram;
import org.rdpmux.server.Console;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.OutputStatus;
import org.rdpmux.server.ViewerStatus;

/**
 * The metrics of consoles. Made anew for each scrape from the consoles that are served then: a console's series end with it,
 * and there are no more of them than consoles times what its labels can be. Belongs to one thread.
 *
 * <p>Its many fields are the metrics.
 */
final class ConsoleMetrics {

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final double[] DELAYS = DoubleStream.concat(
                    OutputStatus.DELAY_NANOS.stream().mapToDouble(nanos -> nanos / NANOS),
                    DoubleStream.of(Double.POSITIVE_INFINITY))
            .toArray();

    private final Gauge viewers = Gauge.of(
            "rdpmux_console_viewers",
            "Clients that see the console, by whether they follow: active, suspended or slow.");
    private final Gauge failed =
            Gauge.of("rdpmux_console_display_failed", "1 if the guest's display failed or cannot be had.");
    private final Counter changes =
            Counter.of("rdpmux_console_screen_changes", "Times at which the guest's screen was seen to change.");
    private final Counter tiles = Counter.of("rdpmux_console_tiles_encoded", "Tiles of the screen that were encoded.");
    private final Counter reused =
            Counter.of("rdpmux_console_tiles_reused", "Tiles that were sent without an encoding of their own.");
    private final Counter videoFrames =
            Counter.of("rdpmux_console_video_frames_encoded", "Frames of H.264 that were encoded.");
    private final Counter encoding =
            Counter.of("rdpmux_console_encode_seconds", "Time in encoders, summed over threads.");
    private final Counter frames = Counter.of("rdpmux_console_frames_sent", "Frames handed to clients' sockets.");
    private final Counter bytes =
            Counter.of("rdpmux_console_sent_bytes", "Bytes of frames that clients' sockets took, before encryption.");
    private final Counter pixels = Counter.of(
            "rdpmux_console_pixel_bytes", "Bytes of pixels that were sent, as the encoders made them, by codec.");
    private final Histogram delay = Histogram.of(
            "rdpmux_console_frame_delay_seconds",
            "From the first change that a frame shows until the client's socket took the frame.");
    private final Gauge roundTrip = Gauge.of(
            "rdpmux_console_round_trip_seconds",
            "The longest round trip to one of the console's clients, of those that can be measured.");
    private final Counter input = Counter.of("rdpmux_console_input_events", "Events sent to the guest.");

    /** The metrics of these consoles. */
    static void addTo(MetricSnapshots.Builder scrape, List<EndpointManager.State> consoles) {
        ConsoleMetrics metrics = new ConsoleMetrics();
        Map<String, Integer> names = new HashMap<>();
        consoles.forEach(state -> names.merge(state.known().name(), 1, Integer::sum));
        Set<String> labels = new HashSet<>();
        for (EndpointManager.State state : consoles) {
            if (state.console().isPresent()) {
                metrics.add(label(state, names, labels), state.console().get());
            }
        }
        metrics.all().forEach(metric -> scrape.metricSnapshot(metric.snapshot()));
    }

    /** The name, or the id of a console that shares its name; unique whatever guests are called, since a scrape must be. */
    private static String label(EndpointManager.State state, Map<String, Integer> names, Set<String> taken) {
        String name = state.known().name();
        String label = names.get(name) > 1 ? state.known().id().toString() : name;
        while (!taken.add(label)) {
            label += "'";
        }
        return label;
    }

    private Stream<Metric> all() {
        return Stream.of(
                viewers,
                failed,
                changes,
                tiles,
                reused,
                videoFrames,
                encoding,
                frames,
                bytes,
                pixels,
                delay,
                roundTrip,
                input);
    }

    private void add(String label, Console console) {
        Labels labels = Labels.of("console", label);
        ConsoleStatus status = console.status();
        ConsoleStatus.Counters counted = status.counters();
        failed.add(labels, status.reason().isEmpty() ? 0 : 1);
        changes.add(labels, counted.frames());
        tiles.add(labels, counted.tilesEncoded());
        reused.add(labels, counted.tilesReused());
        videoFrames.add(labels, counted.videoFrames());
        encoding.add(labels, counted.encodeNanos() / NANOS);
        input.add(labels, counted.inputEvents());
        addViewers(labels, console.viewers());
        addOutput(labels, console.output());
    }

    private void addViewers(Labels labels, List<ViewerStatus> present) {
        int[] counts = new int[ViewerStatus.State.values().length];
        long longest = -1;
        for (ViewerStatus viewer : present) {
            counts[viewer.state().ordinal()]++;
            longest = Math.max(longest, viewer.roundTripNanos().orElse(-1));
        }
        for (ViewerStatus.State state : ViewerStatus.State.values()) {
            viewers.add(labels.add("state", state.name().toLowerCase(Locale.ROOT)), counts[state.ordinal()]);
        }
        if (longest >= 0) {
            roundTrip.add(labels, longest / NANOS);
        }
    }

    private void addOutput(Labels labels, OutputStatus output) {
        frames.add(labels, output.frames());
        bytes.add(labels, output.bytes());
        output.codecBytes().forEach((codec, count) -> pixels.add(labels.add("codec", codec.toString()), count));
        delay.add(
                labels,
                DELAYS,
                output.delays().stream().mapToLong(count -> count).toArray(),
                output.delayNanos() / NANOS);
    }
}
