// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.verify;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rdpmux.control.AgentReport;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.Request;
import org.rdpmux.daemon.consoles.FakeGuest;
import org.rdpmux.librdpmux.GuestControl;
import org.rdpmux.librdpmux.GuestRegistration;
import org.rdpmux.libvirt.DomainEvent;

/** The agent and guests built with librdpmux. */
@Timeout(120)
class AgentGuestsTest extends AgentFixture {

    @Test
    void aGuestOfItsOwnHasAnEndpointThatItsControlKnows() throws Exception {
        configureWith("librdpmux.unmanaged = yes\nsecurity.policy = none\n");
        start();
        verify(service).start();
        GuestRegistration guest = FakeGuest.of(OTHER).build();
        GuestControl control = registry.registered(guest);
        assertEquals(List.of(), list(), "before libvirt was heard it may be a domain");
        tell(new DomainEvent.Listed());
        ConsoleReport console = console(OTHER.toString());
        assertTrue(accepts(console));
        assertEquals("registered", console.origin());
        assertEquals("librdpmux 5", console.display());
        assertEquals(console.port(), control.port());
        assertEquals(0, control.connectedPeers());
        assertFalse(control.requiresAuthentication());
        assertThrows(IllegalArgumentException.class, () -> control.setAuthentication(true));
        assertThrows(IllegalArgumentException.class, () -> control.setCredentialFile("relative"));
        control.setCredentialFile("/no/such.sam");
        control.setAuthentication(true);
        assertTrue(control.requiresAuthentication());
        assertEquals(console.port(), control.port());

        control.shutdown();
        assertEquals(0, control.port());
        assertFalse(accepts(console));
        assertTrue(console(OTHER.toString()).problem().contains("shut down"));
        registry.gone(guest);
        assertEquals(List.of(), list());
        registry.registered(FakeGuest.of(OTHER).build());
        assertEquals(console.port(), console(OTHER.toString()).port());
    }

    @Test
    void aDomainWhoseGuestRegistersKeepsItsEndpointAndFallsBack() throws Exception {
        configureWith("libvirt.uri = test:///default\n");
        start();
        GuestRegistration early = FakeGuest.of(DEMO).runsDomain(directory).build();
        try {
            registry.registered(early);
            tell(new DomainEvent.Listed(), new DomainEvent.Defined(domain(DEMO, "demo", false, 0)));
            assertEquals("", console("demo").uri(), "registration alone starts no domain");
            tell(started(DEMO, "demo", 1));
            ConsoleReport served = console("demo");
            assertEquals("librdpmux 5", served.display());
            assertTrue(accepts(served));
            registry.gone(early);
            assertEquals("VNC display", console("demo").display());
            assertEquals(served.port(), console("demo").port());
            registry.registered(early);
            assertEquals("librdpmux 5", console("demo").display());
            assertEquals(served.port(), console("demo").port());
        } finally {
            FakeGuest.end(early);
        }
    }

    @Test
    void goesOnWithoutTheServiceForGuestsAndSaysSo() throws Exception {
        doThrow(new IOException("the path is too long")).when(service).start();
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "demo", 1));
        assertTrue(accepts(console("demo")));
        assertEquals(
                List.of("guests built with librdpmux cannot register: the path is too long"),
                ask(new Request.AgentStatus(), AgentReport.class).warnings());
    }

    @Test
    void guestsBuiltWithLibrdpmuxCanBeLeftAlone() throws Exception {
        configureWith("librdpmux.enabled = no\n");
        start();
        assertNull(registry);
    }
}
