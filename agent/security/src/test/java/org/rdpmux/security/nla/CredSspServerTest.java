// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.nla.CredSspClient.Options;
import org.rdpmux.security.nla.CredSspClient.Wrapping;

class CredSspServerTest {

    private static final int LOGON_FAILURE = 0xC000006D;
    private static final int NOT_SUPPORTED = 0xC00000BB;

    private final Conversation conversation = new Conversation();
    private final CredSspServer server = conversation.server();
    private final Options alice = conversation.options("alice", "secret");
    private final Credential right = Conversation.credential("alice", "secret");

    @ParameterizedTest
    @CsvSource({
        "2,BARE",
        "3,BARE",
        "4,BARE",
        "5,BARE",
        "6,BARE",
        "7,BARE",
        "96,BARE",
        "6,SPNEGO",
        "2,SPNEGO",
        "6,SPNEGO_WITH_MIC",
        "2,SPNEGO_WITH_MIC",
        "6,KERBEROS_FIRST",
        "4,KERBEROS_FIRST"
    })
    void provesARightPassword(int version, Wrapping wrapping) {
        CredSspStep end = conversation.run(server, alice.withVersion(version).withWrapping(wrapping), right);

        CredSspStep.Proven proven = assertInstanceOf(CredSspStep.Proven.class, end, end::toString);
        assertEquals(right, proven.credential());
        assertEquals(new Claim("alice", "", "TESTER"), proven.claim());
    }

    @ParameterizedTest
    @CsvSource({"2,false", "3,true", "4,true", "5,false", "6,true", "96,true"})
    void tellsClientsOfAWrongPasswordAsTheirVersionHasIt(int version, boolean told) {
        CredSspStep.Refused refused = refused(
                conversation.run(server, alice.withVersion(version), Conversation.credential("alice", "other")));

        assertEquals(Refusal.WRONG_CREDENTIALS, refused.refusal());
        if (told) {
            assertEquals(LOGON_FAILURE, CredSspClient.errorOf(refused.bytes()));
        } else {
            assertEquals(0, refused.bytes().length);
        }
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    void answersAnUnknownUserLikeAWrongPassword(Wrapping wrapping) {
        CredSspStep.Refused unknown = refused(conversation.run(conversation.server(), alice.withWrapping(wrapping)));
        CredSspStep.Refused wrong = refused(conversation.run(
                conversation.server(), alice.withWrapping(wrapping), Conversation.credential("alice", "other")));

        assertEquals(wrong.refusal(), unknown.refusal());
        assertEquals(wrong.detail(), unknown.detail());
        assertArrayEquals(wrong.bytes(), unknown.bytes());
    }

    @Test
    void takesTheFirstUsableOfSeveralCredentials() {
        Credential used = Conversation.credential("old ticket", "secret", Credential.Denial.USED);

        CredSspStep end = conversation.run(server, alice, Conversation.credential("bob", "b"), used, right);

        assertEquals(right, assertInstanceOf(CredSspStep.Proven.class, end).credential());
    }

    @Test
    void refusesADeniedCredentialOnTheWireLikeAWrongPassword() {
        Credential used = Conversation.credential("alice", "secret", Credential.Denial.USED);

        CredSspStep.Refused refused = refused(conversation.run(server, alice, used));

        assertEquals(Refusal.DENIED_CREDENTIAL, refused.refusal());
        assertEquals("ticket-used", refused.detail());
        assertEquals(Optional.of(used), refused.credential());
        assertEquals(LOGON_FAILURE, CredSspClient.errorOf(refused.bytes()));
    }

    @Test
    void refusesWithoutALookUpIfToldSo() {
        identify(new CredSspClient(alice));

        CredSspStep.Refused refused = refused(server.refuse(Refusal.LOCKED_OUT, "source"));

        assertEquals(LOGON_FAILURE, CredSspClient.errorOf(refused.bytes()));
        assertEquals(Optional.of("alice"), server.claim().map(Claim::user));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOMAIN\\alice", "alice@realm", "жук", "\ud800"})
    void takesNamesAsTheyCome(String user) {
        Options options = conversation.options(user, "pä$$ \u20ac").withDomain("Workgroup");

        CredSspStep end = conversation.run(server, options, Conversation.credential(user, "pä$$ \u20ac"));

        assertEquals(
                new Claim(user, "Workgroup", "TESTER"),
                assertInstanceOf(CredSspStep.Proven.class, end).claim());
    }

    @Test
    void takesTwoHundredCharactersButNotTwoThousand() {
        String name = "n".repeat(200);
        assertInstanceOf(
                CredSspStep.Proven.class,
                conversation.run(
                        server,
                        conversation.options(name, "p".repeat(200)),
                        Conversation.credential(name, "p".repeat(200))));

        CredSspStep.Refused refused =
                refused(conversation.run(conversation.server(), conversation.options("n".repeat(2000), "")));
        assertEquals(Refusal.MALFORMED, refused.refusal());
        assertTrue(refused.detail().startsWith("UserName has 4000 bytes"), refused.detail());
    }

    @Test
    void refusesAnEmptyUser() {
        CredSspStep.Refused refused = refused(conversation.run(server, conversation.options("", "")));

        assertEquals(Refusal.ANONYMOUS, refused.refusal());
        assertEquals(LOGON_FAILURE, CredSspClient.errorOf(refused.bytes()));
    }

    @Test
    void verifiesChannelBindingsThatTheClientSends() {
        byte[] ours = Conversation.binding().endPointHashes().get(0);
        byte[] theirs = ours.clone();
        theirs[0] ^= 1;

        assertInstanceOf(
                CredSspStep.Proven.class, conversation.run(conversation.server(), alice.withEndPointHash(ours), right));
        CredSspStep.Refused refused =
                refused(conversation.run(conversation.server(), alice.withEndPointHash(theirs), right));
        assertEquals(Refusal.RELAYED, refused.refusal());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 5, 6})
    void refusesAClientThatTalksToAnotherKey(int version) {
        byte[] other = Conversation.binding().subjectPublicKey();
        other[other.length - 1] ^= 1;
        Options relayed = new Options("alice", "", "secret", version, Wrapping.BARE, other, null);

        assertEquals(
                Refusal.RELAYED,
                refused(conversation.run(server, relayed, right)).refusal());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void refusesVersionsThatNeverWere(int version) {
        CredSspStep.Refused refused = refused(server.on(new CredSspClient(alice.withVersion(version)).start()));

        assertEquals(Refusal.UNSUPPORTED, refused.refusal());
        assertEquals(0, refused.bytes().length);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void refusesVersionsOlderThanItIsToldTo(int version) {
        CredSspServer strict = conversation.server(5);
        CredSspStep.Refused refused = refused(strict.on(new CredSspClient(alice.withVersion(version)).start()));
        assertEquals(Refusal.UNSUPPORTED, refused.refusal());
        assertInstanceOf(
                CredSspStep.Proven.class, conversation.run(conversation.server(5), alice.withVersion(5), right));
    }

    @Test
    void refusesAVersionThatChanges() {
        CredSspClient client = new CredSspClient(alice);
        CredSspClient other = new CredSspClient(alice.withVersion(5));
        server.on(client.start());
        byte[] challenge = reply(conversation.server().on(other.start()));

        assertEquals(Refusal.MALFORMED, refused(server.on(other.on(challenge))).refusal());
    }

    @Test
    void refusesAClientThatOffersNoSealing() {
        byte[] hello = new CredSspClient(alice).start();
        edit(hello, "NTLMSSP\0", 12, flags -> {
            flags[0] &= ~NtlmFlags.SEAL;
            return flags;
        });

        CredSspStep.Refused refused = refused(server.on(hello));
        assertEquals(Refusal.UNSUPPORTED, refused.refusal());
        assertEquals(NOT_SUPPORTED, CredSspClient.errorOf(refused.bytes()));
    }

    @Test
    void refusesAClientThatTakesAnOfferBackWhenItAuthenticates() {
        byte[] message = authenticate(new CredSspClient(alice));
        edit(message, "NTLMSSP\0", NtlmAuthenticate.FLAGS_OFFSET, flags -> {
            flags[0] &= ~NtlmFlags.SIGN;
            return flags;
        });

        assertEquals(Refusal.UNSUPPORTED, refused(server.on(message)).refusal());
    }

    @Test
    void refusesNtlmVersion1() {
        byte[] message = authenticate(new CredSspClient(alice));
        edit(message, "NTLMSSP\0", 20, length -> {
            length[0] = 24;
            length[1] = 0;
            return length;
        });

        CredSspStep.Refused refused = refused(server.on(message));
        assertEquals("NtChallengeResponse is NTLMv1", refused.detail());
        assertEquals(Refusal.UNSUPPORTED, refused.refusal());
    }

    @Test
    void noticesMessagesChangedOnTheWay() {
        byte[] message = authenticate(new CredSspClient(alice));
        edit(message, "NTLMSSP\0", 64, version -> {
            version[0] ^= 1;
            return version;
        });
        assertInstanceOf(CredSspStep.Identify.class, server.on(message));

        CredSspStep.Refused refused = refused(server.answer(List.of(right), Conversation.MOMENT));
        assertEquals(Refusal.TAMPERED, refused.refusal());
        assertEquals("AUTHENTICATE_MESSAGE.MIC is wrong", refused.detail());
    }

    @Test
    void refusesSpnegoWithoutNtlm() {
        byte[] kerberos = {0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x12, 0x01, 0x02, 0x02};
        byte[] token = Spnego.NegTokenInit.encode(List.of(kerberos), new byte[] {0x60, 0x00});

        CredSspStep.Refused refused =
                refused(server.on(TsRequest.ofToken(6, token).encode()));
        assertEquals(Refusal.UNSUPPORTED, refused.refusal());
    }

    @Test
    void refusesAMissingOrWrongMechListMic() {
        Options kerberosFirst = alice.withWrapping(Wrapping.KERBEROS_FIRST);
        for (boolean missing : new boolean[] {true, false}) {
            CredSspServer fresh = conversation.server();
            CredSspClient client = new CredSspClient(kerberosFirst);
            byte[] message = client.on(reply(fresh.on(client.on(reply(fresh.on(client.start()))))));
            Spnego.NegTokenResp token =
                    Spnego.NegTokenResp.decode(TsRequest.decode(message).negoToken());
            byte[] mic = token.mechListMic();
            mic[5] ^= 1;
            byte[] changed = new Spnego.NegTokenResp(null, null, token.responseToken(), missing ? null : mic).encode();
            assertInstanceOf(
                    CredSspStep.Identify.class,
                    fresh.on(TsRequest.ofToken(6, changed).encode()));

            CredSspStep.Refused refused = refused(fresh.answer(List.of(right), Conversation.MOMENT));
            assertEquals(missing ? Refusal.MALFORMED : Refusal.TAMPERED, refused.refusal());
        }
    }

    @Test
    void refusesRestrictedAdminAndOtherKindsOfCredentials() {
        assertEquals(
                Refusal.UNSUPPORTED,
                refused(atEnd(CredSspClient.credentials("", "", ""))).refusal());
        byte[] smartCard = CredSspClient.credentials("", "alice", "secret");
        // credType's value: SEQUENCE, [0], INTEGER.
        smartCard[6] = 2;
        assertEquals(Refusal.UNSUPPORTED, refused(atEnd(smartCard)).refusal());
        assertInstanceOf(CredSspStep.Proven.class, atEnd(CredSspClient.credentials("", "", "secret")));
    }

    @Test
    void wipesTheDelegatedPassword() {
        byte[] clear = CredSspClient.credentials("D", "alice", "secret");

        TsCredentials.checkAndWipe(clear);

        assertArrayEquals(new byte[clear.length], clear);
        byte[] malformed = Arrays.copyOf(CredSspClient.credentials("D", "alice", "secret"), clear.length - 1);
        assertThrows(NlaException.class, () -> TsCredentials.checkAndWipe(malformed));
        assertArrayEquals(new byte[clear.length - 1], malformed);
    }

    @Test
    void showsNoSecretsAsText() {
        CredSspClient client = new CredSspClient(alice);
        byte[] message = authenticate(client);
        NtlmAuthenticate response =
                NtlmAuthenticate.decode(TsRequest.decode(message).negoToken());

        assertEquals("NtlmAuthenticate[domain=, user=alice, workstation=TESTER]", response.toString());
        assertEquals("NtHash[hidden]", right.ntHash().toString());
    }

    @Test
    void saysNothingFurtherOnceItIsOver() {
        conversation.run(server, alice, right);

        assertThrows(IllegalStateException.class, () -> server.on(new byte[0]));
        assertThrows(IllegalStateException.class, () -> server.answer(List.of(), Conversation.MOMENT));
    }

    @Test
    void refusesAMessageWhileItLooksUp() {
        CredSspClient client = new CredSspClient(alice);
        identify(client);

        assertEquals(Refusal.MALFORMED, refused(server.on(client.start())).refusal());
    }

    /** Every message of a conversation at every step but its own. */
    @ParameterizedTest
    @EnumSource(Wrapping.class)
    void refusesMessagesOutOfOrder(Wrapping wrapping) {
        List<byte[]> messages = conversation.record(alice.withWrapping(wrapping), right);
        for (int step = 0; step < messages.size(); step++) {
            for (int other = 0; other < messages.size(); other++) {
                CredSspServer fresh = conversation.server();
                CredSspClient client = new CredSspClient(alice.withWrapping(wrapping));
                byte[] own = conversation.advance(fresh, client, step, right);
                if (other != step) {
                    CredSspStep outcome = conversation.give(fresh, messages.get(other), right);
                    assertInstanceOf(CredSspStep.Refused.class, outcome, "message " + other + " at step " + step);
                } else {
                    assertTrue(!(conversation.give(fresh, own, right) instanceof CredSspStep.Refused));
                }
            }
        }
    }

    @Test
    void encodesTheEarlyAuthorizationResult() {
        assertArrayEquals(new byte[] {0, 0, 0, 0}, CredSspServer.earlyAuthorization(true));
        assertArrayEquals(new byte[] {5, 0, 0, 0}, CredSspServer.earlyAuthorization(false));
    }

    private CredSspStep atEnd(byte[] credentials) {
        CredSspServer fresh = conversation.server();
        CredSspClient client = new CredSspClient(alice);
        byte[] message = client.on(reply(fresh.on(client.start())));
        assertInstanceOf(CredSspStep.Identify.class, fresh.on(message));
        byte[] answer = reply(fresh.answer(List.of(right), Conversation.MOMENT));
        NtlmSession session = client.session();
        session.unseal(TsRequest.decode(answer).pubKeyAuth(), "pubKeyAuth");
        byte[] sealed = session.seal(credentials);
        return fresh.on(new TsRequest(6, null, sealed, null, null, null).encode());
    }

    private byte[] authenticate(CredSspClient client) {
        return client.on(reply(server.on(client.start())));
    }

    private void identify(CredSspClient client) {
        assertInstanceOf(CredSspStep.Identify.class, server.on(authenticate(client)));
    }

    private static byte[] reply(CredSspStep step) {
        return assertInstanceOf(CredSspStep.Reply.class, step, step::toString).bytes();
    }

    private static CredSspStep.Refused refused(CredSspStep step) {
        return assertInstanceOf(CredSspStep.Refused.class, step, step::toString);
    }

    /** Changes four bytes at {@code offset} of the NTLM message inside {@code message}. */
    private static void edit(byte[] message, String marker, int offset, UnaryOperator<byte[]> change) {
        int start = new String(message, StandardCharsets.ISO_8859_1).indexOf(marker) + offset;
        byte[] changed = change.apply(Arrays.copyOfRange(message, start, start + 4));
        System.arraycopy(changed, 0, message, start, 4);
    }
}
