// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.rdpmux.security.access.AuditEvent;

/**
 * Who asks, as the kernel says.
 *
 * @param pid of the process that connected
 * @param uid it ran as
 * @param user the name of {@code uid}; empty if that is not known
 * @param trusted whether that is root or the agent's own user; others are members of the control group
 */
public record Peer(int pid, int uid, String user, boolean trusted) {

    /** Nobody of whom the kernel says anything. */
    static final Peer UNKNOWN = new Peer(-1, -1, "", false);

    /** Looks up the user's name, by the process. */
    static Peer of(int pid, int uid, boolean trusted) {
        return new Peer(pid, uid, userName(pid, uid), trusted);
    }

    private static String userName(int pid, int uid) {
        try {
            Map<String, Object> process = Files.readAttributes(Path.of("/proc/" + pid), "unix:uid,owner");
            boolean same = process.get("uid").equals(uid); // not if the number belongs to another process by now
            String name = process.get("owner").toString();
            return same && !name.equals(Integer.toString(uid)) ? name : "";
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /** For the audit trail. */
    public AuditEvent.Requester requester() {
        return new AuditEvent.Requester(uid, user, pid);
    }

    @Override
    public String toString() {
        return "user " + (user.isEmpty() ? "" : user + ", ") + uid + " (process " + pid + ")";
    }
}
