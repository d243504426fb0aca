// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import java.time.Instant;
import java.util.Locale;
import org.rdpmux.control.EventReport;
import org.rdpmux.daemon.endpoint.Addresses;
import org.rdpmux.daemon.event.AgentEvent;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.ViewerStatus;

/** Events as the control API reports them. */
final class EventReports {

    private EventReports() {}

    /** What tells an event from others. */
    record Stamp(String id, Instant time) {}

    /** @param name of the console it is about; empty if there is none */
    static EventReport report(Stamp stamp, AgentEvent event, String name) {
        if (event instanceof AgentEvent.OfConsole of) {
            return ofConsole(new Line(stamp, name, of.console().accessId()), of);
        }
        Line line = new Line(stamp, "", "");
        if (event instanceof AgentEvent.AccessDecided decided) {
            return access(line, decided.decision());
        }
        if (event instanceof AgentEvent.ConfigurationReloaded reloaded) {
            return line.plain("configuration-reloaded", String.join("; ", reloaded.messages()));
        }
        if (event instanceof AgentEvent.ConfigurationRefused refused) {
            return line.plain("configuration-refused", String.join("; ", refused.problems()));
        }
        if (event instanceof AgentEvent.LibvirtConnected connected) {
            return line.plain("libvirt-connected", connected.uri() + " answers");
        }
        if (event instanceof AgentEvent.LibvirtDisconnected disconnected) {
            return line.plain("libvirt-disconnected", disconnected.uri() + ": " + disconnected.reason());
        }
        if (event instanceof AgentEvent.ProblemFound found) {
            return line.plain("problem-found", found.problem());
        }
        if (event instanceof AgentEvent.ProblemSolved solved) {
            return line.plain("problem-solved", solved.problem());
        }
        throw new IllegalStateException("an event without a report: " + event);
    }

    /** @param count how many; -1 if that is not known */
    static EventReport lost(Stamp stamp, long count) {
        String what = count < 0 ? "the agent was started anew" : count + " events are not to be had any more";
        return new EventReport(
                stamp.id(),
                stamp.time().toString(),
                EventReport.LOST,
                "",
                "",
                "",
                "",
                0,
                "",
                "",
                count,
                what + "; look up anew what you know from events");
    }

    private static EventReport ofConsole(Line line, AgentEvent.OfConsole event) {
        if (event instanceof AgentEvent.ConsoleAppeared appeared) {
            return line.state("console-appeared", appeared.state(), "is known now");
        }
        if (event instanceof AgentEvent.ConsoleChanged changed) {
            return line.state("console-changed", changed.state(), "has changed");
        }
        if (event instanceof AgentEvent.ConsoleGone) {
            return line.state("console-gone", "", "is not known any more");
        }
        if (event instanceof AgentEvent.DisplayChanged changed) {
            ConsoleStatus status = changed.status();
            String state = status.state().name().toLowerCase(Locale.ROOT);
            String size = status.width() == 0 ? "" : ", " + status.width() + "x" + status.height();
            String reason = status.reason().isEmpty() ? "" : ": " + status.reason();
            return line.state("display-changed", state, "the display is " + state + size + reason);
        }
        if (event instanceof AgentEvent.EndpointOpened opened) {
            return line.endpoint("endpoint-opened", Addresses.uri(opened.address()), "clients can connect to ");
        }
        if (event instanceof AgentEvent.EndpointClosed closed) {
            return line.endpoint(
                    "endpoint-closed", Addresses.uri(closed.address()), "clients can no longer connect to ");
        }
        if (event instanceof AgentEvent.EndpointFailed failed) {
            return line.state("endpoint-failed", "", failed.problem());
        }
        if (event instanceof AgentEvent.ViewerJoined joined) {
            return line.viewer("viewer-joined", joined.viewer(), "sees the console");
        }
        if (event instanceof AgentEvent.ViewerLeft left) {
            return line.viewer("viewer-left", left.viewer(), "has left");
        }
        throw new IllegalStateException("an event without a report: " + event);
    }

    private static EventReport access(Line line, AuditEvent decision) {
        AuditEvent.Subject subject = decision.subject();
        String user = subject.account().isEmpty() ? subject.claimed() : subject.account();
        String result = decision.reason().equals(AuditEvent.OK) ? "allowed" : "refused, " + decision.reason();
        return new EventReport(
                line.stamp.id(),
                line.stamp.time().toString(),
                "access",
                decision.place().console(),
                "",
                "",
                "",
                0,
                user,
                decision.place().source(),
                0,
                decision.action() + (user.isEmpty() ? "" : " of '" + user + "'") + " from "
                        + decision.place().source() + ": " + result);
    }

    /** What all reports of one event share. */
    private record Line(Stamp stamp, String console, String consoleId) {

        EventReport plain(String event, String detail) {
            return state(event, "", detail);
        }

        EventReport state(String event, String state, String detail) {
            return new EventReport(
                    stamp.id(), stamp.time().toString(), event, console, consoleId, state, "", 0, "", "", 0, detail);
        }

        EventReport endpoint(String event, String uri, String before) {
            return new EventReport(
                    stamp.id(),
                    stamp.time().toString(),
                    event,
                    console,
                    consoleId,
                    "",
                    uri,
                    0,
                    "",
                    "",
                    0,
                    before + uri);
        }

        EventReport viewer(String event, ViewerStatus viewer, String after) {
            String address = Reports.address(viewer.remote());
            String who = viewer.user().isEmpty() ? address : viewer.user() + " from " + address;
            return new EventReport(
                    stamp.id(),
                    stamp.time().toString(),
                    event,
                    console,
                    consoleId,
                    "",
                    "",
                    viewer.id(),
                    viewer.user(),
                    address,
                    0,
                    "viewer " + viewer.id() + ", " + who + ", " + after);
        }
    }
}
