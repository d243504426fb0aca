// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An agent that asks clients who they are, clients that tell it, and what its audit trail says about that. */
final class LoginFixture {

    /** FreeRDP's XF_EXIT_LOGON_FAILURE. */
    static final int WRONG_PASSWORD = 134;

    /** XF_EXIT_NEGO_FAILURE, and what newer versions have for a server that demands CredSSP: seen of 3.32. */
    private static final Set<Integer> NO_COMMON_PROTOCOL = Set.of(133, 161);

    /** xfreerdp3 on OpenSSL 3 has no MD4 and RC4 otherwise, which NTLM needs. */
    private static final String OPENSSL = """
            openssl_conf = init
            [init]
            providers = providers
            [providers]
            default = active
            legacy = active
            [active]
            activate = 1
            """;

    private final Path directory;
    private final Path audit;
    private final Path openssl;
    private final Agent agent;
    private final Desktop desktop;
    private int scripts;
    private int read;

    /** Starts the agent with these settings. */
    LoginFixture(Programs programs, Map<String, String> settings) {
        directory = programs.newDirectory("logins");
        audit = directory.resolve("audit.log");
        try {
            openssl = Files.writeString(directory.resolve("openssl.cnf"), OPENSSL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("security.policy", "nla");
        all.put("audit.file", audit.toString());
        agent = new Agent(programs, all).start();
        desktop = new Desktop(programs); // xfreerdp wants one even if it shows nothing
    }

    Agent agent() {
        return agent;
    }

    Path audit() {
        return audit;
    }

    /** Runs a script of bash in UTF-8, whatever the locale of this process is. */
    Programs.Result shell(String script) {
        try {
            Path file = Files.writeString(directory.resolve("script-" + ++scripts), script);
            return Programs.result(
                    "env",
                    "LC_ALL=C.UTF-8",
                    "HOME=" + directory,
                    "DISPLAY=" + desktop.display(),
                    "OPENSSL_CONF=" + openssl,
                    "JAVA_HOME=" + System.getProperty("java.home"),
                    "bash",
                    file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a user as an administrator's script does. */
    void addUser(String name, String password, String options) {
        Programs.Result result = shell("printf '%s\\n' '" + password + "' | "
                + String.join(" ", agent.control("user add '" + name + "' " + options)));
        if (result.status() != 0) {
            throw new AssertionError(result.output());
        }
    }

    /** Has a FreeRDP client log in by NLA and leave; gives its exit status. */
    int login(String client, int port, String arguments) {
        return shell("timeout 60 " + client + " " + arguments + " /v:127.0.0.1:" + port
                        + " /cert:ignore +auth-only </dev/null")
                .status();
    }

    /** That a client without CredSSP was turned away before anybody looked at its password, and knows why. */
    static void assertNoCommonProtocol(int status) {
        assertTrue(NO_COMMON_PROTOCOL.contains(status), "xfreerdp ended with " + status);
    }

    /** A FreeRDP client that stays, to be started on a desktop. */
    List<String> client(String program, int port, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "OPENSSL_CONF=" + openssl, program));
        command.addAll(List.of("/v:127.0.0.1:" + port, "/cert:ignore", "-grab-keyboard"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The next decision about a login that the audit trail tells of. */
    String decision() {
        return Wait.value(
                "a decision in the audit trail",
                () -> {
                    List<String> lines = lines();
                    while (read < lines.size()) {
                        String line = lines.get(read++);
                        if (line.contains(" event=login ")) {
                            return Optional.of(line);
                        }
                    }
                    return Optional.empty();
                },
                this::lines);
    }

    private List<String> lines() {
        try {
            String text = Files.exists(audit) ? Files.readString(audit) : "";
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Past everything the audit trail has told so far. */
    void skip() {
        read = lines().size();
    }
}
