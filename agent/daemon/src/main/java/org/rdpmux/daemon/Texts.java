// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rdpmux.control.AgentReport;
import org.rdpmux.daemon.endpoint.Addresses;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.Endpoint;

/** What the agent says about itself and its endpoints. */
final class Texts {

    private Texts() {}

    /** The version of the distribution this is part of. */
    static String version() {
        String version = Texts.class.getPackage().getImplementationVersion();
        return version == null ? "(built from source)" : version;
    }

    /** The line that says where a guest is to be found. */
    static String opened(EndpointManager.State state, ConsoleStatus status) {
        KnownConsole known = state.known();
        Endpoint endpoint = state.endpoint().orElseThrow();
        String display = known.display().orElseThrow().description();
        String guest = known.state().isEmpty() ? "" : "  " + known.state();
        String screen = status.width() > 0
                ? status.width() + "x" + status.height() + ", " + display
                : display + (status.reason().isEmpty() ? "" : "; " + status.reason());
        return known.name() + guest + "  " + Addresses.uri(endpoint.address()) + "  (" + screen + ")      open with: "
                + Addresses.openWith(endpoint, Addresses.ANY_USER);
    }

    static AgentReport.Memory memory() {
        Runtime runtime = Runtime.getRuntime();
        return new AgentReport.Memory(runtime.totalMemory() - runtime.freeMemory(), runtime.maxMemory(), resident());
    }

    /** Of this process, in bytes; 0 if the kernel does not say. */
    private static long resident() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
