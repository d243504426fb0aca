// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

/**
 * Something that happened in the agent. What an event does not have is empty, or 0.
 *
 * @param id names the event in {@code Last-Event-ID}
 * @param time when the agent heard of it, as ISO 8601 has it, in UTC
 * @param event {@code console-appeared}, {@code console-changed}, {@code console-gone}, {@code display-changed},
 *     {@code endpoint-opened}, {@code endpoint-closed}, {@code endpoint-failed}, {@code viewer-joined}, {@code viewer-left},
 *     {@code access}, {@code configuration-reloaded}, {@code configuration-refused}, {@code libvirt-connected},
 *     {@code libvirt-disconnected}, {@code problem-found}, {@code problem-solved}, or {@code lost}: events before this one are
 *     not to be had any more, so look up anew what you know from them
 * @param console the name of the console it is about
 * @param consoleId what never changes about it: a domain's UUID, or {@code proxmox:VMID}, {@code console:NAME},
 *     {@code guest:KEY}
 * @param state of the guest, or of its display
 * @param uri of the endpoint
 * @param viewer a {@link ViewerReport#id}
 * @param user who joined, left or was let in or not
 * @param address of the client
 * @param lost how many events; -1 if that is not known, since the agent was started anew
 * @param detail the event as a sentence
 */
public record EventReport(
        String id,
        String time,
        String event,
        String console,
        String consoleId,
        String state,
        String uri,
        long viewer,
        String user,
        String address,
        long lost,
        String detail) {

    /** {@link #event} of events that are not to be had any more. */
    public static final String LOST = "lost";
}
