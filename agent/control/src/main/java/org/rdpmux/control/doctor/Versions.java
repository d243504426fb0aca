// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.doctor;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rdpmux.control.doctor.Doctor.Situation;

/** Checks of the versions of what the agent builds on. */
final class Versions {

    private static final int OLDEST_JAVA = 17;

    /** The oldest that the tests run with. */
    private static final int OLDEST_LIBVIRT = 9;

    private static final int OLDEST_QEMU = 7;

    private static final Pattern LIBVIRT = Pattern.compile("Using library: libvirt (\\d+)\\.([\\d.]+)");

    private static final Pattern QEMU = Pattern.compile("Running hypervisor: QEMU (\\d+)\\.([\\d.]+)");

    private Versions() {}

    /** The launcher takes the same Java for both programs. */
    static List<Finding> java(Situation situation) {
        String found = "Java " + System.getProperty("java.version") + " in " + System.getProperty("java.home");
        return Runtime.version().feature() >= OLDEST_JAVA
                ? Finding.ok("java", found)
                : Finding.problem("java", found, "install Java " + OLDEST_JAVA + " or newer");
    }

    static List<Finding> hypervisor(Situation situation) {
        String check = "versions";
        if (situation
                .agent()
                .filter(agent -> agent.libvirt().state().equals("off"))
                .isPresent()) {
            return Finding.ok(check, "libvirt is not asked: libvirt.uri is empty");
        }
        String uri = situation.agent().map(agent -> agent.libvirt().uri()).orElse("qemu:///system");
        Optional<Host.Result> said = situation.host().run("virsh", "--readonly", "--connect", uri, "version");
        if (said.isEmpty() || said.get().status() != 0) {
            return Finding.unknown(check, "virsh cannot say which libvirt and QEMU there are");
        }
        Matcher libvirt = LIBVIRT.matcher(said.get().output());
        Matcher qemu = QEMU.matcher(said.get().output());
        if (!libvirt.find() || !qemu.find()) {
            return Finding.unknown(check, "virsh does not tell libvirt's and QEMU's versions");
        }
        String both = "libvirt " + libvirt.group(1) + "." + libvirt.group(2) + ", QEMU " + qemu.group(1) + "."
                + qemu.group(2);
        boolean tested =
                Integer.parseInt(libvirt.group(1)) >= OLDEST_LIBVIRT && Integer.parseInt(qemu.group(1)) >= OLDEST_QEMU;
        return tested
                ? Finding.ok(check, both)
                : Finding.problem(
                        check,
                        both + " are older than what rdpmux is tested with",
                        "expect libvirt " + OLDEST_LIBVIRT + " and QEMU " + OLDEST_QEMU + " or newer");
    }
}
