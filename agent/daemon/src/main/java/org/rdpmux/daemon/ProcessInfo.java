// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rdpmux.control.AgentReport;

/** What this process knows about itself. */
final class ProcessInfo {

    private ProcessInfo() {}

    /** The version of the distribution this is part of. */
    static String version() {
        String version = ProcessInfo.class.getPackage().getImplementationVersion();
        return version == null ? "(built from source)" : version;
    }

    static AgentReport.Memory memory() {
        Runtime runtime = Runtime.getRuntime();
        return new AgentReport.Memory(runtime.totalMemory() - runtime.freeMemory(), runtime.maxMemory(), resident());
    }

    /** In bytes; 0 if the kernel does not say. */
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
