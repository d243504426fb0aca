// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.nio.CharBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
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

    private static final NtHash EMPTY = ofPassword(new char[0]);

    private final byte[] hash;

    private NtHash(byte[] hash) {
        this.hash = hash;
    }

    /**
     * The hash of {@code password} in Unicode's composed form (NFC). The array stays the caller's to wipe.
     *
     * @throws IllegalArgumentException if it has more than {@link #MAX_PASSWORD} characters
     */
    public static NtHash ofPassword(char[] password) {
        if (password.length > MAX_PASSWORD) {
            throw new IllegalArgumentException("a password has at most " + MAX_PASSWORD + " characters");
        }
        CharBuffer typed = CharBuffer.wrap(password);
        if (!Normalizer.isNormalized(typed, Normalizer.Form.NFC)) {
            // Keyboards of clients give composed letters; some shells' decompose them.
            char[] composed = Normalizer.normalize(typed, Normalizer.Form.NFC).toCharArray();
            NtHash hash = ofComposed(composed);
            Arrays.fill(composed, '\0');
            return hash;
        }
        return ofComposed(password);
    }

    private static NtHash ofComposed(char[] password) {
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
        byte[] hash = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            hash[i] = (byte) (digit(hex.charAt(2 * i)) << 4 | digit(hex.charAt(2 * i + 1)));
        }
        return new NtHash(hash);
    }

    /** Reads 32 hexadecimal digits that begin at {@code offset} of {@code ascii}, where 32 bytes are. */
    static NtHash parseAscii(byte[] ascii, int offset) {
        byte[] hash = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            hash[i] = (byte) (digit((char) ascii[offset + 2 * i]) << 4 | digit((char) ascii[offset + 2 * i + 1]));
        }
        return new NtHash(hash);
    }

    private static int digit(char character) {
        int value = character < 0x80 ? Character.digit(character, 16) : -1;
        if (value < 0) {
            throw new IllegalArgumentException("an NT hash has hexadecimal digits only");
        }
        return value;
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
        byte[] digits = new byte[2 * SIZE];
        for (int i = 0; i < SIZE; i++) {
            digits[2 * i] = (byte) Character.forDigit(hash[i] >> 4 & 0xF, 16);
            digits[2 * i + 1] = (byte) Character.forDigit(hash[i] & 0xF, 16);
        }
        return digits;
    }

    /** Whether it is the hash of no characters at all: nobody may log in with that. */
    boolean isOfEmptyPassword() {
        return matches(EMPTY);
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
