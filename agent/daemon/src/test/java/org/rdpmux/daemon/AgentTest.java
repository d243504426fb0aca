// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ConfigurationReport;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.Done;
import org.rdpmux.control.Request;
import org.rdpmux.daemon.config.ConfigReader;
import org.rdpmux.daemon.config.ConfigurationException;
import org.rdpmux.daemon.config.LogLevel;
import org.rdpmux.libvirt.ConnectionFailure;
import org.rdpmux.libvirt.DomainEvent;
import org.rdpmux.security.tls.CertificateStore;

/** What the agent serves, and how it begins, changes and ends. */
@Timeout(120)
class AgentTest extends AgentFixture {

    @Test
    void aDomainThatStartsHasAnEndpointUntilItStops() throws Exception {
        start();
        verify(watcher).start();
        tell(new DomainEvent.Connected("test"), new DomainEvent.Defined(domain(DEMO, "demo", false, 0)));
        assertEquals("", console("demo").uri());
        assertEquals("shut off", console("demo").state());
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        ConsoleReport running = console("demo");
        assertTrue(accepts(running), running::toString);
        assertEquals("rdp://127.0.0.1:" + running.port(), running.uri());
        assertEquals(DEMO.toString(), running.uuid());
        assertEquals("xfreerdp /v:127.0.0.1:" + running.port() + " /u:USER /cert:tofu", running.openWith());
        assertEquals(running.uri(), console(DEMO.toString()).uri());
        assertEquals(running.port(), console(String.valueOf(running.port())).port());

        tell(stopped(DEMO, "demo", 1));
        assertFalse(accepts(running));
        assertEquals("", console("demo").uri());
        tell(new DomainEvent.Undefined(domain(DEMO, "demo", false, 1)));
        assertEquals(List.of(), list());
    }

    @Test
    void theSizeOfTheScreenIsKnownBeforeAnybodyLooksOn() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        await("the size is known", () -> {
            try {
                return console("demo").width() == 720 && console("demo").height() == 400;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void portsSurviveGuestsAndAgents() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "b", 1), started(OTHER, "a", 2));
        int port = console("b").port();
        assertNotEquals(port, console("a").port());
        tell(stopped(OTHER, "a", 2), stopped(DEMO, "b", 1), started(DEMO, "b", 3));
        assertEquals(port, console("b").port());
        agent.close();
        start();
        tell(started(DEMO, "renamed", 1), new DomainEvent.Listed());
        assertEquals(port, console("renamed").port());
        assertTrue(accepts(console("renamed")));
    }

    @Test
    void anAttachedConsoleIsServedUntilItIsDetachedAlsoByTheNextAgent() throws Exception {
        start();
        ConsoleReport attached = ask(new Request.Attach("lab", "vnc://127.0.0.1:1", 0, "", ""), ConsoleReport.class);
        assertTrue(accepts(attached));
        assertEquals("attached", attached.origin());
        assertTrue(refusal(new Request.Attach("lab", "vnc://127.0.0.1:1", 0, "", ""))
                .contains("already"));
        agent.close();
        assertFalse(accepts(attached));
        start();
        assertTrue(accepts(attached));
        assertEquals(Done.of("lab is detached"), ask(new Request.Detach("lab"), Done.class));
        assertFalse(accepts(attached));
        assertTrue(refusal(new Request.Detach("lab")).contains("no console is attached as 'lab'"));
    }

    @Test
    void refusesWhatMakesNoSense() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "twin", 1), started(OTHER, "twin", 2));
        assertTrue(refusal(new Request.ConsoleStatus("twin")).contains("2 consoles are called 'twin'"));
        assertTrue(refusal(new Request.ConsoleStatus("")).contains("there is no console ''"));
        assertTrue(refusal(new Request.Attach("a b", "vnc://h:1", 0, "", "")).contains("is no name for a console"));
        assertTrue(refusal(new Request.Attach("x", "nonsense", 0, "", "")).contains("no scheme"));
        assertTrue(refusal(new Request.Attach("x", "vnc://h:1", 70000, "", "")).contains("not 1 to 65535"));
        assertTrue(
                refusal(new Request.Attach("x", "vnc://h:1", 0, "relative", "")).contains("absolute path"));
        assertTrue(refusal(new Request.Attach("x", "vnc://h:1", 0, "/a\0b", "")).contains("path"));
        assertEquals(
                "the policy 'off' is not one of 'nla', 'tls', 'none'",
                refusal(new Request.Attach("x", "vnc://h:1", 0, "", "off")));
        assertTrue(refusal(new Request.Disconnect(DEMO.toString(), 99)).contains("no viewer 99"));
        assertEquals(Done.of("0 viewers are sent away"), ask(new Request.DisconnectAll(DEMO.toString()), Done.class));
    }

    @Test
    void aReloadPutsIntoEffectWhatItCanAndNamesTheRest() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        configureWith("frame.rate = 20\nlog.level = debug\nlibvirt.domains = marked\nconsole.lab = vnc://h:1\n");
        List<String> messages = ask(new Request.Reload(), Done.class).messages();
        assertEquals(
                List.of(
                        "the configuration was read again from " + configuration,
                        "frame.rate was changed, which takes effect at a restart"),
                messages);
        assertEquals(LogLevel.DEBUG, logLevel);
        assertEquals("", console("demo").uri());
        assertTrue(accepts(console("lab")));
        assertEquals("configured", console("lab").origin());
        assertTrue(refusal(new Request.Detach("lab")).contains("stands in the configuration"));

        configureWith("log.level = loud\n");
        assertTrue(refusal(new Request.Reload()).contains("rdpmux.conf:4: log.level"));
        assertTrue(accepts(console("lab")), "a wrong configuration took effect");
    }

    @Test
    void tellsWhichConfigurationIsInEffectAndWhereEachValueStands() throws Exception {
        configureWith("frame.rate = 20\nlog.level = debug\nconsole.lab = vnc://h:1\n");
        start();
        assertEquals(setting("frame.rate", "20", configuration + ":4", false), setting("frame.rate"));
        assertEquals(setting("log.level", "debug", configuration + ":5", true), setting("log.level"));
        assertEquals(setting("console.lab", "vnc://h:1", configuration + ":6", true), setting("console.lab"));
        assertEquals(setting("security.policy", "nla", "default", true), setting("security.policy"));
        configureWith("log.level = warn\n\nframe.rate = 30\nsecurity.lock-user-after = 5\n");
        ask(new Request.Reload(), Done.class);
        assertEquals(setting("frame.rate", "20", configuration + ":4", false), setting("frame.rate"));
        assertEquals(setting("security.lock-user-after", "10", "default", false), setting("security.lock-user-after"));
        assertEquals(setting("log.level", "warn", configuration + ":4", true), setting("log.level"));
        assertEquals(Optional.empty(), setting("console.lab"));
    }

    private static Optional<ConfigurationReport.Setting> setting(
            String key, String value, String source, boolean live) {
        return Optional.of(new ConfigurationReport.Setting(key, value, source, live));
    }

    private Optional<ConfigurationReport.Setting> setting(String key) throws IOException {
        ConfigurationReport report = ask(new Request.ShowConfiguration(), ConfigurationReport.class);
        assertEquals(configuration.toString(), report.file());
        return report.settings().stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst();
    }

    @Test
    void aHookHasItLookAtADomainThatItNeedNotKnow() throws Exception {
        start();
        assertEquals(
                List.of(),
                ask(new Request.Refresh(OTHER.toString()), Done.class).messages());
        verify(watcher).refresh(OTHER);
        assertTrue(refusal(new Request.Refresh("demo")).contains("is not the UUID of a domain, nor a VMID"));
    }

    @Test
    void saysHowLibvirtIsAndKeepsEndpointsWithoutIt() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        ConnectionFailure failure = new ConnectionFailure(ConnectionFailure.Kind.LOST, "libvirt is gone");
        when(watcher.failure()).thenReturn(Optional.of(failure));
        tell(new DomainEvent.Disconnected(failure));
        AgentReport report = ask(new Request.AgentStatus(), AgentReport.class);
        assertEquals(new AgentReport.Libvirt("qemu:///system", "connecting", "libvirt is gone", 1), report.libvirt());
        assertTrue(accepts(console("demo")));
        assertEquals(1, report.endpoints());
        assertEquals(ProcessHandle.current().pid(), report.pid());
        assertEquals(configuration.toString(), report.configuration());
        assertTrue(report.memory().resident() > 1_000_000, report::toString);
    }

    @Test
    void withoutLibvirtItAsksNone() throws Exception {
        configureWith("libvirt.uri =\nconsole.lab = vnc://h:1\n");
        start();
        assertEquals(
                "off",
                ask(new Request.AgentStatus(), AgentReport.class).libvirt().state());
        assertTrue(accepts(console("lab")));
    }

    @Test
    void goesOnWithoutAStateDirectoryAndSaysSo() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        configureWith("libvirt.uri =\nconsole.lab = vnc://h:1\n");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replace(directory.resolve("state").toString(), file.toString()));
        Files.copy(
                certificates.resolve(CertificateStore.OWN_FILE),
                directory.resolve("run").resolve(CertificateStore.OWN_FILE));
        start();
        assertTrue(accepts(console("lab")));
        List<String> warnings =
                ask(new Request.AgentStatus(), AgentReport.class).warnings();
        assertEquals(1, warnings.size(), warnings::toString);
        assertTrue(warnings.get(0).startsWith("cannot write to the state directory"), warnings::toString);
    }

    @Test
    void endsQuicklyAndLeavesNothingBehind() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        ConsoleReport demo = console("demo");
        assertTimeout(PATIENT, agent::close);
        assertFalse(accepts(demo));
        verify(watcher).close();
        try (Stream<Path> left = Files.list(directory.resolve("run"))) {
            assertEquals(List.of(), left.toList());
        }
        agent.close();
    }

    @Test
    void onlyOneAgentUsesARuntimeDirectory() throws Exception {
        start();
        IOException e = assertThrows(
                IOException.class,
                () -> Agent.start(() -> ConfigReader.read(Optional.of(configuration), List.of()), parts()));
        assertTrue(e.getMessage().startsWith("another agent (process "), e.getMessage());
        assertEquals(List.of(), list());
    }

    @Test
    void onlyOneAgentUsesAStateDirectoryWhateverBecomesOfTheRuntimeDirectory() throws Exception {
        start();
        Files.delete(directory.resolve("run/lock"));
        Files.delete(directory.resolve("run/control.sock"));
        IOException e = assertThrows(
                IOException.class,
                () -> Agent.start(() -> ConfigReader.read(Optional.of(configuration), List.of()), parts()));
        assertTrue(
                e.getMessage()
                        .endsWith(" uses " + directory.resolve("state")
                                + "; stop it, or give this one a state.directory of its own"),
                e.getMessage());
    }

    @Test
    void aControlSocketThatSomebodyRemovedIsMadeAgain() throws Exception {
        start();
        Path socket = directory.resolve("run/control.sock");
        Files.delete(socket);
        await("the agent answers again", () -> {
            try {
                return list().isEmpty();
            } catch (IOException e) {
                return false;
            }
        });
        assertEquals(
                List.of(), ask(new Request.AgentStatus(), AgentReport.class).warnings());
        Files.delete(socket);
        agent.call(agent::reload).join();
        assertEquals(List.of(), list());
    }

    @Test
    void aWrongConfigurationStartsNothing() throws Exception {
        configureWith("colour = blue\n");
        assertThrows(ConfigurationException.class, this::start);
        configureWith("control.group = no-such-group\n");
        IOException e = assertThrows(IOException.class, this::start);
        assertTrue(e.getMessage().contains("no-such-group"), e.getMessage());
        try (Stream<Path> left = Files.list(directory.resolve("run"))) {
            assertEquals(List.of(), left.toList());
        }
    }
}
