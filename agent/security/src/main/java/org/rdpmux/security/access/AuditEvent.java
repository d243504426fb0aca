// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One decision about access, or one use of what was granted, for people and machines that read logs. {@link #line()} never
 * spans lines and never holds a secret.
 *
 * @param time of the decision
 * @param action what it was about
 * @param reason {@code ok}, or why not, one word such as {@code wrong-credentials}
 * @param subject whom it was about
 * @param place where
 * @param took from the first byte of a connection, or zero
 * @param copied what went through the clipboard, or was typed
 */
public record AuditEvent(
        Instant time,
        Action action,
        String reason,
        Subject subject,
        Place place,
        Duration took,
        Optional<Copied> copied) {

    /** {@link #reason} of what was allowed. */
    public static final String OK = "ok";

    public AuditEvent {
        Objects.requireNonNull(time);
        Objects.requireNonNull(action);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(place);
        Objects.requireNonNull(took);
        Objects.requireNonNull(copied);
    }

    /** A decision about access. */
    public AuditEvent(Instant time, Action action, String reason, Subject subject, Place place, Duration took) {
        this(time, action, reason, subject, place, took, Optional.empty());
    }

    /** What a decision is about. */
    public enum Action {
        /** Somebody wants to see a console. */
        LOGIN("login"),
        TICKET_ISSUED("ticket-issued"),
        TICKET_REVOKED("ticket-revoked"),
        USER_CHANGED("user-changed"),
        USER_REMOVED("user-removed"),
        LOCK_LIFTED("lock-lifted"),
        /** Somebody took a picture of a console by the control API. */
        SCREENSHOT("screenshot"),
        /** Somebody typed by the control API. */
        INPUT("input"),
        CLIPBOARD_TO_GUEST("clipboard-to-guest"),
        CLIPBOARD_TO_CLIENT("clipboard-to-client");

        private final String text;

        Action(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Whom a decision is about; strings are empty where unknown.
     *
     * @param account proven, as the store spells it
     * @param claimed as the client sent it
     * @param store that holds the account's secret
     * @param role granted
     */
    public record Subject(String account, String claimed, String store, String role) {
        public static final Subject UNKNOWN = new Subject("", "", "", "");
    }

    /**
     * How much went through the clipboard, or was typed by the control API; never what.
     *
     * @param times since the event before; the steps of a request
     * @param characters in all, of UTF-16
     */
    public record Copied(int times, long characters) {}

    /**
     * Where, or at whose request; strings are empty where unknown.
     *
     * @param source the client's address; {@code local} for this host itself
     * @param console its name
     * @param method {@code nla}, {@code tls} or {@code none}
     * @param requester whose request it was; empty for a client, or if the agent did it by itself
     */
    public record Place(String source, String console, String method, Optional<Requester> requester) {

        /** At an endpoint. */
        public static Place at(InetSocketAddress source, String console, String method) {
            return new Place(text(source), console, method, Optional.empty());
        }

        /** On this host. */
        public static Place local(String console, Optional<Requester> requester) {
            return new Place("local", console, "", requester);
        }

        private static String text(InetSocketAddress address) {
            String host = address.getAddress() == null
                    ? address.getHostString()
                    : address.getAddress().getHostAddress();
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
        }
    }

    /**
     * Who asked for a change on this host, as the kernel says.
     *
     * @param user the name of {@code uid}; empty if it has none
     * @param pid of the process that asked
     */
    public record Requester(int uid, String user, int pid) {}

    /** The event as names and values, without time, which loggers add. Values are what clients sent, and never empty. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("event", action.toString());
        fields.put("result", reason.equals(OK) ? "allowed" : "refused");
        fields.put("reason", reason.equals(OK) ? "" : reason);
        fields.put("user", subject.account);
        fields.put("claimed", subject.claimed);
        fields.put("source", place.source);
        fields.put("console", place.console);
        fields.put("method", place.method);
        fields.put("store", subject.store);
        fields.put("role", subject.role);
        place.requester.ifPresent(by -> {
            fields.put("by_uid", Integer.toString(by.uid));
            fields.put("by_user", by.user);
            fields.put("by_pid", Integer.toString(by.pid));
        });
        if (!took.isZero()) {
            fields.put("duration_ms", Long.toString(took.toMillis()));
        }
        copied.ifPresent(what -> {
            fields.put("times", Integer.toString(what.times));
            fields.put("characters", Long.toString(what.characters));
        });
        fields.values().removeIf(String::isEmpty);
        return fields;
    }

    /** The event in logfmt, without time. */
    public String line() {
        Logfmt line = new Logfmt();
        fields().forEach(line::add);
        return line.toString();
    }

    @Override
    public String toString() {
        return time + " " + line();
    }
}
