// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.control.ConsoleList;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.ControlClient;
import org.rdpmux.control.Done;
import org.rdpmux.control.Request;
import org.rdpmux.daemon.config.ConfigReader;
import org.rdpmux.daemon.config.LogLevel;
import org.rdpmux.daemon.consoles.Displays;
import org.rdpmux.daemon.consoles.FakeDisplay;
import org.rdpmux.librdpmux.GuestListener;
import org.rdpmux.librdpmux.LibrdpmuxService;
import org.rdpmux.libvirt.CallStatistics;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.libvirt.DomainInfo;
import org.rdpmux.libvirt.DomainMetadata;
import org.rdpmux.libvirt.DomainState;
import org.rdpmux.libvirt.DomainWatcher;
import org.rdpmux.libvirt.Graphics;
import org.rdpmux.libvirt.StopReason;
import org.rdpmux.security.tls.CertificateStore;
import org.rdpmux.server.RdpServer;

/** The whole agent in this process, with a libvirt that the tests play and displays that are made up. */
@Timeout(120)
abstract class AgentFixture {

    static final Duration PATIENT = Duration.ofSeconds(30);
    static final UUID DEMO = new UUID(1, 1);
    static final UUID OTHER = new UUID(1, 2);

    /** Making a certificate takes a second; one will do for all tests. */
    @TempDir
    static Path certificates;

    @TempDir
    Path directory;

    final DomainWatcher watcher = mock(DomainWatcher.class);
    Consumer<DomainEvent> libvirt;
    final LibrdpmuxService service = mock(LibrdpmuxService.class);
    GuestListener registry;
    LogLevel logLevel;
    Path configuration;
    int firstPort;
    Agent agent;

    @BeforeAll
    static void makeCertificate() throws IOException {
        CertificateStore.inDirectory(certificates, List.of("localhost"), Instant.now());
    }

    @BeforeEach
    void configure() throws IOException {
        Path state = Files.createDirectories(directory.resolve("state"));
        Files.createDirectories(directory.resolve("run"));
        Files.copy(certificates.resolve(CertificateStore.OWN_FILE), state.resolve(CertificateStore.OWN_FILE));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            firstPort = Math.min(free.getLocalPort(), 65000);
        }
        configuration = directory.resolve("rdpmux.conf");
        configureWith("");
        when(watcher.failure()).thenReturn(Optional.empty());
        when(watcher.calls()).thenReturn(new CallStatistics(0, 0, 0, 0));
        when(watcher.answer()).thenReturn(CompletableFuture.completedFuture(null));
    }

    @AfterEach
    void stop() {
        if (agent != null) {
            agent.close();
        }
    }

    void configureWith(String more) throws IOException {
        Files.writeString(
                configuration,
                "runtime.directory = " + directory.resolve("run") + "\nstate.directory = " + directory.resolve("state")
                        + "\nlisten.ports = " + firstPort + "-" + (firstPort + 100) + "\n" + more);
    }

    Agent.Parts parts() {
        return new Agent.Parts(
                pixels -> new Displays(Map.of("vnc", source -> FakeDisplay.of(720, 400))),
                RdpServer::new,
                (uri, sink) -> {
                    libvirt = sink;
                    return watcher;
                },
                (config, listener) -> {
                    registry = listener;
                    return service;
                },
                Clock.systemUTC(),
                Optional.empty(),
                level -> logLevel = level);
    }

    void start() throws Exception {
        agent = Agent.start(() -> ConfigReader.read(Optional.of(configuration), List.of()), parts());
    }

    <T extends Record> T ask(Request request, Class<T> type) throws IOException {
        try (ControlClient client = ControlClient.connect(directory.resolve("run/control.sock"), PATIENT)) {
            return client.ask(request, type);
        }
    }

    String refusal(Request request) {
        return assertThrows(ControlClient.RefusedException.class, () -> ask(request, Done.class))
                .getMessage();
    }

    List<ConsoleReport> list() throws IOException {
        return ask(new Request.ListConsoles(), ConsoleList.class).consoles();
    }

    ConsoleReport console(String name) throws IOException {
        return ask(new Request.ConsoleStatus(name), ConsoleReport.class);
    }

    /** What was posted before has been done when this returns, since requests wait in the same queue. */
    void tell(DomainEvent... events) throws IOException {
        Stream.of(events).forEach(libvirt);
        list();
    }

    static DomainInfo domain(UUID uuid, String name, boolean active, long generation) {
        return new DomainInfo(
                uuid,
                name,
                active ? OptionalInt.of((int) generation) : OptionalInt.empty(),
                active ? DomainState.RUNNING : DomainState.OFF,
                generation,
                true,
                List.of(new Graphics(
                        0, "vnc", OptionalInt.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false)),
                DomainMetadata.NONE);
    }

    static DomainEvent started(UUID uuid, String name, long generation) {
        return new DomainEvent.Started(domain(uuid, name, true, generation));
    }

    static DomainEvent stopped(UUID uuid, String name, long generation) {
        return new DomainEvent.Stopped(domain(uuid, name, false, generation), StopReason.DESTROYED);
    }

    static boolean accepts(ConsoleReport console) {
        try (Socket socket = new Socket(console.host(), console.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENT.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "waited in vain until " + what);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
