// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.consoles.LibrdpmuxGuests;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.service.Service;
import org.rdpmux.librdpmux.GuestAccess;
import org.rdpmux.librdpmux.GuestControl;
import org.rdpmux.librdpmux.GuestListener;
import org.rdpmux.librdpmux.GuestRegistration;
import org.rdpmux.librdpmux.LibrdpmuxConfig;
import org.rdpmux.librdpmux.LibrdpmuxService;
import org.rdpmux.librdpmux.ProcessIdentity;
import org.rdpmux.librdpmux.ProtocolVersion;
import org.rdpmux.librdpmux.wire.HostMessage.CompleteAtRate;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.server.Console;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings guests built with librdpmux to the agent, and answers for their endpoints to those who ask the guests' D-Bus
 * objects. Hears of both on threads of the service and hands them on to the agent thread.
 */
final class Librdpmux implements GuestListener, Service {

    private static final Logger LOG = LoggerFactory.getLogger(Librdpmux.class);

    /** For an answer to a tool, whose own patience is 25 s. */
    private static final int ANSWER_SECONDS = 5;

    private static final String DIRECTORY = "guests";

    private final AgentThread thread;
    private final LibrdpmuxGuests guests;
    private final ConsoleService consoles;
    private final Optional<LibrdpmuxService> service;
    private final Path directory;
    private String problem = "";
    private boolean running;

    /** @param services makes the service, which begins when this is started */
    Librdpmux(
            AgentThread thread,
            LibrdpmuxGuests guests,
            ConsoleService consoles,
            AgentConfig config,
            BiFunction<LibrdpmuxConfig, GuestListener, LibrdpmuxService> services) {
        this.thread = thread;
        this.guests = guests;
        this.consoles = consoles;
        this.directory = config.get(Key.RUNTIME_DIRECTORY).resolve(DIRECTORY);
        this.service = config.get(Key.LIBRDPMUX_ENABLED)
                ? Optional.of(services.apply(config(config), this))
                : Optional.empty();
    }

    /** An agent that cannot have the service goes on without. */
    @Override
    public void start() {
        try {
            if (service.isPresent()) {
                service.get().start();
                running = true;
            }
        } catch (IOException e) {
            String why = e instanceof AccessDeniedException denied
                    ? "no permission for " + denied.getFile()
                    : e.getMessage();
            problem = "guests built with librdpmux cannot register: " + why;
            LOG.warn("{}", problem);
        }
    }

    @Override
    public List<String> reload(AgentConfig config) {
        guests.allowPorts(config.get(Key.LIBRDPMUX_PORTS));
        return List.of();
    }

    @Override
    public List<String> problems() {
        return problem.isEmpty() ? List.of() : List.of(problem);
    }

    static LibrdpmuxConfig config(AgentConfig config) {
        int rate = config.get(Key.FRAME_RATE);
        return new LibrdpmuxConfig(
                Optional.of(config.get(Key.LIBRDPMUX_BUS)).filter(address -> !address.isEmpty()),
                config.get(Key.RUNTIME_DIRECTORY).resolve(DIRECTORY),
                config.get(Key.STATE_DIRECTORY).resolve(DIRECTORY),
                Optional.of(config.get(Key.LIBRDPMUX_GROUP)).filter(group -> !group.isEmpty()),
                ProtocolVersion.of(config.get(Key.LIBRDPMUX_DEFAULT_VERSION)).orElseThrow(),
                Math.max(CompleteAtRate.SLOWEST, Math.min(rate, CompleteAtRate.FASTEST)),
                LibrdpmuxConfig.Limits.DEFAULT);
    }

    @Override
    public GuestControl registered(GuestRegistration guest) {
        thread.post(() -> {
            guests.add(guest);
            consoles.refresh();
        });
        return new Control(guest);
    }

    @Override
    public boolean provablyRuns(ProcessIdentity process, UUID machine) {
        return guests.provablyRuns(process, machine);
    }

    @Override
    public void gone(GuestRegistration guest) {
        thread.post(() -> {
            guests.remove(guest);
            consoles.refresh();
        });
    }

    @Override
    public void close() {
        if (!running) {
            return;
        }
        service.orElseThrow().close();
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            LOG.debug("sockets are left in {}", directory, e);
        }
    }

    private final class Control implements GuestControl {
        private final GuestRegistration guest;

        Control(GuestRegistration guest) {
            this.guest = guest;
        }

        private <T> T ask(Callable<T> question) {
            return await(thread.call(question));
        }

        private static <T> T await(CompletableFuture<T> answer) {
            try {
                return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new IllegalArgumentException(e.getCause().getMessage(), e.getCause());
            } catch (TimeoutException e) {
                throw new IllegalStateException("the agent is busy", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the agent ends", e);
            }
        }

        /** On the agent thread. */
        private Optional<EndpointManager.State> state() {
            return guests.console(guest).flatMap(consoles.endpoints()::state);
        }

        private void change(UnaryOperator<GuestAccess> change) {
            await(guest.changeAccess(change));
            ask(() -> {
                consoles.refresh();
                return null;
            });
        }

        @Override
        public int port() {
            return ask(() -> state().flatMap(EndpointManager.State::endpoint)
                    .map(endpoint -> endpoint.address().getPort())
                    .orElse(0));
        }

        @Override
        public int connectedPeers() {
            return ask(() -> state().flatMap(EndpointManager.State::console)
                    .map(Console::viewers)
                    .map(viewers -> viewers.size())
                    .orElse(0));
        }

        @Override
        public boolean requiresAuthentication() {
            return ask(() -> state().flatMap(EndpointManager.State::endpoint)
                    .map(endpoint -> endpoint.policy().authentication() != Authentication.NONE)
                    .orElse(true));
        }

        @Override
        public void setAuthentication(boolean required) {
            change(access -> access.withAuthentication(required));
        }

        @Override
        public void setCredentialFile(String path) {
            change(access -> access.withFile(path));
        }

        @Override
        public void shutdown() {
            change(GuestAccess::asShut);
        }
    }
}
