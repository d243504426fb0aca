// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.security.access.AuditEvent.Action;
import org.rdpmux.security.access.AuditEvent.Place;
import org.rdpmux.security.access.AuditEvent.Subject;

class AuditEventTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void saysWhoAskedForAChange() {
        Optional<AuditEvent.Requester> anna = Optional.of(new AuditEvent.Requester(1000, "anna", 4711));
        assertTrue(event("x", Place.local("web", anna))
                .line()
                .endsWith("source=local console=web by_uid=1000 by_user=anna by_pid=4711"));
    }

    @Test
    void isOneLineThatMachinesRead() {
        AuditEvent event = new AuditEvent(
                NOW,
                Action.LOGIN,
                AuditEvent.OK,
                new Subject("alice", "WORK\\Alice", "users-file", "control"),
                Place.at(new InetSocketAddress("192.0.2.1", 50123), "web 1", "nla"),
                Duration.ofMillis(412));

        assertEquals(
                "event=login result=allowed user=alice claimed=\"WORK\\\\Alice\" source=192.0.2.1:50123"
                        + " console=\"web 1\" method=nla store=users-file role=control duration_ms=412",
                event.line());
    }

    @Test
    void saysWhyNot() {
        AuditEvent event = event("mallory", Place.at(new InetSocketAddress("2001:db8::1", 1), "web", "tls"));

        assertEquals(
                "event=login result=refused reason=wrong-credentials claimed=mallory source=[2001:db8:0:0:0:0:0:1]:1"
                        + " console=web method=tls",
                event.line());
    }

    @Test
    void knowsTheAdministratorOfThisHost() {
        assertTrue(event("x", Place.local("", Optional.empty())).line().endsWith("source=local"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nevent=login result=allowed user=root",
                "a\r",
                "\u001b[2J",
                "\u0000",
                "\u0085",
                "\u2028",
                "\u202eevil",
                "\ud800",
                "\udc00\ud800",
                "\ufeff",
                "\u200b",
                "a\" user=root",
                "a\\",
                "\ue000",
                "x=y"
            })
    void aClientCannotWriteIntoTheLog(String name) {
        String line = event(name, Place.local("", Optional.empty())).line();

        assertTrue(
                line.matches("event=login result=refused reason=\\S+ claimed=\"([^\"\\\\]|\\\\.)*\" source=local"),
                line);
        assertTrue(line.chars().allMatch(character -> character >= ' ' && character < 0x7F), line);
    }

    @Test
    void lettersOfAnyScriptAreShownAndLongOnesAreCut() {
        assertTrue(event("жук 猫", Place.local("", Optional.empty())).line().contains("claimed=\"жук 猫\""));
        String cut = event("😀".repeat(300), Place.local("", Optional.empty())).line();
        assertTrue(cut.contains("\"" + "😀".repeat(256) + "...\""), cut);
    }

    private static AuditEvent event(String claimed, Place place) {
        return new AuditEvent(
                NOW, Action.LOGIN, "wrong-credentials", new Subject("", claimed, "", ""), place, Duration.ZERO);
    }
}
