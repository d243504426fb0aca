// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.security.Mutations;

class SamFileTest {

    private static final Moment NOW = new Moment(Instant.parse("2026-11-22T12:00:00Z"), 7);
    private static final ConsoleRef CONSOLE = new ConsoleRef("id", "web");
    private static final String SECRET = "878d8014606cda29677a44efa1353fc7";
    private static final String PASSWORD = "a4f49c406510bdcab6824ee7c30fd852";

    @Test
    void readsWhatWinprWrites() throws IOException {
        SamFile sam = parse("bob:::" + SECRET + ":::\n");

        assertTrue(secret(find(sam, "bob", "")));
        assertEquals(Optional.empty(), find(sam, "bob", "").denial(NOW));
    }

    @Test
    void looksForTheUserWithDomainThenWithout() throws IOException {
        SamFile sam = parse("bob:::" + SECRET + ":::\nbob:WORK::" + PASSWORD + ":::\n");

        assertFalse(secret(find(sam, "bob", "WORK")));
        assertTrue(secret(find(sam, "bob", "OTHER")));
        assertTrue(secret(find(sam, "bob", "")));
    }

    @Test
    void comparesNamesExactly() throws IOException {
        SamFile sam = parse("bob:WORK::" + SECRET + ":::\n");

        for (Claim claim :
                List.of(new Claim("Bob", "WORK", ""), new Claim("bob", "work", ""), new Claim("bob", "", ""))) {
            List<Credential> found = sam.find(claim, request(CONSOLE), NOW);
            assertEquals(1, found.size(), "known and unknown users take the same steps");
            assertEquals(
                    Optional.of(Credential.Denial.NO_SUCH_USER), found.get(0).denial(NOW));
        }
    }

    @Test
    void takesTheFirstOfSeveralLines() throws IOException {
        assertTrue(secret(find(parse("b:::" + SECRET + ":::\nb:::" + PASSWORD + ":::"), "b", "")));
        assertFalse(secret(find(parse("b:::::: \nb:::" + SECRET + ":::"), "b", "")));
    }

    @Test
    void skipsCommentsShortLinesAndCarriageReturns() throws IOException {
        SamFile sam = parse("# bob:::x\n\n \nalice::" + PASSWORD + ":" + SECRET + ":::\r\n");

        assertEquals(1, sam.size());
        assertTrue(secret(find(sam, "alice", "")));
    }

    @Test
    void letsNobodyInWithAnEmptyPassword() throws IOException {
        Credential bob = find(parse("bob:::31d6cfe0d16ae931b73c59d7e0c089c0:::"), "bob", "");

        assertEquals(Optional.of(Credential.Denial.EMPTY_PASSWORD), bob.denial(NOW));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bob|expected user:domain:LM hash:NT hash:::",
                "bob:::" + SECRET + "|expected user:domain:LM hash:NT hash:::",
                "bob:::878d:::|the NT hash has 4 digits; expected 32 or none",
                "bob::1:" + SECRET + ":::|the LM hash has 1 digits; expected 32 or none",
                "bob:::878d8014606cda29677a44efa1353fcX:::|an NT hash has hexadecimal digits only",
                ":::" + SECRET + ":::|the user is empty"
            })
    void namesTheLineOfAnError(String line, String error) {
        IOException refused = assertThrows(IOException.class, () -> parse("a:::" + SECRET + ":::\n" + line));

        assertEquals("line 2: " + error, refused.getMessage());
    }

    @Test
    void refusesFilesThatEverybodyMayRead(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("SAM"), "bob:::" + SECRET + ":::\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals(1, SamFile.read(file).size());

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThrows(IOException.class, () -> SamFile.read(file));
    }

    @Test
    void survivesDamage() {
        Mutations mutations = new Mutations(2);
        byte[] file = ("#\nbob:::" + SECRET + ":::\nal:D:" + SECRET + ":" + PASSWORD + ":::\n")
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 5000; i++) {
            byte[] damaged = mutations.of(file);
            try {
                assertEquals(
                        1,
                        SamFile.parse(damaged)
                                .find(new Claim("bob", "", ""), request(CONSOLE), NOW)
                                .size());
            } catch (IOException refused) {
                assertFalse(refused.getMessage().contains("606cda29"), "quotes a hash");
            }
        }
    }

    private static Credential find(SamFile sam, String user, String domain) {
        return sam.find(new Claim(user, domain, ""), request(CONSOLE), NOW).get(0);
    }

    private static boolean secret(Credential credential) {
        return credential.ntHash().matches(NtHash.parse(SECRET));
    }

    private static SamFile parse(String text) throws IOException {
        return SamFile.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static LoginRequest request(ConsoleRef console) {
        return new LoginRequest(new InetSocketAddress("192.0.2.1", 5), console, Authentication.NLA, NOW);
    }
}
