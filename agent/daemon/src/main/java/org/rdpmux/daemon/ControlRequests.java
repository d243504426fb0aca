// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ConsoleList;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.Done;
import org.rdpmux.control.Request;
import org.rdpmux.control.ViewerList;
import org.rdpmux.daemon.access.AccessControl;
import org.rdpmux.daemon.access.AccessRequests;
import org.rdpmux.daemon.config.ConfigurationException;
import org.rdpmux.daemon.config.ConfiguredConsole;
import org.rdpmux.daemon.control.Client;
import org.rdpmux.daemon.control.Peer;
import org.rdpmux.daemon.control.RefusedRequestException;
import org.rdpmux.daemon.control.Reply;
import org.rdpmux.daemon.control.Reports;
import org.rdpmux.daemon.control.RequestTable;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.display.Rect;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.server.Console;
import org.rdpmux.server.ConsoleUnavailableException;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.ViewerStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the control socket's clients ask for, on the agent thread. */
final class ControlRequests {

    private static final Logger LOG = LoggerFactory.getLogger(ControlRequests.class);

    private final Agent agent;
    private final ConsoleService consoles;
    private final AccessControl access;
    private final Clock clock;
    private final ScreenWaits waits = new ScreenWaits();
    private final RequestTable table = new RequestTable();

    /** Who looks at a guest anew. */
    record Refresh(LibvirtService libvirt, ProxmoxService proxmox) {

        /** @param guest a domain's UUID, or a VMID of Proxmox */
        void refresh(String guest) {
            if (ConsoleId.OfVm.isVmid(guest)) {
                proxmox.refresh();
            } else {
                libvirt.refresh(uuid(guest));
            }
        }
    }

    /**
     * What carries requests out.
     *
     * @param status what the agent reports about itself
     * @param screenshots made for programs
     */
    record Parts(
            ConsoleService consoles,
            AccessControl access,
            Supplier<AgentReport> status,
            Refresh refresh,
            Screenshots screenshots) {}

    ControlRequests(Agent agent, Parts parts, Clock clock) {
        this.agent = agent;
        this.consoles = parts.consoles();
        this.access = parts.access();
        this.clock = clock;
        table.question(
                Request.ListConsoles.class,
                (list, peer) -> new ConsoleList(
                        consoles.endpoints().states().stream().map(this::report).toList()));
        table.question(
                Request.AgentStatus.class, (request, peer) -> parts.status().get());
        table.question(Request.ShowConfiguration.class, (request, peer) -> ConfigurationReports.report(agent.config()));
        table.question(Request.ConsoleStatus.class, (request, peer) -> report(find(request.console())));
        table.question(
                Request.ListViewers.class,
                (request, peer) -> new ViewerList(Reports.viewers(find(request.console()), clock)));
        table.slowQuestion(
                Request.TakeScreenshot.class, (request, client) -> screenshot(parts.screenshots(), request, client));
        table.slowQuestion(
                Request.AwaitScreen.class,
                (request, client) ->
                        waits.await(served(request.console()).console().get(), request, client.gone()));
        table.slowChange(Request.SendInput.class, this::input);
        table.change(Request.Attach.class, this::attach);
        table.change(Request.Detach.class, this::detach);
        table.change(Request.Disconnect.class, this::disconnect);
        table.change(Request.DisconnectAll.class, (request, peer) -> disconnectAll(served(request.console())));
        table.change(Request.Refresh.class, (request, peer) -> {
            parts.refresh().refresh(request.guest());
            return new Done(List.of());
        });
        table.change(Request.Reload.class, (reload, peer) -> new Done(agent.reload()));
        new AccessRequests(
                        access,
                        this::find,
                        () -> List.copyOf(consoles.endpoints().states()))
                .addTo(table);
        table.requireComplete();
    }

    /** From any thread. */
    CompletionStage<Reply> handle(Request request, Client client) {
        return agent.call(() -> begin(request, client)).thenCompose(reply -> reply);
    }

    private CompletionStage<Reply> begin(Request request, Client client) {
        if (table.changes(request)) {
            LOG.info("{} asks for {}", client.peer(), request);
        }
        try {
            return table.handle(request, client);
        } catch (RefusedRequestException e) {
            return refused(e.status(), e);
        } catch (IllegalArgumentException e) {
            return refused(HttpResponseStatus.UNPROCESSABLE_ENTITY, e);
        } catch (ConfigurationException e) { // whoever wrote the file can change it
            return refused(HttpResponseStatus.CONFLICT, e);
        } catch (IOException e) {
            return refused(HttpResponseStatus.INTERNAL_SERVER_ERROR, e);
        }
    }

    private static CompletionStage<Reply> refused(HttpResponseStatus status, Exception why) {
        return CompletableFuture.completedFuture(new Reply.Refused(status, why.getMessage()));
    }

    private ConsoleReport report(EndpointManager.State state) {
        return Reports.console(state, clock);
    }

    private ConsoleReport attach(Request.Attach request, Peer peer) {
        if (!request.passwordFile().isEmpty() && !peer.trusted()) {
            throw RefusedRequestException.forbidden(
                    "only root may name a password file: the agent would read it with its own rights");
        }
        Optional<Authentication> policy = policy(request.policy());
        ConfiguredConsole console = new ConfiguredConsole(
                request.name(),
                request.address(),
                request.port() == 0 ? OptionalInt.empty() : OptionalInt.of(request.port()),
                request.passwordFile().isEmpty() ? Optional.empty() : Optional.of(path(request.passwordFile())),
                policy);
        consoles.named().attach(console);
        consoles.refresh();
        ConsoleId id = new ConsoleId.Named(console.name());
        return consoles.endpoints().state(id).map(this::report).orElseThrow();
    }

    /** Refused like the same words in the configuration. */
    private Optional<Authentication> policy(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Authentication policy;
        try {
            policy = Authentication.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the policy '" + text + "' " + e.getMessage(), e);
        }
        if (policy == Authentication.NONE) {
            agent.config().objectionToNone().ifPresent(objection -> {
                throw new IllegalArgumentException("the policy is 'none' and " + objection);
            });
        }
        return Optional.of(policy);
    }

    private Done detach(Request.Detach request, Peer peer) {
        consoles.named().detach(request.console());
        consoles.refresh();
        return Done.of(request.console() + " is detached");
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not the UUID of a domain, nor a VMID of Proxmox", e);
        }
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("the password file's path is none: " + e.getReason(), e);
        }
    }

    private EndpointManager.State served(String name) {
        EndpointManager.State state = find(name);
        if (state.console().isEmpty()) {
            throw RefusedRequestException.conflict(state.known().name() + " is not served");
        }
        return state;
    }

    private CompletionStage<Reply> screenshot(Screenshots screenshots, Request.TakeScreenshot request, Client client) {
        Rect area = ScreenWaits.area(request.x(), request.y(), request.width(), request.height());
        EndpointManager.State state = served(request.console());
        CompletionStage<Reply> reply = screenshots.take(state.console().get(), area, client.gone());
        access.noteScreenshot(state.known().name(), client.peer());
        return reply;
    }

    private CompletionStage<Reply> input(Request.SendInput request, Client client) {
        InputScripts.Made made = InputScripts.make(request);
        EndpointManager.State state = served(request.console());
        CompletableFuture<Void> typed = state.console().get().type(made.script());
        client.gone().thenRun(() -> typed.cancel(false));
        access.noteInput(state.known().name(), request.steps().size(), made.characters(), client.peer());
        return typed.handle((done, failure) -> {
            if (failure == null) {
                return new Reply.Ok(new Done(List.of()));
            }
            if (failure instanceof ConsoleUnavailableException) {
                return new Reply.Refused(HttpResponseStatus.CONFLICT, failure.getMessage());
            }
            if (failure instanceof CancellationException) {
                return new Reply.Refused(HttpResponseStatus.CONFLICT, "nobody waits for the input any more");
            }
            throw new CompletionException(failure); // a defect
        });
    }

    private Done disconnect(Request.Disconnect request, Peer peer) {
        EndpointManager.State state = served(request.console());
        Console console = state.console().get();
        if (console.viewers().stream().noneMatch(viewer -> viewer.id() == request.viewer())) {
            throw RefusedRequestException.notFound(state.known().name() + " has no viewer " + request.viewer());
        }
        console.disconnect(request.viewer(), DisconnectReason.ADMINISTRATOR);
        return Done.of("1 viewer is sent away");
    }

    private static Done disconnectAll(EndpointManager.State state) {
        Console console = state.console().get();
        List<ViewerStatus> viewers = console.viewers();
        viewers.forEach(viewer -> console.disconnect(viewer.id(), DisconnectReason.ADMINISTRATOR));
        return Done.of(viewers.size() == 1 ? "1 viewer is sent away" : viewers.size() + " viewers are sent away");
    }

    /** By name, UUID, VMID or port. */
    private EndpointManager.State find(String text) {
        List<EndpointManager.State> found = consoles.endpoints().states().stream()
                .filter(state -> matches(state, text))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.isEmpty()) {
            throw RefusedRequestException.notFound(
                    "there is no console '" + text + "'; 'rdpmuxctl list --all' shows those there are");
        }
        throw RefusedRequestException.conflict(found.size() + " consoles are called '" + text
                + "'; name yours by its UUID, its port, or as proxmox:VMID");
    }

    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private static boolean matches(EndpointManager.State state, String text) {
        return composed(state.known().name()).equals(composed(text))
                || state.known().id() instanceof ConsoleId.OfDomain domain
                        && domain.uuid().toString().equalsIgnoreCase(text)
                || state.known().id() instanceof ConsoleId.OfVm vm
                        && (text.equals(String.valueOf(vm.vmid())) || text.equals(vm.toString()))
                || state.endpoint().isPresent()
                        && String.valueOf(state.endpoint().get().address().getPort())
                                .equals(text);
    }
}
