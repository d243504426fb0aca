// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.List;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.nla.CredSspClient.Wrapping;

/** What must hold for any bytes whatsoever, for tables, for mutations and for a fuzzer alike. */
final class NlaTargets {

    private static final Credential RIGHT = Conversation.credential("alice", "secret");
    private static final Conversation CONVERSATION = new Conversation();

    private NlaTargets() {}

    /** DER has one form: what can be read is written the same way again, and the framing agrees with the reader. */
    static void tsRequest(byte[] bytes) {
        int size = CredSspServer.frameSize(bytes, bytes.length);
        try {
            TsRequest request = TsRequest.decode(bytes);
            assertArrayEquals(bytes, request.encode());
            assertEquals(bytes.length > CredSspServer.MAX_MESSAGE_SIZE ? -1 : bytes.length, size);
        } catch (NlaException refused) {
            assertFalse(refused.getMessage().isEmpty());
        }
    }

    static void spnego(byte[] bytes) {
        try {
            Spnego.NegTokenInit init = Spnego.NegTokenInit.decode(bytes);
            assertArrayEquals(init.mechTypes(), Spnego.NegTokenInit.mechTypes(init.mechanisms()));
        } catch (NlaException refused) {
            assertFalse(refused.getMessage().isEmpty());
        }
        try {
            assertArrayEquals(bytes, Spnego.NegTokenResp.decode(bytes).encode());
        } catch (NlaException refused) {
            assertFalse(refused.getMessage().isEmpty());
        }
    }

    static void ntlm(byte[] bytes) {
        try {
            NtlmAuthenticate message = NtlmAuthenticate.decode(bytes);
            assertFalse(message.user().isEmpty());
            assertEquals(NtlmAuthenticate.PROOF_SIZE, message.ntProof().length);
            assertEquals(NtlmCrypto.KEY_SIZE, message.encryptedSessionKey().length);
        } catch (NlaException refused) {
            assertFalse(refused.getMessage().isEmpty());
        }
    }

    static void tsCredentials(byte[] bytes) {
        byte[] clear = bytes.clone();
        try {
            TsCredentials.checkAndWipe(clear);
        } catch (NlaException refused) {
            assertFalse(refused.getMessage().isEmpty());
        }
        assertArrayEquals(new byte[bytes.length], clear);
    }

    /** Whatever comes at whatever step, the server answers, asks, or refuses; nobody but the bearer of the secret gets in. */
    static void atStep(Wrapping wrapping, int step, byte[] bytes) {
        CredSspServer server = CONVERSATION.server();
        CredSspClient client =
                new CredSspClient(CONVERSATION.options("alice", "secret").withWrapping(wrapping));
        CONVERSATION.advance(server, client, step, RIGHT);
        CredSspStep outcome = CONVERSATION.give(server, bytes, RIGHT);
        if (outcome instanceof CredSspStep.Proven proven) {
            assertSame(RIGHT, proven.credential());
        } else if (outcome instanceof CredSspStep.Refused refused) {
            assertFalse(refused.detail().isEmpty());
        } else {
            assertFalse(outcome instanceof CredSspStep.Identify);
        }
    }

    /** A fuzzer's input: how NTLM is wrapped, the step, and the message. */
    static void anyStep(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        Wrapping wrapping = Wrapping.values()[(bytes[0] & 0xFF) % Wrapping.values().length];
        int steps = messages(wrapping).size();
        atStep(wrapping, (bytes[1] & 0xFF) % steps, Arrays.copyOfRange(bytes, 2, bytes.length));
    }

    /** The messages of a client that gets in. */
    static List<byte[]> messages(Wrapping wrapping) {
        return CONVERSATION.record(CONVERSATION.options("alice", "secret").withWrapping(wrapping), RIGHT);
    }
}
