// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libvirt.Error;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.event.DomainEventType;
import org.libvirt.event.StoppedDetail;
import org.libvirt.jna.virError;

class LibvirtCodesTest {

    /** Where our words are not libvirt's. */
    private static final Map<String, String> OURS = Map.of(
            "NOSTATE", "RUNNING",
            "BLOCKED", "RUNNING",
            "SHUTDOWN", "SHUTTING_DOWN",
            "SHUTOFF", "OFF",
            "PMSUSPENDED", "PM_SUSPENDED");

    private static Error error(int code, int int1, String message) {
        virError raw = new virError();
        raw.code = code;
        raw.level = 2;
        raw.int1 = int1;
        raw.message = message;
        return new Error(raw);
    }

    /** What libvirt 9.0 was seen to say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ABSENT|VIR_ERR_SYSTEM_ERROR|2|Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
                "ABSENT|VIR_ERR_SYSTEM_ERROR|111|Failed to connect socket to '/run/libvirt/libvirt-sock': Connection refused",
                "REFUSED|VIR_ERR_SYSTEM_ERROR|13|Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied",
                "REFUSED|VIR_ERR_AUTH_FAILED|-1|authentication failed: access denied by policy",
                "REFUSED|VIR_ERR_AUTH_CANCELLED|-1|authentication cancelled: user cancelled authentication process",
                "REFUSED|VIR_ERR_AUTH_UNAVAILABLE|-1|authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'",
                "REFUSED|VIR_ERR_ACCESS_DENIED|-1|access denied: 'connect' denied access",
                "WRONG_URI|VIR_ERR_NO_CONNECT|-1|no connection driver available for foo:///bar",
                "WRONG_URI|VIR_ERR_INTERNAL_ERROR|-1|internal error: unexpected QEMU URI path '/nonsense', try qemu:///system",
                "WRONG_URI|VIR_ERR_INVALID_ARG|-1|invalid argument: transport 'foo' not recognized",
                "OTHER|VIR_ERR_INTERNAL_ERROR|-1|internal error: client socket is closed",
                "OTHER|VIR_ERR_SYSTEM_ERROR|-1|cannot read CA certificate",
            })
    void saysWhyThereIsNoConnectionInOneSentence(
            ConnectionFailure.Kind kind, ErrorNumber code, int errno, String message) {
        ConnectionFailure failure = LibvirtCodes.notOpened("qemu:///x", error(code.ordinal(), errno, message + "\n"));
        assertEquals(kind, failure.kind(), failure.message());
        assertTrue(failure.message().contains("qemu:///x"), failure.message());
        assertTrue(failure.message().endsWith(message), failure.message());
        assertFalse(failure.message().contains("\n"));
    }

    @Test
    void numbersAreThoseOfLibvirt() {
        assertEquals(DomainEventType.STOPPED.ordinal(), LibvirtNative.VIR_DOMAIN_EVENT_STOPPED);
        assertEquals(ErrorNumber.VIR_ERR_NO_DOMAIN.ordinal(), LibvirtNative.VIR_ERR_NO_DOMAIN);
        assertEquals(StopReason.DESTROYED, LibvirtCodes.stopReason(StoppedDetail.DESTROYED.ordinal()));
        assertEquals(StopReason.FROM_SNAPSHOT, LibvirtCodes.stopReason(StoppedDetail.FROM_SNAPSHOT.ordinal()));
        for (StoppedDetail detail : StoppedDetail.values()) {
            if (detail != StoppedDetail.UNKNOWN) {
                assertEquals(
                        detail.name(), LibvirtCodes.stopReason(detail.ordinal()).name());
            }
        }
        assertEquals(StopReason.UNKNOWN, LibvirtCodes.stopReason(99));
        for (int reason = 1; reason <= 7; reason++) { // the two lists differ by the "unknown" at the beginning of one
            assertEquals(Optional.of(LibvirtCodes.stopReason(reason - 1)), LibvirtCodes.shutoffReason(reason));
        }
        assertEquals(Optional.empty(), LibvirtCodes.shutoffReason(0));
        for (org.libvirt.DomainInfo.DomainState state : org.libvirt.DomainInfo.DomainState.values()) {
            String ours = LibvirtCodes.state(state.ordinal()).name();
            String theirs = state.name().substring("VIR_DOMAIN_".length());
            assertEquals(OURS.getOrDefault(theirs, theirs), ours);
        }
    }

    @Test
    void backoffGrowsToItsLimitAndIsNeverTheSameForAll() {
        WatcherOptions options =
                new WatcherOptions(Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofSeconds(5));
        long[] most = {100, 200, 400, 800, 1600, 3200, 5000, 5000};
        for (int failures = 0; failures < most.length; failures++) {
            for (int i = 0; i < 50; i++) {
                long millis = Backoff.wait(options, failures).toMillis();
                assertTrue(millis >= most[failures] / 2 && millis <= most[failures], failures + ": " + millis);
            }
        }
        assertTrue(Backoff.wait(options, Integer.MAX_VALUE).compareTo(Duration.ofSeconds(5)) <= 0);
        assertTrue(IntStream.range(0, 50)
                        .mapToLong(i -> Backoff.wait(options, 5).toNanos())
                        .distinct()
                        .count()
                > 1);
    }
}
