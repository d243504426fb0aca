// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateHealthTest {

    /** At noon, so that the date is the same in most places. */
    private static final Instant MADE = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    static Path directory;

    private static TlsIdentity identity;

    @BeforeAll
    static void make() throws Exception {
        identity = CertificateStore.inDirectory(
                        directory, List.of("kvm1.example.org", "192.0.2.7", "2001:db8::7"), MADE)
                .current();
    }

    private static List<String> after(int days) {
        return CertificateHealth.ofTime(identity, MADE.plus(Duration.ofDays(days)));
    }

    @Test
    void tellsOfTimesAtWhichClientsRefuse() {
        assertEquals(List.of(), after(0));
        assertEquals(List.of("is not valid before 2026-11-21"), after(-2));
        assertEquals(List.of(), after(3650 - 30));
        assertEquals(List.of("expires on 2036-11-19, in 29 days"), after(3650 - 29));
        assertEquals(List.of("expired on 2036-11-19"), after(3651));
    }

    @ParameterizedTest
    @CsvSource({"kvm1.example.org,192.0.2.1", "KVM1,192.0.2.1", "other,192.0.2.7", "other,2001:db8::7", "other,0.0.0.0"
    })
    void aCertificateIsForAHostOfThatNameOrAddress(String host, String address) throws Exception {
        assertEquals(Optional.empty(), CertificateHealth.ofName(identity, host, InetAddress.getByName(address)));
    }

    @Test
    void tellsOfACertificateForAnotherHost() throws Exception {
        assertEquals(
                Optional.of(
                        "is for kvm1.example.org, 192.0.2.7, 2001:db8:0:0:0:0:0:7, but this host calls itself kvm2 and"
                                + " listens on 192.0.2.8"),
                CertificateHealth.ofName(identity, "kvm2", InetAddress.getByName("192.0.2.8")));
    }
}
