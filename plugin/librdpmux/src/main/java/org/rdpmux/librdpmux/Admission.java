// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * Who may register: a living process, under a UUID that no other living process has, with a number no other living process
 * has (or it could show another guest's shared memory as its own), and not under another UUID than the one on its command
 * line. A guest whose process is gone makes way, and so does one that merely says what it runs for one that provably does.
 * Confined to the registry's thread.
 *
 * @param guests that are there
 * @param listener knows what processes provably run
 * @param end ends a guest, for a reason
 */
record Admission(
        GuestIndex guests,
        ProcessTable processes,
        LibrdpmuxConfig.Limits limits,
        GuestListener listener,
        BiConsumer<Guest, String> end) {

    /** A process and the virtual machine that it says it runs. */
    private record Claimant(ProcessIdentity process, Optional<UUID> machine) {}

    /**
     * Ends those who must make way.
     *
     * @return the UUID on the claimant's command line
     * @throws RefusedException if it may not register
     */
    Optional<UUID> admit(GuestClaim claim) throws RefusedException {
        int pid = claim.process().pid();
        if (!processes.isAlive(claim.process())) {
            throw new RefusedException("process " + pid + " has ended");
        }
        Optional<UUID> onCommandLine = CommandLine.uuid(processes.commandLine(pid));
        if (claim.realUuid().isPresent() && onCommandLine.isPresent() && !onCommandLine.equals(claim.realUuid())) {
            throw new RefusedException(
                    "process " + pid + " runs the virtual machine " + onCommandLine.get() + ", not " + claim.uuid());
        }
        Optional<UUID> uuid = claim.realUuid().or(() -> onCommandLine);
        Claimant claimant = new Claimant(claim.process(), uuid);
        makeWay(uuid.map(guests::byUuid).orElse(null), claimant, "its UUID");
        makeWay(guests.byKey(claim.key()), claimant, "its process");
        makeWay(guests.byId(claim.id()), claimant, "its number " + claim.id());
        if (guests.ofProcess(pid) >= limits.guestsPerProcess()) {
            throw new RefusedException("process " + pid + " has " + limits.guestsPerProcess() + " guests already");
        }
        if (guests.size() >= limits.guests()) {
            throw new RefusedException("there are " + guests.size() + " guests already");
        }
        return onCommandLine;
    }

    /** Ends the present holder of something unless that is another process that still runs and has as good a claim. */
    private void makeWay(Guest holder, Claimant claimant, String what) throws RefusedException {
        if (holder == null) {
            return;
        }
        if (holder.process().equals(claimant.process()) || !processes.isAlive(holder.process())) {
            end.accept(holder, "the guest registered again");
            return;
        }
        if (!isProven(claimant) || isProven(new Claimant(holder.process(), holder.uuid()))) {
            throw new RefusedException(
                    what + " belongs to process " + holder.process().pid() + ", which still runs");
        }
        end.accept(
                holder,
                "process " + claimant.process().pid() + " runs the virtual machine "
                        + claimant.machine().orElseThrow() + ", and this one does not");
    }

    private boolean isProven(Claimant claimant) {
        return claimant.machine().isPresent()
                && listener.provablyRuns(claimant.process(), claimant.machine().get());
    }
}
