// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/**
 * The agent at one moment.
 *
 * @param version of the program
 * @param pid its process
 * @param seconds how long it has been running
 * @param configuration the file it was configured from; empty if there is none
 * @param libvirt its connection to libvirt
 * @param endpoints that accept clients
 * @param viewers that see a console
 * @param certificateFingerprint SHA-256 of the certificate clients are shown, colon-separated
 * @param video the library that encodes H.264, with its version; or {@link #NO_VIDEO} and why there is none
 * @param memory what it uses
 * @param warnings what somebody should look at, sentences
 */
public record AgentReport(
        String version,
        long pid,
        long seconds,
        String configuration,
        Libvirt libvirt,
        int endpoints,
        int viewers,
        String certificateFingerprint,
        String video,
        Memory memory,
        List<String> warnings) {

    /** What stands before the reason where there is no encoder. */
    public static final String NO_VIDEO = "none: ";

    public AgentReport {
        warnings = List.copyOf(warnings);
    }

    /**
     * The connection to libvirt.
     *
     * @param uri as configured; empty if libvirt is not to be asked
     * @param state {@code connected}, {@code connecting} or {@code off}
     * @param problem why it is not connected, a sentence; otherwise empty
     * @param domains that libvirt knows
     */
    public record Libvirt(String uri, String state, String problem, int domains) {}

    /**
     * Memory in bytes.
     *
     * @param heapUsed objects in the Java heap
     * @param heapMax the heap's bound
     * @param resident what the process occupies in all
     */
    public record Memory(long heapUsed, long heapMax, long resident) {}
}
