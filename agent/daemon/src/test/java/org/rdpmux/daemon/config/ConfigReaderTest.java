// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.Authorization;

class ConfigReaderTest {

    @TempDir
    Path directory;

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("rdpmux.conf"), text);
    }

    private AgentConfig read(String text) throws Exception {
        return ConfigReader.read(Optional.of(write(text)), List.of());
    }

    /** The problems with their file's name replaced by {@code F}. */
    private List<String> problems(String text) throws IOException {
        Path file = write(text);
        return assertThrows(ConfigurationException.class, () -> ConfigReader.read(Optional.of(file), List.of()))
                .problems()
                .stream()
                .map(problem -> problem.replace(file.toString(), "F"))
                .toList();
    }

    @Test
    void withoutAFileTheDefaultsHold() throws Exception {
        AgentConfig config = ConfigReader.read(Optional.empty(), List.of());
        assertEquals("qemu:///system", config.get(Key.LIBVIRT_URI));
        assertEquals(DomainChoice.ALL, config.get(Key.LIBVIRT_DOMAINS));
        assertEquals(new PortRange(3901, 4900), config.get(Key.LISTEN_PORTS));
        assertTrue(config.get(Key.LISTEN_ADDRESS).isLoopbackAddress());
        assertEquals(Map.of(), config.consoles());
    }

    @Test
    void readsEveryKindOfValue() throws Exception {
        AgentConfig config = read("""
                # a comment
                libvirt.uri =
                libvirt.domains=marked
                   listen.address = ::1
                listen.ports = 5000 - \\
                    5009
                state.directory = /tmp/a/../state
                limits.handshake = 1500ms
                log.level = debug
                console.lab = vnc+unix:///run/lab.sock
                console.lab.port = 4001
                console.lab.password-file = /etc/lab.password
                console.lab.policy = tls
                security.policy = none
                security.rules = control alice,ops-* * ; \\
                    view-only * web-* ;
                security.shared-sources = 192.0.2.1, 2001:db8::1
                security.users-file = /etc/rdpmux/users
                console.b = vnc://[::1]:5901
                """);
        assertEquals("", config.get(Key.LIBVIRT_URI));
        assertEquals(DomainChoice.MARKED, config.get(Key.LIBVIRT_DOMAINS));
        assertEquals(InetAddress.getByName("::1"), config.get(Key.LISTEN_ADDRESS));
        assertEquals(new PortRange(5000, 5009), config.get(Key.LISTEN_PORTS));
        assertEquals(Path.of("/tmp/state"), config.get(Key.STATE_DIRECTORY));
        assertEquals(Duration.ofMillis(1500), config.get(Key.LIMITS_HANDSHAKE));
        assertEquals(LogLevel.DEBUG, config.get(Key.LOG_LEVEL));
        assertEquals(Authentication.NONE, config.get(Key.SECURITY_POLICY));
        assertEquals(
                Authorization.parse(List.of("control alice,ops-* *", "view-only * web-*")),
                config.get(Key.SECURITY_RULES));
        assertEquals(
                Set.of(InetAddress.getByName("192.0.2.1"), InetAddress.getByName("2001:db8::1")),
                config.get(Key.SECURITY_SHARED_SOURCES));
        assertEquals(Optional.of(Path.of("/etc/rdpmux/users")), config.get(Key.SECURITY_USERS_FILE));
        assertEquals(
                Map.of(
                        "lab",
                        new ConfiguredConsole(
                                "lab",
                                "vnc+unix:///run/lab.sock",
                                OptionalInt.of(4001),
                                Optional.of(Path.of("/etc/lab.password")),
                                Optional.of(Authentication.TLS)),
                        "b",
                        new ConfiguredConsole(
                                "b", "vnc://[::1]:5901", OptionalInt.empty(), Optional.empty(), Optional.empty())),
                config.consoles());
    }

    @Test
    void namesEverythingThatIsWrongAtOnceWithFileAndLine() throws Exception {
        assertEquals(
                List.of(
                        "F:2: unknown key 'listen.adress'; is 'listen.address' meant?",
                        "F:3: listen.ports: '4000-3000' is not FIRST-LAST within 1 to 65535",
                        "F:4: frame.rate: '0' is not a number from 1 to 120",
                        "F:5: unknown key 'include'",
                        "F:8: console.x.port: there is no 'console.x' with its address",
                        "F:9: 'frame.rate' is set a second time; first at F:4"),
                problems("""
                        # line 1
                        listen.adress = 127.0.0.1
                        listen.ports = 4000-3000
                        frame.rate = 0
                        include = /etc/passwd
                        log.level = \\
                           info
                        console.x.port = 1
                        frame.rate = 30
                        """));
    }

    @Test
    void openToTheNetworkOnlyIfSaidTwice() throws Exception {
        String network = "listen.address = 192.0.2.1\n";
        assertEquals(Authentication.NLA, read(network).get(Key.SECURITY_POLICY));
        assertEquals(Authentication.NONE, read("security.policy = none\n").get(Key.SECURITY_POLICY));
        String meant = "; if that is meant, say so with security.none-on-network = yes";
        assertEquals(
                List.of(
                        "F:2: security.policy is 'none' and listen.address is '192.0.2.1', so everybody on the network"
                                + " would control guests" + meant,
                        "F:4: console.x.policy is 'none' and listen.address is '192.0.2.1', so everybody on the network"
                                + " would control guests" + meant),
                problems(network + "security.policy = none\nconsole.x = vnc://h:1\nconsole.x.policy = none\n"));
        assertTrue(read(network + "security.policy = none\nsecurity.none-on-network = yes\n")
                .get(Key.SECURITY_NONE_ON_NETWORK));
    }

    @Test
    void refusesWhatMakesNoSenseTogether() throws Exception {
        assertEquals(
                List.of("F:1: security.certificate and security.key go together; there is only security.key"),
                problems("security.key = /etc/key.pem\n"));
        assertEquals(
                List.of("F:1: security.lock-source-after = 30 is less than security.lock-user-after = 40"),
                problems("security.lock-user-after = 40\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "security.policy = off             | 'off' is not one of 'nla', 'tls', 'none'",
                "security.none-on-network = 1      | '1' is neither 'yes' nor 'no'",
                "security.rules = control alice    | is no rule; expected ROLE USERS CONSOLES",
                "security.rules = admin * *        | 'admin' is no role",
                "security.rules = none C\\anna *    | '\\a' means nothing here; for a backslash write two",
                "security.rules = none C\\bob *     | '\\b' means nothing here",
                "security.shared-sources = a,b     | is not an IP address",
                "security.users-file = users       | 'users' is not an absolute path",
                "security.lock-user-after = 1      | '1' is not a number from 2 to 1000",
                "listen.address = example.org      | 'example.org' is not an IP address",
                "listen.address =                  | '' is not an IP address",
                "metrics.listen = 9590             | '9590' is not an address and a port",
                "metrics.listen = example.org:9590 | is not an IP address",
                "metrics.listen = ::1:9590         | is not an address and a port",
                "metrics.listen = 127.0.0.1:0      | is not a number from 1 to 65535",
                "listen.ports = 1-2-3              | '1-2-3' is not FIRST-LAST",
                "listen.ports = 0-10               | '0-10' is not FIRST-LAST",
                "listen.ports = a                  | 'a' is not FIRST-LAST",
                "libvirt.domains = some            | 'some' is neither 'all' nor 'marked'",
                "state.directory = var             | 'var' is not an absolute path",
                "frame.rate = 1e2                  | '1e2' is not a number from 1 to 120",
                "display.linger = 5                | '5' is not a time such as",
                "display.linger = 61min            | '61min' is not from 0s to 3600s",
                "display.resize = always           | 'always' is neither 'controller' nor 'never'",
                "limits.handshake = 0s             | '0s' is not from 1s to 300s",
                "limits.connections = 999999999999 | is not a number from 1 to 100000",
                "log.level = loud                  | 'loud' is not one of",
                "console.a b = vnc://x:1           | 'b = vnc://x:1' is not an address",
                "console.a.b = vnc://x:1           | 'a.b' is no name for a console",
                "console. = vnc://x:1              | '' is no name for a console",
                "console.x = 127.0.0.1:5900        | is not an address",
                "console.x = spice://h:1           | is of no known type",
                "console.x = vnc://h               | needs a host and a port",
                "console.x.password-file = p       | there is no 'console.x'",
                "= 1                               | unknown key ''",
                "frame.rate = ${sys:java.home}     | '${sys:java.home}' is not a number",
                "frame.rate                        | '' is not a number"
            })
    void saysWhatIsWrongWithAValue(String line, String sentence) throws Exception {
        List<String> problems = problems("\n" + line + "\n");
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith("F:2: ") && problems.get(0).contains(sentence), problems::toString);
    }

    @Test
    void twoConsolesCannotHaveOnePort() throws Exception {
        assertEquals(List.of("F:4: port 4001 is that of console 'a' already"), problems("""
                        console.a = vnc://h:1
                        console.a.port = 4001
                        console.b = vnc://h:2
                        console.b.port = 4001
                        """));
    }

    @Test
    void refusesAFileThatIsNotText() throws Exception {
        Path file = directory.resolve("binary");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertEquals(
                List.of(file + ": is not UTF-8 text"),
                assertThrows(ConfigurationException.class, () -> ConfigReader.read(Optional.of(file), List.of()))
                        .problems());
        Files.write(file, new byte[2 * 1024 * 1024]);
        assertThrows(ConfigurationException.class, () -> ConfigReader.read(Optional.of(file), List.of()));
        assertThrows(ConfigurationException.class, () -> ConfigReader.read(Optional.of(directory), List.of()));
        Path none = directory.resolve("none");
        assertEquals(
                List.of(none + ": there is no such file"),
                assertThrows(ConfigurationException.class, () -> ConfigReader.read(Optional.of(none), List.of()))
                        .problems());
    }

    @Test
    void theCommandLineIsStrongerThanTheFile() throws Exception {
        Path file = write("frame.rate = 10\nlog.level = warn\n");
        AgentConfig config = ConfigReader.read(Optional.of(file), List.of("frame.rate=20", "console.x = vnc://h:1"));
        assertEquals(20, config.get(Key.FRAME_RATE));
        assertEquals(LogLevel.WARN, config.get(Key.LOG_LEVEL));
        assertEquals("vnc://h:1", config.consoles().get("x").address());
        assertEquals(
                List.of(
                        "--set: 'frame.rate' is not KEY=VALUE",
                        "--set: log.level: 'x' is not one of 'error', 'warn'," + " 'info', 'debug', 'trace'"),
                assertThrows(
                                ConfigurationException.class,
                                () -> ConfigReader.read(Optional.of(file), List.of("frame.rate", "log.level=x")))
                        .problems());
    }

    @Test
    void aReloadTakesTheLiveKeysAndNamesTheOthers() throws Exception {
        AgentConfig before = read("frame.rate = 10\nlog.level = warn\n");
        AgentConfig after = read("frame.rate = 20\nlog.level = debug\nconsole.x = vnc://h:1\n");
        assertEquals(List.of(Key.FRAME_RATE), before.needRestart(after));
        AgentConfig merged = before.withLive(after);
        assertEquals(10, merged.get(Key.FRAME_RATE));
        assertEquals(LogLevel.DEBUG, merged.get(Key.LOG_LEVEL));
        assertEquals(1, merged.consoles().size());
        assertEquals(List.of(), before.needRestart(before));
    }
}
