// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.HealthReport;
import org.rdpmux.daemon.control.Monitor;
import org.rdpmux.daemon.control.Reply;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.metrics.AgentMetrics;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.server.RdpServer;

/** Asks the agent's parts how they are. Thread safe. */
final class AgentMonitor implements Monitor {

    /** Far longer than any turn of a loop takes, and shorter than monitoring systems wait. */
    static final long BOUND_SECONDS = 5;

    private final AgentThread thread;
    private final Parts parts;
    private final Supplier<List<String>> problems;
    private final AgentMetrics metrics;
    /** The one under way, or the last. */
    private CompletableFuture<Reply> scrape = CompletableFuture.completedFuture(null);

    /** What is asked; those without a note on threads belong to the agent thread. */
    record Parts(RdpServer server, LibvirtService libvirt, EndpointManager endpoints, StateDirectory state) {}

    /** @param problems of all services */
    AgentMonitor(AgentThread thread, Parts parts, Supplier<List<String>> problems, AgentMetrics metrics) {
        this.thread = thread;
        this.parts = parts;
        this.problems = problems;
        this.metrics = metrics;
    }

    private static <T> CompletableFuture<T> bounded(CompletableFuture<T> answer) {
        return answer.orTimeout(BOUND_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * The agent thread only looks things up; the text, over a kilobyte for each console, is written elsewhere, and once for all
     * who ask meanwhile.
     */
    @Override
    public synchronized CompletionStage<Reply> metrics() {
        if (scrape.isDone()) {
            long asked = System.nanoTime();
            scrape = bounded(thread.call(() -> read(System.nanoTime() - asked)))
                    .<Reply>thenApplyAsync(reading -> new Reply.Metrics(metrics.text(reading)))
                    .exceptionallyCompose(AgentMonitor::unanswered);
        }
        return scrape;
    }

    private static CompletionStage<Reply> unanswered(Throwable error) {
        return error.getCause() instanceof TimeoutException
                ? CompletableFuture.completedFuture(unhealthy(silent("the agent thread")))
                : CompletableFuture.failedFuture(error);
    }

    private AgentMetrics.Reading read(long lag) {
        return new AgentMetrics.Reading(
                parts.endpoints().states(),
                parts.libvirt().statistics(),
                parts.server().refusals(),
                problems.get().size(),
                lag);
    }

    @Override
    public CompletionStage<Reply> live() {
        Map<String, CompletableFuture<?>> answers = new LinkedHashMap<>();
        answers.put("the agent thread", bounded(thread.call(() -> "")));
        answers.put("the event loops", bounded(parts.server().answer()));
        parts.libvirt().answer().ifPresent(answer -> answers.put("the watcher of libvirt", bounded(answer)));
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new));
        return all.handle((done, error) -> {
            List<String> silent = answers.entrySet().stream()
                    .filter(part -> part.getValue().isCompletedExceptionally())
                    .map(Map.Entry::getKey)
                    .toList();
            return silent.isEmpty()
                    ? new Reply.Ok(new HealthReport(List.copyOf(answers.keySet())))
                    : unhealthy(silent(String.join(" and ", silent)));
        });
    }

    private static String silent(String what) {
        return "no answer within " + BOUND_SECONDS + " s from " + what + ": 'kill -QUIT "
                + ProcessHandle.current().pid()
                + "' writes to the journal what each thread does; keep that, and restart the agent";
    }

    private static Reply unhealthy(String reason) {
        return new Reply.Refused(HttpResponseStatus.SERVICE_UNAVAILABLE, reason);
    }

    @Override
    public CompletionStage<Reply> ready() {
        return bounded(thread.call(this::obstacles)).handle((obstacles, error) -> {
            if (error != null) {
                return unhealthy(silent("the agent thread"));
            }
            return obstacles.isEmpty()
                    ? new Reply.Ok(new HealthReport(List.of("libvirt", "the endpoints", "the state directory")))
                    : unhealthy(String.join("; ", obstacles));
        });
    }

    /** Sentences on what keeps clients from being served. */
    private List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        AgentReport.Libvirt libvirt = parts.libvirt().report(0);
        if (!libvirt.problem().isEmpty()) {
            obstacles.add("libvirt: " + libvirt.problem() + " ('rdpmuxctl doctor' says what to do)");
        }
        unreachable().ifPresent(obstacles::add);
        Path state = parts.state().path();
        List<String> known = parts.state().problems();
        if (!known.isEmpty()) {
            obstacles.addAll(known);
        } else if (!Files.isDirectory(state) || !Files.isWritable(state)) {
            obstacles.add("the state directory " + state
                    + " is not there or cannot be written to: make it again, owned by the agent's user");
        }
        return obstacles;
    }

    /** Why no console can be reached though some should; one that cannot be is for alerts, not for this. */
    private Optional<String> unreachable() {
        List<EndpointManager.State> states = parts.endpoints().states();
        if (states.stream().anyMatch(state -> state.endpoint().isPresent())) {
            return Optional.empty();
        }
        return states.stream()
                .filter(EndpointManager.State::isUnreachable)
                .findFirst()
                .map(state -> "no console can be connected to; " + state.known().name() + ": " + state.problem());
    }
}
