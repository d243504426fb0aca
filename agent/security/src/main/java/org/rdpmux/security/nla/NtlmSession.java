// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.RC4Engine;

/**
 * [MS-NLMP] 3.4: sealing and signing after NTLM has ended, with extended session security, 128-bit keys and a key exchange.
 * Each direction has its keys, its cipher state and its sequence number.
 */
final class NtlmSession {

    /** 2.2.2.9.2 NTLMSSP_MESSAGE_SIGNATURE: Version (4 bytes), Checksum (8), SeqNum (4). */
    static final int SIGNATURE_SIZE = 16;

    private static final int SIGNATURE_VERSION = 1;
    private static final int CHECKSUM_SIZE = 8;

    private final Direction sending;
    private final Direction receiving;

    /** One direction's keys and state. */
    private static final class Direction {
        final byte[] signingKey;
        final byte[] sealingKey;
        RC4Engine cipher;
        int sequence;

        Direction(byte[] exportedSessionKey, String name) {
            signingKey = key(exportedSessionKey, name + " signing key magic constant\0");
            sealingKey = key(exportedSessionKey, name + " sealing key magic constant\0");
            cipher = NtlmCrypto.rc4(sealingKey);
        }

        private static byte[] key(byte[] exportedSessionKey, String constant) {
            return NtlmCrypto.md5(exportedSessionKey, constant.getBytes(StandardCharsets.US_ASCII));
        }

        byte[] process(byte[] data) {
            byte[] result = new byte[data.length];
            cipher.processBytes(data, 0, data.length, result, 0);
            return result;
        }

        /** 3.4.4.2 MAC over the clear {@code message}; the cipher encrypts the checksum, so the message comes first. */
        byte[] signature(byte[] message) {
            byte[] number = littleEndian(sequence);
            byte[] checksum = Arrays.copyOf(NtlmCrypto.hmacMd5(signingKey, number, message), CHECKSUM_SIZE);
            sequence++;
            return ByteBuffer.allocate(SIGNATURE_SIZE)
                    .put(littleEndian(SIGNATURE_VERSION))
                    .put(process(checksum))
                    .put(number)
                    .array();
        }

        void wipe() {
            Arrays.fill(signingKey, (byte) 0);
            Arrays.fill(sealingKey, (byte) 0);
            // The cipher's own table still told what it would encrypt next.
            cipher = NtlmCrypto.rc4(sealingKey);
        }
    }

    private NtlmSession(Direction sending, Direction receiving) {
        this.sending = sending;
        this.receiving = receiving;
    }

    static NtlmSession ofServer(byte[] exportedSessionKey) {
        return new NtlmSession(
                new Direction(exportedSessionKey, "session key to server-to-client"),
                new Direction(exportedSessionKey, "session key to client-to-server"));
    }

    static NtlmSession ofClient(byte[] exportedSessionKey) {
        return new NtlmSession(
                new Direction(exportedSessionKey, "session key to client-to-server"),
                new Direction(exportedSessionKey, "session key to server-to-client"));
    }

    /** 3.4.3 SEAL: the signature, then the encrypted message. */
    byte[] seal(byte[] message) {
        byte[] sealed = sending.process(message);
        byte[] signature = sending.signature(message);
        return ByteBuffer.allocate(SIGNATURE_SIZE + sealed.length)
                .put(signature)
                .put(sealed)
                .array();
    }

    /** Takes {@link #seal} apart; the caller wipes the result. */
    byte[] unseal(byte[] sealed, String field) {
        if (sealed.length < SIGNATURE_SIZE) {
            throw new NlaException(field + " has " + sealed.length + " bytes, fewer than a signature");
        }
        byte[] message = receiving.process(Arrays.copyOfRange(sealed, SIGNATURE_SIZE, sealed.length));
        if (!MessageDigest.isEqual(receiving.signature(message), Arrays.copyOf(sealed, SIGNATURE_SIZE))) {
            throw new NlaException(Refusal.TAMPERED, field + " has a wrong signature");
        }
        return message;
    }

    /** 3.4.4 GSS_GetMIC: a signature beside the clear message. */
    byte[] sign(byte[] message) {
        return sending.signature(message);
    }

    boolean verify(byte[] message, byte[] signature) {
        return MessageDigest.isEqual(receiving.signature(message), signature);
    }

    /**
     * [MS-SPNG] 3.2.5.1: after mechListMICs were exchanged the ciphers begin anew, as if they had not been; the sequence
     * numbers go on.
     */
    void restartCiphers() {
        sending.cipher = NtlmCrypto.rc4(sending.sealingKey);
        receiving.cipher = NtlmCrypto.rc4(receiving.sealingKey);
    }

    void wipe() {
        sending.wipe();
        receiving.wipe();
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }
}
