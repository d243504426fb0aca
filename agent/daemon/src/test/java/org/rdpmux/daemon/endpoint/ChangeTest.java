// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.rdpmux.daemon.endpoint.Consoles.display;
import static org.rdpmux.daemon.endpoint.Consoles.id;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.server.EndpointPolicy;

class ChangeTest {

    private static EndpointSpec.Place place(int port) {
        return new EndpointSpec.Place(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), EndpointPolicy.open());
    }

    private static EndpointSpec spec(String name, String display, int port) {
        return new EndpointSpec(name, display(display), Optional.of(place(port)));
    }

    @Test
    void whatIsAsWantedNeedsNoChange() {
        assertEquals(
                List.of(), Change.diff(Map.of(id(1), spec("a", "vnc:1", 1)), Map.of(id(1), spec("a", "vnc:1", 1))));
        assertEquals(List.of(), Change.diff(Map.of(), Map.of()));
    }

    @Test
    void opensWhatIsMissingAndClosesWhatIsTooMuch() {
        assertEquals(
                List.of(
                        new Change.Close(id(1)),
                        new Change.Open(id(2), "b", display("vnc:2")),
                        new Change.Listen(id(2), place(2))),
                Change.diff(Map.of(id(2), spec("b", "vnc:2", 2)), Map.of(id(1), spec("a", "vnc:1", 1))));
    }

    @Test
    void aRenameOrAnotherDisplayKeepsTheEndpoint() {
        assertEquals(
                List.of(new Change.Rename(id(1), "b"), new Change.Redisplay(id(1), display("librdpmux:7"))),
                Change.diff(Map.of(id(1), spec("b", "librdpmux:7", 1)), Map.of(id(1), spec("a", "vnc:1", 1))));
    }

    @Test
    void twoConsolesCanSwapTheirPorts() {
        assertEquals(
                List.of(
                        new Change.Unlisten(id(1)),
                        new Change.Unlisten(id(2)),
                        new Change.Listen(id(1), place(2)),
                        new Change.Listen(id(2), place(1))),
                Change.diff(
                        Map.of(id(1), spec("a", "vnc:1", 2), id(2), spec("b", "vnc:2", 1)),
                        Map.of(id(1), spec("a", "vnc:1", 1), id(2), spec("b", "vnc:2", 2))));
    }

    @Test
    void whatCouldNotListenTriesAgain() {
        EndpointSpec deaf = new EndpointSpec("a", display("vnc:1"), Optional.empty());
        assertEquals(
                List.of(new Change.Listen(id(1), place(1))),
                Change.diff(Map.of(id(1), spec("a", "vnc:1", 1)), Map.of(id(1), deaf)));
    }

    @Test
    void aClosedConsolesPortIsFreeForTheNext() {
        List<Change> changes = Change.diff(
                Map.of(id(1), spec("a", "vnc:1", 7), id(3), spec("c", "vnc:3", 8)),
                Map.of(id(1), spec("a", "vnc:1", 8), id(2), spec("b", "vnc:2", 7)));
        assertEquals(
                List.of(
                        new Change.Close(id(2)),
                        new Change.Unlisten(id(1)),
                        new Change.Open(id(3), "c", display("vnc:3")),
                        new Change.Listen(id(1), place(7)),
                        new Change.Listen(id(3), place(8))),
                changes);
    }
}
