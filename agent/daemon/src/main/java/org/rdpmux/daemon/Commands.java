// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.rdpmux.control.ConsoleList;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.Done;
import org.rdpmux.control.Reply;
import org.rdpmux.control.Request;
import org.rdpmux.daemon.access.AccessCommands;
import org.rdpmux.daemon.config.ConfigurationException;
import org.rdpmux.daemon.config.ConfiguredConsole;
import org.rdpmux.daemon.control.Peer;
import org.rdpmux.daemon.control.Reports;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.server.Console;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.ViewerStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the control socket's clients ask for, on the agent thread. */
final class Commands {

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

    private final Agent agent;
    private final AccessCommands access;

    Commands(Agent agent) {
        this.agent = agent;
        this.access = new AccessCommands(agent.access(), this::find);
    }

    /** From any thread. */
    CompletionStage<Reply> handle(Request request, Peer peer) {
        return agent.call(() -> {
            try {
                return new Reply.Ok(result(request, peer));
            } catch (IllegalArgumentException | ConfigurationException | IOException e) {
                return new Reply.Refused(e.getMessage());
            }
        });
    }

    private Record result(Request request, Peer peer) throws ConfigurationException, IOException {
        if (request instanceof Request.ListConsoles) {
            return new ConsoleList(
                    agent.endpoints().states().stream().map(this::report).toList());
        }
        if (request instanceof Request.AgentStatus) {
            return agent.report();
        }
        if (request instanceof Request.ConsoleStatus status) {
            return report(find(status.console()));
        }
        Optional<Record> answer = access.answer(request);
        if (answer.isPresent()) {
            return answer.get();
        }
        // What follows changes something: the log says who did it.
        LOG.info("{} asks for {}", peer, request);
        if (request instanceof Request.Attach attach) {
            return attach(attach, peer);
        }
        if (request instanceof Request.Detach detach) {
            agent.named().detach(detach.console());
            agent.refresh();
            return Done.of(detach.console() + " is detached");
        }
        if (request instanceof Request.Disconnect disconnect) {
            return disconnect(disconnect);
        }
        if (request instanceof Request.Reload) {
            return new Done(agent.reload());
        }
        return access.change(request).orElseThrow(() -> new IllegalArgumentException("not understood: " + request));
    }

    private ConsoleReport report(EndpointManager.State state) {
        return Reports.console(state, agent.clock());
    }

    private ConsoleReport attach(Request.Attach request, Peer peer) {
        if (!request.passwordFile().isEmpty() && !peer.trusted()) {
            throw new IllegalArgumentException(
                    "only root may name a password file: the agent would read it with its own rights");
        }
        ConfiguredConsole console = new ConfiguredConsole(
                request.name(),
                request.address(),
                request.port() == 0 ? OptionalInt.empty() : OptionalInt.of(request.port()),
                request.passwordFile().isEmpty() ? Optional.empty() : Optional.of(path(request.passwordFile())),
                Optional.empty());
        agent.named().attach(console);
        agent.refresh();
        ConsoleId id = new ConsoleId.Named(console.name());
        return agent.endpoints().state(id).map(this::report).orElseThrow();
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("the password file's path is none: " + e.getReason(), e);
        }
    }

    private Done disconnect(Request.Disconnect request) {
        EndpointManager.State state = find(request.console());
        Console console = state.console()
                .orElseThrow(() -> new IllegalArgumentException(state.known().name() + " is not served"));
        List<Long> viewers = console.viewers().stream()
                .map(ViewerStatus::id)
                .filter(id -> request.viewer() == 0 || request.viewer() == id)
                .toList();
        if (viewers.isEmpty() && request.viewer() != 0) {
            throw new IllegalArgumentException(state.known().name() + " has no viewer " + request.viewer());
        }
        viewers.forEach(id -> console.disconnect(id, DisconnectReason.ADMINISTRATOR));
        return Done.of(viewers.size() == 1 ? "1 viewer is sent away" : viewers.size() + " viewers are sent away");
    }

    /** By name, UUID or port. */
    private EndpointManager.State find(String text) {
        List<EndpointManager.State> found = agent.endpoints().states().stream()
                .filter(state -> matches(state, text))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new IllegalArgumentException(
                found.isEmpty()
                        ? "there is no console '" + text + "'; 'rdpmuxctl list --all' shows those there are"
                        : found.size() + " consoles are called '" + text + "'; name yours by its UUID or port");
    }

    private static boolean matches(EndpointManager.State state, String text) {
        return state.known().name().equals(text)
                || state.known().id() instanceof ConsoleId.OfDomain domain
                        && domain.uuid().toString().equalsIgnoreCase(text)
                || state.endpoint().isPresent()
                        && String.valueOf(state.endpoint().get().address().getPort())
                                .equals(text);
    }
}
