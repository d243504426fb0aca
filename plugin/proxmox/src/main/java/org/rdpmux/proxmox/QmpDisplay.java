// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.proxmox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Opens displays through QEMU's monitor: QEMU gets one end of a pair of sockets and serves its display there without asking for
 * a password, as the monitor's client may have it. The password that a management set, and when it expires, stays as it is.
 * Thread safe.
 */
public final class QmpDisplay {

    /**
     * From connecting to the last answer. A monitor serves one client at a time, and Proxmox asks it every few seconds: the
     * greeting comes when that client is done.
     */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Of the descriptor, for QEMU: one that an earlier attempt left there is replaced. */
    private static final String NAME = "rdpmux-display";

    /** {@code {"error": {"class": "GenericError", "desc": "..."}}}. */
    private static final Pattern DESCRIPTION = Pattern.compile("\"desc\": *\"((?:[^\"\\\\]|\\\\.){1,200}+)");

    /** Which display. */
    public enum Protocol {
        VNC("vnc"),
        /** QEMU's D-Bus display, which has to be one with {@code p2p=on}. */
        DBUS("@dbus-display");

        private final String name;

        Protocol(String name) {
            this.name = name;
        }
    }

    private QmpDisplay() {}

    /**
     * Opens a display. Blocks for {@link #PATIENCE} at most; the monitor is free again when this returns.
     *
     * @param monitor the Unix socket of QEMU's monitor
     * @return the descriptor of a connected socket that does not block, the caller's to close
     * @throws IOException with a sentence that says what QEMU or the system said
     */
    public static int open(Path monitor, Protocol protocol) throws IOException {
        return open(monitor, protocol, PATIENCE);
    }

    static int open(Path monitor, Protocol protocol, Duration patience) throws IOException {
        int[] pair = QmpSocket.pair();
        boolean opened = false;
        try (QmpSocket qemu = QmpSocket.connect(monitor, patience)) {
            greet(qemu);
            execute(qemu, "getfd", "\"fdname\": \"" + NAME + "\"", pair[1]);
            execute(
                    qemu,
                    "add_client",
                    "\"protocol\": \"" + protocol.name + "\", \"fdname\": \"" + NAME + "\", \"skipauth\": true",
                    QmpSocket.NO_DESCRIPTOR);
            opened = true;
            return pair[0];
        } catch (IOException e) {
            throw new IOException("QEMU's monitor " + monitor + " " + e.getMessage(), e);
        } finally {
            QmpSocket.close(pair[1]);
            if (!opened) {
                QmpSocket.close(pair[0]);
            }
        }
    }

    private static void greet(QmpSocket qemu) throws IOException {
        String greeting;
        try {
            greeting = qemu.receive();
        } catch (QmpSocket.LateException e) {
            throw new IOException("sent no greeting in time; it serves one client after the other", e);
        }
        if (!greeting.startsWith("{\"QMP\"")) {
            throw new IOException("does not greet as QEMU does");
        }
        execute(qemu, "qmp_capabilities", "", QmpSocket.NO_DESCRIPTOR);
    }

    /** Sends a command and waits for what comes of it. Events come in between. */
    private static void execute(QmpSocket qemu, String command, String arguments, int descriptor) throws IOException {
        qemu.send("{\"execute\": \"" + command + "\", \"arguments\": {" + arguments + "}}", descriptor);
        while (true) {
            String line = qemu.receive();
            // An answer to a command without an id has one member alone.
            if (line.startsWith("{\"return\"")) {
                return;
            }
            if (line.startsWith("{\"error\"")) {
                Matcher description = DESCRIPTION.matcher(line);
                throw new IOException("refused " + command
                        + (description.find() ? ": " + description.group(1).replaceAll("\\p{Cntrl}", "?") : ""));
            }
        }
    }
}
