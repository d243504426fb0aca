// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NtHashTest {

    /** The first is of [MS-NLMP] 4.2.2.1.2; the others are what winpr-hash prints. */
    @ParameterizedTest
    @CsvSource({
        "Password,a4f49c406510bdcab6824ee7c30fd852",
        "secret,878d8014606cda29677a44efa1353fc7",
        "'',31d6cfe0d16ae931b73c59d7e0c089c0"
    })
    void hashesAsEverybodyDoes(String password, String hex) {
        NtHash hash = NtHash.ofPassword(password.toCharArray());

        assertEquals(hex, new String(hash.hex(), StandardCharsets.US_ASCII));
        assertTrue(hash.matches(NtHash.parse(hex)));
        assertTrue(hash.matches(NtHash.parse(hex.toUpperCase(Locale.ROOT))));
        assertEquals(password.isEmpty(), hash.isOfEmptyPassword());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "878d8014606cda29677a44efa1353fc", "878d8014606cda29677a44efa1353fcg", "\u0661\u0661"})
    void refusesWhatIsNoHashWithoutRepeatingIt(String text) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> NtHash.parse(text));

        assertFalse(!text.isEmpty() && refused.getMessage().contains(text), refused.getMessage());
        assertEquals(null, refused.getCause());
    }

    @Test
    void aPasswordIsTheSameHoweverItsLettersAreComposed() {
        assertTrue(NtHash.ofPassword("Ju\u0308rgen".toCharArray())
                .matches(NtHash.ofPassword("J\u00fcrgen".toCharArray())));
    }

    @Test
    void showsNothingAndForgetsEverything() {
        NtHash hash = NtHash.ofPassword("secret".toCharArray());

        assertEquals("NtHash[hidden]", hash.toString());
        hash.wipe();
        assertArrayEquals(new byte[NtHash.SIZE], hash.bytes());
    }

    @Test
    void refusesEndlessPasswords() {
        assertThrows(IllegalArgumentException.class, () -> NtHash.ofPassword(new char[NtHash.MAX_PASSWORD + 1]));
    }
}
