// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.rdpmux.security.access.NtHash;

/**
 * [MS-NLMP] 3.2: the server's part of one NTLMv2 authentication. NTLMv1, LM and anything without signing, sealing, extended
 * session security and 128-bit keys is refused.
 */
final class NtlmServer {

    static final int CHALLENGE_SIZE = 8;

    /**
     * CHALLENGE_MESSAGE up to its payload: head, TargetName (8), flags (4), challenge (8), reserved (8), TargetInfo (8),
     * version (8).
     */
    private static final int CHALLENGE_HEAD_SIZE = 56;

    /** 100 ns ticks between 1601 and 1970. */
    private static final long FILETIME_EPOCH = 116_444_736_000_000_000L;

    private static final int TICKS_PER_SECOND = 10_000_000;
    private static final int NANOS_PER_TICK = 100;

    /** NEGOTIATE_MESSAGE up to its flags. Some clients send no more. */
    private static final int NEGOTIATE_MIN_SIZE = 16;

    private final ServerNames names;
    private final byte[] serverChallenge = new byte[CHALLENGE_SIZE];
    private final byte[] timestamp;
    private byte[] negotiateMessage;
    private byte[] challengeMessage;
    private byte[] authenticateMessage;

    NtlmServer(ServerNames names, Instant now, SecureRandom random) {
        this.names = names;
        random.nextBytes(serverChallenge);
        long ticks = now.getEpochSecond() * TICKS_PER_SECOND + now.getNano() / NANOS_PER_TICK + FILETIME_EPOCH;
        timestamp = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            timestamp[i] = (byte) (ticks >>> 8 * i);
        }
    }

    /** 3.2.5.1.1: answers a NEGOTIATE_MESSAGE with a CHALLENGE_MESSAGE. */
    byte[] challenge(byte[] negotiate) {
        int offered = NtlmMessage.open(negotiate, NtlmMessage.NEGOTIATE, "NEGOTIATE_MESSAGE", NEGOTIATE_MIN_SIZE)
                .getInt();
        if ((offered & NtlmFlags.REQUIRED) != NtlmFlags.REQUIRED) {
            throw new NlaException(
                    Refusal.UNSUPPORTED,
                    String.format("NEGOTIATE_MESSAGE.NegotiateFlags 0x%08x lack 0x%08x", offered, NtlmFlags.REQUIRED));
        }
        negotiateMessage = negotiate.clone();
        byte[] target = Utf16.encode(names.netBios());
        byte[] info = targetInfo().encode();
        ByteBuffer out = NtlmMessage.create(CHALLENGE_HEAD_SIZE + target.length + info.length, NtlmMessage.CHALLENGE);
        NtlmMessage.putField(out, target.length, CHALLENGE_HEAD_SIZE);
        out.putInt(NtlmFlags.REQUIRED | NtlmFlags.SERVER | offered & NtlmFlags.KEY_56);
        out.put(serverChallenge);
        out.putLong(0);
        NtlmMessage.putField(out, info.length, CHALLENGE_HEAD_SIZE + target.length);
        out.put(NtlmMessage.VERSION);
        out.put(target).put(info);
        challengeMessage = out.array();
        return challengeMessage.clone();
    }

    /** With a timestamp, so that clients send no LM response and a message integrity code. */
    private AvPairs targetInfo() {
        byte[] netBios = Utf16.encode(names.netBios());
        return new AvPairs(List.of(
                new AvPairs.Pair(AvPairs.NB_DOMAIN_NAME, netBios),
                new AvPairs.Pair(AvPairs.NB_COMPUTER_NAME, netBios),
                new AvPairs.Pair(AvPairs.DNS_DOMAIN_NAME, Utf16.encode(names.dnsDomain())),
                new AvPairs.Pair(AvPairs.DNS_COMPUTER_NAME, Utf16.encode(names.dns())),
                new AvPairs.Pair(AvPairs.TIMESTAMP, timestamp)));
    }

    /** Reads the client's answer; what it claims is not proven yet. */
    NtlmAuthenticate authenticate(byte[] message) {
        NtlmAuthenticate claim = NtlmAuthenticate.decode(message);
        authenticateMessage = message.clone();
        return claim;
    }

    /**
     * 3.3.2: whether the response was made with {@code hash}. Takes the same time whatever the answer.
     */
    boolean proves(NtlmAuthenticate claim, NtHash hash) {
        byte[] responseKey = NtlmCrypto.ntowfv2(hash, claim.user(), claim.domain());
        byte[] expected = NtlmCrypto.hmacMd5(responseKey, serverChallenge, claim.clientChallenge());
        Arrays.fill(responseKey, (byte) 0);
        return MessageDigest.isEqual(expected, claim.ntProof());
    }

    /**
     * 3.2.5.1.2: the session of a proven claim.
     *
     * @throws NlaException if the client's message integrity code does not cover the messages as we saw them
     */
    NtlmSession session(NtlmAuthenticate claim, NtHash hash) {
        byte[] responseKey = NtlmCrypto.ntowfv2(hash, claim.user(), claim.domain());
        byte[] keyExchangeKey = NtlmCrypto.hmacMd5(responseKey, claim.ntProof());
        byte[] exportedSessionKey = NtlmCrypto.rc4(keyExchangeKey, claim.encryptedSessionKey());
        try {
            if (claim.mic() != null) {
                byte[] unsigned = authenticateMessage.clone();
                int end = NtlmAuthenticate.MIC_OFFSET + NtlmAuthenticate.MIC_SIZE;
                Arrays.fill(unsigned, NtlmAuthenticate.MIC_OFFSET, end, (byte) 0);
                byte[] expected = NtlmCrypto.hmacMd5(exportedSessionKey, negotiateMessage, challengeMessage, unsigned);
                if (!MessageDigest.isEqual(expected, claim.mic())) {
                    throw new NlaException(Refusal.TAMPERED, "AUTHENTICATE_MESSAGE.MIC is wrong");
                }
            }
            return NtlmSession.ofServer(exportedSessionKey);
        } finally {
            Arrays.fill(responseKey, (byte) 0);
            Arrays.fill(keyExchangeKey, (byte) 0);
            Arrays.fill(exportedSessionKey, (byte) 0);
        }
    }
}
