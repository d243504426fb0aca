// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.rdpmux.security.access.NtHash;

/** [MS-NLMP] 4.2.1 common values and 4.2.4 NTLMv2. */
class NtlmVectorsTest {

    private static final String USER = "User";
    private static final String DOMAIN = "Domain";
    private static final NtHash HASH = NtHash.ofPassword("Password".toCharArray());
    private static final byte[] SERVER_CHALLENGE = hex("0123456789abcdef");

    /** 4.2.4.1.3 temp: time 0, client challenge aa..., Domain and Server as NetBIOS names. */
    private static final byte[] TEMP = hex("0101000000000000" + "0000000000000000" + "aaaaaaaaaaaaaaaa" + "00000000"
            + "02000c0044006f006d00610069006e00" + "01000c00530065007200760065007200" + "00000000" + "00000000");

    private static final byte[] RANDOM_SESSION_KEY = hex("55555555555555555555555555555555");

    /** NTOWFv1, 4.2.2.1.2. */
    @Test
    void hashesThePassword() {
        assertArrayEquals(hex("a4f49c406510bdcab6824ee7c30fd852"), HASH.bytes());
    }

    /** NTOWFv2, 4.2.4.1.1. */
    @Test
    void derivesTheResponseKey() {
        assertArrayEquals(hex("0c868a403bfd7a93a3001ef22ef02e3f"), NtlmCrypto.ntowfv2(HASH, USER, DOMAIN));
    }

    /** NTProofStr, 4.2.4.2.2, and session base key, 4.2.4.1.2. */
    @Test
    void derivesProofAndSessionBaseKey() {
        byte[] responseKey = NtlmCrypto.ntowfv2(HASH, USER, DOMAIN);
        byte[] proof = NtlmCrypto.hmacMd5(responseKey, SERVER_CHALLENGE, TEMP);

        assertArrayEquals(hex("68cd0ab851e51c96aabc927bebef6a1c"), proof);
        assertArrayEquals(hex("8de40ccadbc14a82f15cb0ad0de95ca3"), NtlmCrypto.hmacMd5(responseKey, proof));
    }

    /** EncryptedRandomSessionKey, 4.2.4.2.3. */
    @Test
    void encryptsTheRandomSessionKey() {
        assertArrayEquals(
                hex("c5dad2544fc9799094ce1ce90bc9d03e"),
                NtlmCrypto.rc4(hex("8de40ccadbc14a82f15cb0ad0de95ca3"), RANDOM_SESSION_KEY));
    }

    /** GSS_WrapEx, 4.2.4.4: "Plaintext" from client to server. */
    @Test
    void sealsAMessage() {
        NtlmSession client = NtlmSession.ofClient(RANDOM_SESSION_KEY);
        byte[] sealed = client.seal(Utf16.encode("Plaintext"));

        assertEquals(
                "010000007fb38ec5c55d497600000000" + "54e50165bf1936dc996020c1811b0f06fb5f",
                HexFormat.of().formatHex(sealed));
        assertArrayEquals(
                Utf16.encode("Plaintext"),
                NtlmSession.ofServer(RANDOM_SESSION_KEY).unseal(sealed, "message"));
    }

    /** Upper-casing is letter by letter: sharp s stays one letter. */
    @Test
    void upperCasesTheUserOnly() {
        assertArrayEquals(NtlmCrypto.ntowfv2(HASH, "straße", "d"), NtlmCrypto.ntowfv2(HASH, "STRAßE", "d"));
        assertArrayEquals(NtlmCrypto.ntowfv2(HASH, "жук", "d"), NtlmCrypto.ntowfv2(HASH, "ЖУК", "d"));
        assertFalse(Arrays.equals(NtlmCrypto.ntowfv2(HASH, "user", "d"), NtlmCrypto.ntowfv2(HASH, "user", "D")));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
