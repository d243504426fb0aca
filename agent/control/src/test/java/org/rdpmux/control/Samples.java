// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/** Reports as an agent could give them. */
public final class Samples {

    private Samples() {}

    /** A domain with two viewers. */
    public static ConsoleReport demo() {
        return new ConsoleReport(
                "demo",
                "6d1a3bc2-0000-4000-8000-000000000001",
                0,
                "libvirt",
                "running",
                "rdp://127.0.0.1:3901",
                "127.0.0.1",
                3901,
                "nla",
                "01:ef",
                "xfreerdp /v:127.0.0.1:3901 /u:USER /cert:tofu",
                "VNC display",
                "running",
                "",
                640,
                480,
                1234,
                56,
                17,
                List.of(
                        new ViewerReport(
                                7,
                                "127.0.0.1:40000",
                                "desk",
                                "ann",
                                false,
                                3725,
                                640,
                                480,
                                32,
                                1_250_000,
                                99,
                                List.of("ClearCodec", "H.264"),
                                "active",
                                3400,
                                1200),
                        new ViewerReport(
                                12,
                                "[::1]:40002",
                                "evil\u001b[2J",
                                "",
                                true,
                                5,
                                800,
                                600,
                                16,
                                999,
                                1,
                                List.of(),
                                "slow",
                                -1,
                                -1)));
    }

    /** A domain that has nothing to show. */
    public static ConsoleReport withoutDisplay() {
        return new ConsoleReport(
                "headless",
                "6d1a3bc2-0000-4000-8000-000000000002",
                0,
                "libvirt",
                "running",
                "",
                "",
                0,
                "",
                "",
                "",
                "",
                "",
                "no VNC display; add <graphics type='vnc'/>",
                0,
                0,
                0,
                0,
                0,
                List.of());
    }

    /** A domain that does not run. */
    public static ConsoleReport shutOff() {
        return new ConsoleReport(
                "spare",
                "6d1a3bc2-0000-4000-8000-000000000003",
                0,
                "libvirt",
                "shut off",
                "",
                "",
                0,
                "",
                "",
                "",
                "VNC display",
                "",
                "",
                0,
                0,
                0,
                0,
                0,
                List.of());
    }

    /** An agent that has lost libvirt. */
    public static AgentReport agent() {
        return new AgentReport(
                "0.1.0",
                4711,
                93_784,
                "/etc/rdpmux/rdpmux.conf",
                new AgentReport.Libvirt("qemu:///system", "connecting", "nobody answers", 0),
                1,
                2,
                "ab:cd",
                "OpenH264 2.3.1",
                new AgentReport.Memory(50_000_000, 1_000_000_000, 170_500_000),
                List.of("/var/lib/rdpmux is not writable"));
    }

    /** A ticket as its maker sees it. */
    public static TicketReport ticket() {
        return new TicketReport(
                "7f3kq9wd",
                "ticket-7f3kq9wd",
                Secret.of("0123456789abcdefghjkmnpqrs".toCharArray()),
                "demo",
                "127.0.0.1",
                3901,
                "nla",
                "xfreerdp /v:127.0.0.1:3901 /u:ticket-7f3kq9wd /cert:tofu",
                true,
                120);
    }
}
