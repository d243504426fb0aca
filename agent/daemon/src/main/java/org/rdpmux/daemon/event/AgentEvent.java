// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.event;

import java.net.InetSocketAddress;
import java.util.List;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.ViewerStatus;

/** Something that happened in the agent. Plain values, the same for every subscriber. */
public sealed interface AgentEvent {

    /** Something about one console. */
    sealed interface OfConsole extends AgentEvent {
        ConsoleId console();
    }

    /** Somebody told of a console; {@code state} is its guest's for people, such as {@code running}, and may be empty. */
    record ConsoleAppeared(ConsoleId console, String name, String state) implements OfConsole {}

    /** A console has another name, guest state or display. */
    record ConsoleChanged(ConsoleId console, String name, String state) implements OfConsole {}

    /** Nobody knows of the console any more. */
    record ConsoleGone(ConsoleId console, String name) implements OfConsole {}

    /** The display of a console was connected, has another size, or ended. */
    record DisplayChanged(ConsoleId console, ConsoleStatus status) implements OfConsole {}

    /** Clients can connect to a console. */
    record EndpointOpened(ConsoleId console, InetSocketAddress address) implements OfConsole {}

    /** Clients can no longer connect there. */
    record EndpointClosed(ConsoleId console, InetSocketAddress address) implements OfConsole {}

    /** A console has no endpoint; {@code problem} is a sentence. Told once for each problem. */
    record EndpointFailed(ConsoleId console, String problem) implements OfConsole {}

    /** A client sees the console now. */
    record ViewerJoined(ConsoleId console, ViewerStatus viewer) implements OfConsole {}

    /** A client that saw the console has left it. */
    record ViewerLeft(ConsoleId console, ViewerStatus viewer) implements OfConsole {}

    /** A log-in was decided, or users, tickets or lock-outs were changed. */
    record AccessDecided(AuditEvent decision) implements AgentEvent {}

    /** The configuration was read again; the sentences say with what effect. */
    record ConfigurationReloaded(List<String> messages) implements AgentEvent {}

    /** The configuration was read again, is wrong, and was left as it was. */
    record ConfigurationRefused(List<String> problems) implements AgentEvent {}

    /** libvirt answers and has told of its domains. */
    record LibvirtConnected(String uri) implements AgentEvent {}

    /** libvirt does not answer; {@code reason} is a sentence. */
    record LibvirtDisconnected(String uri, String reason) implements AgentEvent {}

    /** Something that somebody should look at, a sentence. */
    record ProblemFound(String problem) implements AgentEvent {}

    /** What was found is no problem any more. */
    record ProblemSolved(String problem) implements AgentEvent {}
}
