// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.proxmox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.rdpmux.proxmox.ScriptedQemu.DONE;
import static org.rdpmux.proxmox.ScriptedQemu.GREETING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QmpDisplayTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);

    /** So short that what must come late does, and long enough for what need not. */
    private static final Duration HASTY = Duration.ofMillis(300);

    @TempDir
    Path directory;

    private ScriptedQemu qemu;

    @AfterEach
    void endQemu() throws InterruptedException {
        if (qemu != null) {
            qemu.end();
            qemu = null;
        }
    }

    private Path monitor() {
        return directory.resolve("100.qmp");
    }

    private String failure(Duration patience, ScriptedQemu.Script script) throws Exception {
        endQemu();
        Files.deleteIfExists(monitor());
        Set<String> before = sockets();
        qemu = new ScriptedQemu(monitor(), script);
        String message = assertThrows(
                        IOException.class, () -> QmpDisplay.open(monitor(), QmpDisplay.Protocol.VNC, patience))
                .getMessage();
        endQemu();
        assertEquals(before, sockets(), "descriptors are left open");
        String monitor = "QEMU's monitor " + monitor() + " ";
        assertTrue(message.startsWith(monitor), message);
        return message.substring(monitor.length());
    }

    private String failure(ScriptedQemu.Script script) throws Exception {
        return failure(PATIENT, script);
    }

    private static Set<String> sockets() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(QmpDisplayTest::target)
                    .filter(name -> name.startsWith("socket:"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // that of the list
        }
    }

    private static String flags(int descriptor) throws IOException {
        return Files.readString(Path.of("/proc/self/fdinfo/" + descriptor));
    }

    @Test
    void givesQemuOneEndOfASocketPairWithoutAPassword() throws Exception {
        qemu = new ScriptedQemu(monitor(), ScriptedQemu.Client::serve);
        int ours = QmpDisplay.open(monitor(), QmpDisplay.Protocol.VNC, PATIENT);
        assertEquals(
                "{\"execute\": \"qmp_capabilities\", \"arguments\": {}}\n",
                qemu.command().line());
        ScriptedQemu.Command getfd = qemu.command();
        assertEquals("{\"execute\": \"getfd\", \"arguments\": {\"fdname\": \"rdpmux-display\"}}\n", getfd.line());
        ScriptedQemu.Command client = qemu.command();
        assertEquals(
                "{\"execute\": \"add_client\", \"arguments\": {\"protocol\": \"vnc\", \"fdname\": \"rdpmux-display\","
                        + " \"skipauth\": true}}\n",
                client.line());
        assertEquals(-1, client.descriptor());
        assertTrue(flags(ours).contains("flags:\t02004002"), flags(ours)); // read-write, non-blocking, close-on-exec
        ScriptedQemu.send(getfd.descriptor(), "RFB 003.008\n");
        assertEquals("RFB 003.008\n", ScriptedQemu.receive(ours).line());
        QmpSocket.close(ours);
        QmpSocket.close(getfd.descriptor());
    }

    @Test
    void leavesTheMonitorToOthersWhenItReturns() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        qemu = new ScriptedQemu(monitor(), client -> {
            try {
                client.serve();
            } finally {
                left.countDown();
            }
        });
        QmpSocket.close(QmpDisplay.open(monitor(), QmpDisplay.Protocol.VNC, PATIENT));
        left.await();
    }

    @Test
    void takesAnswersFromBetweenEvents() throws Exception {
        String event =
                "{\"timestamp\": {\"seconds\": 1}, \"event\": \"VNC_CONNECTED\", \"data\": {\"return\": {}}}\r\n";
        qemu = new ScriptedQemu(monitor(), client -> {
            client.say(GREETING);
            while (true) {
                client.take();
                client.say(event + event + DONE);
            }
        });
        QmpSocket.close(QmpDisplay.open(monitor(), QmpDisplay.Protocol.VNC, PATIENT));
    }

    @Test
    void waitsForAnAnswerThatComesInPieces() throws Exception {
        qemu = new ScriptedQemu(monitor(), client -> {
            client.say(GREETING.substring(0, 20));
            client.say(GREETING.substring(20));
            while (true) {
                client.take();
                client.say("{\"retu");
                client.say("rn\": {}}\r");
                client.say("\n");
            }
        });
        QmpSocket.close(QmpDisplay.open(monitor(), QmpDisplay.Protocol.VNC, PATIENT));
    }

    @Test
    void waitsForItsTurnWhileAnotherHasTheMonitor() throws Exception {
        qemu = new ScriptedQemu(monitor(), ScriptedQemu.Client::serve);
        CompletableFuture<Integer> opening;
        try (SocketChannel another = SocketChannel.open(UnixDomainSocketAddress.of(monitor()))) {
            opening = CompletableFuture.supplyAsync(() -> {
                try {
                    return QmpDisplay.open(monitor(), QmpDisplay.Protocol.VNC, PATIENT);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            awaitConnections(3); // that listens, that is served, that waits
            assertTrue(qemu.hasNoMoreCommands());
            assertFalse(opening.isDone());
            assertTrue(another.isConnected());
        }
        QmpSocket.close(opening.get());
    }

    private void awaitConnections(int count) throws IOException {
        long end = System.nanoTime() + PATIENT.toNanos();
        while (Files.readAllLines(Path.of("/proc/net/unix")).stream()
                        .filter(line -> line.endsWith(monitor().toString()))
                        .count()
                < count) {
            assertTrue(System.nanoTime() < end, "nobody waits for the monitor");
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void saysThatTheMonitorIsBusyWhereItStaysSo() throws Exception {
        assertEquals(
                "sent no greeting in time; it serves one client after the other",
                failure(HASTY, ScriptedQemu.Client::take));
    }

    @Test
    void saysThatNoAnswerCame() throws Exception {
        assertEquals("does not answer in time", failure(HASTY, client -> {
            client.say(GREETING);
            client.take();
            client.take();
        }));
    }

    @Test
    void saysWhatQemuRefused() throws Exception {
        assertEquals("refused getfd: No file descriptor supplied via SCM_RIGHTS", failure(client -> {
            client.say(GREETING);
            client.take();
            client.say(DONE);
            client.take();
            client.say(
                    "{\"error\": {\"class\": \"GenericError\", \"desc\": \"No file descriptor supplied via SCM_RIGHTS\"}}\r\n");
            client.take();
        }));
    }

    @Test
    void takesNoMoreThanAShortPrintableReason() throws Exception {
        String failure = failure(client -> {
            client.say(GREETING);
            client.take();
            client.say("{\"error\": {\"desc\": \"\u001b[2J" + "x".repeat(5000) + "\"}}\r\n");
            client.take();
        });
        assertEquals("refused qmp_capabilities: ?[2J" + "x".repeat(196), failure);
    }

    @Test
    void refusesWhatIsNoMonitor() throws Exception {
        assertEquals("does not greet as QEMU does", failure(client -> {
            client.say("RFB 003.008\n");
            client.take();
        }));
        assertEquals("hung up", failure(client -> {}));
    }

    @Test
    void readsNoLineWithoutEnd() throws Exception {
        assertEquals("sends a line of more than 65536 bytes", failure(client -> {
            String piece = "x".repeat(8192);
            for (int i = 0; i < 100; i++) {
                client.say(piece);
            }
        }));
    }

    @Test
    void readsNoEventsWithoutEnd() throws Exception {
        String event = "{\"event\": \"" + "x".repeat(8000) + "\"}\n";
        assertEquals("sends more than 1048576 bytes", failure(client -> {
            client.say(GREETING);
            client.take();
            for (int i = 0; i < 1000; i++) {
                client.say(event);
            }
        }));
    }

    @Test
    void saysWhatTheSystemSaid() {
        assertEquals(
                "QEMU's monitor " + monitor() + " cannot be connected to: No such file or directory",
                assertThrows(IOException.class, () -> QmpDisplay.open(monitor(), QmpDisplay.Protocol.VNC, PATIENT))
                        .getMessage());
        Path deep = directory.resolve("x".repeat(200));
        assertEquals(
                "QEMU's monitor " + deep + " has a path that is too long for a socket",
                assertThrows(IOException.class, () -> QmpDisplay.open(deep, QmpDisplay.Protocol.VNC, PATIENT))
                        .getMessage());
    }
}
