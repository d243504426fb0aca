// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.rdpmux.control.ConsoleReport;
import org.rdpmux.control.ViewerReport;
import org.rdpmux.daemon.endpoint.Addresses;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.server.Console;
import org.rdpmux.server.ConsoleStatus;
import org.rdpmux.server.Endpoint;
import org.rdpmux.server.ViewerStatus;

/** Consoles as the control API reports them. */
public final class Reports {

    private Reports() {}

    public static ConsoleReport console(EndpointManager.State state, Clock clock) {
        KnownConsole known = state.known();
        Optional<ConsoleStatus> status = state.console().map(Console::status);
        Optional<InetSocketAddress> address = state.endpoint().map(Endpoint::address);
        return new ConsoleReport(
                known.name(),
                known.id() instanceof ConsoleId.OfDomain domain ? domain.uuid().toString() : "",
                known.id() instanceof ConsoleId.OfVm vm ? vm.vmid() : 0,
                known.origin().name().toLowerCase(Locale.ROOT),
                known.state(),
                address.map(Addresses::uri).orElse(""),
                address.map(Addresses::host).orElse(""),
                address.map(InetSocketAddress::getPort).orElse(0),
                state.endpoint().map(Addresses::access).orElse(""),
                state.endpoint()
                        .flatMap(endpoint -> endpoint.policy().ownIdentity().get())
                        .map(TlsIdentity::fingerprint)
                        .orElse(""),
                state.endpoint()
                        .map(endpoint -> Addresses.openWith(endpoint, Addresses.ANY_USER))
                        .orElse(""),
                known.display().map(offer -> offer.description()).orElse(""),
                status.map(s -> s.state().name().toLowerCase(Locale.ROOT)).orElse(""),
                state.problem().isEmpty() ? status.map(ConsoleStatus::reason).orElse("") : state.problem(),
                status.map(ConsoleStatus::width).orElse(0),
                status.map(ConsoleStatus::height).orElse(0),
                status.map(s -> s.counters().frames()).orElse(0L),
                status.map(s -> s.counters().videoFrames()).orElse(0L),
                status.map(s -> s.counters().inputEvents()).orElse(0L),
                viewers(state, clock));
    }

    /** The clients that see a console. */
    public static List<ViewerReport> viewers(EndpointManager.State state, Clock clock) {
        return state.console().map(Console::viewers).orElse(List.of()).stream()
                .map(viewer -> viewer(viewer, clock))
                .toList();
    }

    static String address(InetSocketAddress remote) {
        String host = remote.getAddress() == null
                ? remote.getHostString()
                : remote.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + remote.getPort();
    }

    private static ViewerReport viewer(ViewerStatus viewer, Clock clock) {
        return new ViewerReport(
                viewer.id(),
                address(viewer.remote()),
                viewer.clientName(),
                viewer.user(),
                viewer.viewOnly(),
                Math.max(0, Duration.between(viewer.since(), clock.instant()).toSeconds()),
                viewer.width(),
                viewer.height(),
                viewer.bitsPerPixel(),
                viewer.bytesSent(),
                viewer.framesSent(),
                viewer.codecs().stream().map(Object::toString).toList(),
                viewer.state().name().toLowerCase(Locale.ROOT),
                micros(viewer.latencyNanos()),
                micros(viewer.roundTripNanos()));
    }

    private static long micros(OptionalLong nanos) {
        return nanos.isPresent() ? nanos.getAsLong() / 1000 : -1;
    }
}
