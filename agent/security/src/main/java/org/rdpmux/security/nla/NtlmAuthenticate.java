// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * [MS-NLMP] 2.2.1.3 AUTHENTICATE_MESSAGE: Signature (8 bytes), MessageType (4), six field descriptors of 8 bytes each for
 * LmChallengeResponse, NtChallengeResponse, DomainName, UserName, Workstation and EncryptedRandomSessionKey,
 * NegotiateFlags (4), Version (8), MIC (16), payload.
 *
 * @param ntProof NtChallengeResponse.Response: first 16 bytes of 2.2.2.8 NTLMv2_RESPONSE
 * @param clientChallenge the rest of it, 2.2.2.7 NTLMv2_CLIENT_CHALLENGE: what {@code ntProof} was made over
 * @param avPairs inside of {@code clientChallenge}
 * @param domain as sent; may be empty
 * @param user as sent; not empty
 * @param workstation as sent; may be empty, and may be anything
 * @param encryptedSessionKey EncryptedRandomSessionKey, 16 bytes
 * @param mic the 16 bytes; null if the client sends none
 */
record NtlmAuthenticate(
        byte[] ntProof,
        byte[] clientChallenge,
        AvPairs avPairs,
        String domain,
        String user,
        String workstation,
        byte[] encryptedSessionKey,
        byte[] mic) {

    static final int MIC_OFFSET = 72;
    static final int MIC_SIZE = 16;

    static final int FLAGS_OFFSET = 60;

    /** Up to the flags; version and MIC came later. */
    static final int MIN_SIZE = 64;

    static final int PROOF_SIZE = 16;

    /** RespType to Reserved3: what precedes the AV_PAIRs in NTLMv2_CLIENT_CHALLENGE. */
    static final int CLIENT_CHALLENGE_HEAD_SIZE = 28;

    /** Windows has 256 characters for a user name and 255 for a DNS domain. */
    static final int MAX_NAME = 512;

    private static final int MAX_LM_RESPONSE = 24;

    /** NTLMv1 sends 24 bytes; the shortest NTLMv2 response is longer. */
    private static final int NTLMV1_RESPONSE = 24;

    private static final int MAX_NT_RESPONSE = 4096;

    static NtlmAuthenticate decode(byte[] message) {
        ByteBuffer in = NtlmMessage.open(message, NtlmMessage.AUTHENTICATE, "AUTHENTICATE_MESSAGE", MIN_SIZE);
        int flags = in.getInt(FLAGS_OFFSET);
        if ((flags & NtlmFlags.UNICODE) == 0) {
            throw new NlaException(Refusal.UNSUPPORTED, "AUTHENTICATE_MESSAGE is not in Unicode");
        }
        NtlmMessage.payload(in, MIN_SIZE, "LmChallengeResponse", MAX_LM_RESPONSE);
        byte[] response = NtlmMessage.payload(in, MIN_SIZE, "NtChallengeResponse", MAX_NT_RESPONSE);
        String domain = name(in, "DomainName");
        String user = name(in, "UserName");
        String workstation = name(in, "Workstation");
        byte[] key = NtlmMessage.payload(in, MIN_SIZE, "EncryptedRandomSessionKey", NtlmCrypto.KEY_SIZE);
        checkPolicy(flags, user, response, key);
        AvPairs avPairs = avPairs(response);
        byte[] mic = null;
        if (avPairs.promisesMic()) {
            if (message.length < MIC_OFFSET + MIC_SIZE) {
                throw new NlaException("AUTHENTICATE_MESSAGE.MIC is missing");
            }
            mic = Arrays.copyOfRange(message, MIC_OFFSET, MIC_OFFSET + MIC_SIZE);
        }
        return new NtlmAuthenticate(
                Arrays.copyOf(response, PROOF_SIZE),
                Arrays.copyOfRange(response, PROOF_SIZE, response.length),
                avPairs,
                domain,
                user,
                workstation,
                key,
                mic);
    }

    private static void checkPolicy(int flags, String user, byte[] response, byte[] key) {
        if ((flags & NtlmFlags.ANONYMOUS) != 0 || user.isEmpty() || response.length == 0) {
            throw new NlaException(Refusal.ANONYMOUS, "AUTHENTICATE_MESSAGE names no user or has no response");
        }
        if (response.length == NTLMV1_RESPONSE) {
            throw new NlaException(Refusal.UNSUPPORTED, "NtChallengeResponse is NTLMv1");
        }
        if ((flags & NtlmFlags.REQUIRED) != NtlmFlags.REQUIRED) {
            throw new NlaException(
                    Refusal.UNSUPPORTED,
                    String.format("AUTHENTICATE_MESSAGE.NegotiateFlags 0x%08x lack 0x%08x", flags, NtlmFlags.REQUIRED));
        }
        if (key.length != NtlmCrypto.KEY_SIZE) {
            throw new NlaException("EncryptedRandomSessionKey has " + key.length + " bytes; expected 16");
        }
    }

    /**
     * 2.2.2.7: RespType and HiRespType 1, Reserved1 (2), Reserved2 (4), TimeStamp (8), ChallengeFromClient (8),
     * Reserved3 (4), AvPairs.
     */
    private static AvPairs avPairs(byte[] response) {
        int head = PROOF_SIZE + CLIENT_CHALLENGE_HEAD_SIZE;
        if (response.length < head) {
            throw new NlaException("NtChallengeResponse has " + response.length + " bytes, fewer than " + head);
        }
        if (response[PROOF_SIZE] != 1 || response[PROOF_SIZE + 1] != 1) {
            throw new NlaException(Refusal.UNSUPPORTED, "NTLMv2_CLIENT_CHALLENGE is not of version 1");
        }
        return AvPairs.decode(ByteBuffer.wrap(response, head, response.length - head));
    }

    private static String name(ByteBuffer in, String field) {
        byte[] value = NtlmMessage.payload(in, MIN_SIZE, field, MAX_NAME);
        if (value.length % 2 != 0) {
            throw new NlaException(field + " has " + value.length + " bytes, which is odd");
        }
        return Utf16.decode(value);
    }

    /** Without the responses. */
    @Override
    public String toString() {
        return "NtlmAuthenticate[domain=" + domain + ", user=" + user + ", workstation=" + workstation + "]";
    }
}
