// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.MD4Digest;

/**
 * What NTLM keeps of a password: MD4 of its UTF-16LE form, without salt ([MS-NLMP] 3.3.1 NTOWFv1). Whoever has the hash can
 * log in with it, so it is a secret like the password itself, and a short password is found from it quickly.
 *
 * <p>Immutable but for {@link #wipe()}; {@link #toString()} shows nothing.
 */
public final class NtHash {

    public static final int SIZE = 16;

    /** Windows ends at 256; nobody types more. */
    public static final int MAX_PASSWORD = 512;

    private final byte[] hash;

    private NtHash(byte[] hash) {
        this.hash = hash;
    }

    /**
     * The hash of {@code password}, which stays the caller's to wipe.
     *
     * @throws IllegalArgumentException if it has more than {@link #MAX_PASSWORD} characters
     */
    public static NtHash ofPassword(char[] password) {
        if (password.length > MAX_PASSWORD) {
            throw new IllegalArgumentException("a password has at most " + MAX_PASSWORD + " characters");
        }
        byte[] encoded = new byte[password.length * 2];
        for (int i = 0; i < password.length; i++) {
            encoded[2 * i] = (byte) password[i];
            encoded[2 * i + 1] = (byte) (password[i] >> 8);
        }
        MD4Digest md4 = new MD4Digest();
        md4.update(encoded, 0, encoded.length);
        byte[] hash = new byte[SIZE];
        md4.doFinal(hash, 0);
        Arrays.fill(encoded, (byte) 0);
        return new NtHash(hash);
    }

    /**
     * Reads 32 hexadecimal digits.
     *
     * @throws IllegalArgumentException with a sentence that does not repeat the text
     */
    public static NtHash parse(CharSequence hex) {
        if (hex.length() != 2 * SIZE) {
            throw new IllegalArgumentException("an NT hash has 32 hexadecimal digits, not " + hex.length());
        }
        try {
            return new NtHash(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException e) {
            // The JDK's message quotes the text.
            throw new IllegalArgumentException("an NT hash has 32 hexadecimal digits", null);
        }
    }

    /** A hash of no password that anybody knows, for users that do not exist. */
    public static NtHash decoy(SecureRandom random) {
        byte[] hash = new byte[SIZE];
        random.nextBytes(hash);
        return new NtHash(hash);
    }

    /** A copy of the 16 bytes, the caller's to wipe. */
    public byte[] bytes() {
        return hash.clone();
    }

    /** 32 lower-case hexadecimal digits in ASCII, for the files that keep it; the caller's to wipe. */
    public byte[] hex() {
        char[] digits = new char[2 * SIZE];
        for (int i = 0; i < SIZE; i++) {
            digits[2 * i] = Character.forDigit(hash[i] >> 4 & 0xF, 16);
            digits[2 * i + 1] = Character.forDigit(hash[i] & 0xF, 16);
        }
        ByteBuffer encoded = StandardCharsets.US_ASCII.encode(CharBuffer.wrap(digits));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), (byte) 0);
        Arrays.fill(digits, '\0');
        return bytes;
    }

    /** Whether both are the same; takes as long if they are not. */
    public boolean matches(NtHash other) {
        return MessageDigest.isEqual(hash, other.hash);
    }

    /** Overwrites the hash; what is derived from it afterwards is useless. */
    public void wipe() {
        Arrays.fill(hash, (byte) 0);
    }

    @Override
    public String toString() {
        return "NtHash[hidden]";
    }
}
