// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.security.Mutations;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.nla.CredSspClient.Wrapping;

/** Truncated, oversized, nested, looped and damaged input. */
class HostileBytesTest {

    private static final int MUTATIONS = 3000;

    private final Conversation conversation = new Conversation();

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    void refusesEveryMessageTruncatedAnywhere(Wrapping wrapping) {
        Credential alice = Conversation.credential("alice", "secret");
        List<byte[]> messages = NlaTargets.messages(wrapping);
        for (int step = 0; step < messages.size(); step++) {
            for (int length = 0; length < messages.get(step).length; length++) {
                CredSspServer server = conversation.server();
                CredSspClient client = new CredSspClient(
                        conversation.options("alice", "secret").withWrapping(wrapping));
                byte[] message = conversation.advance(server, client, step, alice);
                assertInstanceOf(CredSspStep.Refused.class, server.on(Arrays.copyOf(message, length)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    void refusesEveryTokenTruncatedAnywhereInsideAWholeMessage(Wrapping wrapping) {
        int steps = NlaTargets.messages(wrapping).size();
        for (int step = 0; step < steps - 1; step++) {
            byte[] example =
                    TsRequest.decode(NlaTargets.messages(wrapping).get(step)).negoToken();
            for (int length = 0; example != null && length < example.length; length++) {
                CredSspServer server = conversation.server();
                CredSspClient client = new CredSspClient(
                        conversation.options("alice", "secret").withWrapping(wrapping));
                TsRequest whole = TsRequest.decode(
                        conversation.advance(server, client, step, Conversation.credential("alice", "secret")));
                byte[] token = Arrays.copyOf(whole.negoToken(), length);
                CredSspStep outcome = server.on(
                        new TsRequest(6, token, null, whole.pubKeyAuth(), null, whole.clientNonce()).encode());
                boolean bareNegotiate = step == 0 && wrapping == Wrapping.BARE && length >= 16;
                assertEquals(bareNegotiate, !(outcome instanceof CredSspStep.Refused), step + ":" + length);
            }
        }
    }

    @Test
    void refusesDelegatedCredentialsTruncatedAnywhere() {
        byte[] whole = CredSspClient.credentials("DOMAIN", "alice", "secret");
        for (int length = 0; length < whole.length; length++) {
            byte[] truncated = Arrays.copyOf(whole, length);
            assertThrows(NlaException.class, () -> TsCredentials.checkAndWipe(truncated));
        }
    }

    /** Hexadecimal head, then what the framing says: 0 for more bytes, -1 for never. */
    @ParameterizedTest
    @CsvSource({
        "'',0", "30,0", "3000,2", "307f,129", "3081,0", "308180,131", "3082,0", "308201,0", "30820100,260",
        "3082fffb,65535", "3082fffc,-1", "3083,0", "3083010000,-1", "3084,-1", "3080,-1", "30ff,-1", "16,-1", "0300,-1"
    })
    void cutsTheStreamWithinBounds(String head, int size) {
        byte[] bytes = HexFormat.of().parseHex(head);

        assertEquals(size, CredSspServer.frameSize(bytes, bytes.length));
    }

    @Test
    void refusesDerThatIsNotInItsShortestForm() {
        byte[] message = new CredSspClient(conversation.options("a", "b")).start();
        byte[] longLength = new byte[message.length + 1];
        longLength[0] = 0x30;
        longLength[1] = (byte) 0x81;
        System.arraycopy(message, 1, longLength, 2, message.length - 1);

        assertRefused(longLength, "TSRequest has a length that is not in its shortest form");
        assertRefused(
                new byte[] {0x30, 0x06, (byte) 0xA0, 0x04, 0x02, 0x02, 0x00, 0x06}, "TSRequest.version is a number");
        assertRefused(new byte[] {0x30, (byte) 0x80, 0, 0}, "TSRequest has a length that begins with 0x80");
    }

    @Test
    void nestingCostsNothing() {
        ByteBuffer bomb = ByteBuffer.allocate(60_000);
        for (int left = bomb.capacity(); left > 4; left -= 4) {
            bomb.put((byte) 0x30).put((byte) 0x82).putShort((short) (left - 4));
        }

        assertRefused(bomb.array(), "TSRequest.version has tag 0x30");
    }

    @Test
    void refusesMoreMechanismsThanAnybodyHas() {
        List<byte[]> many = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            many.add(Spnego.ntlm());
        }
        byte[] token = Spnego.NegTokenInit.encode(many, null);

        assertRefused(TsRequest.ofToken(6, token).encode(), "mechTypes has more than 16 mechanisms");
    }

    @Test
    void refusesAvPairsWithoutEnd() {
        ByteBuffer endless = ByteBuffer.allocate(400);
        for (int i = 0; i < 100; i++) {
            endless.put((byte) 1).put((byte) 0).putShort((short) 0);
        }
        NlaException refused = assertThrows(NlaException.class, () -> AvPairs.decode(endless.flip()));
        assertEquals("more than 32 AV_PAIRs", refused.getMessage());

        ByteBuffer cut = ByteBuffer.wrap(new byte[] {1, 0, 2, 0, 65});
        assertThrows(NlaException.class, () -> AvPairs.decode(cut));
    }

    @ParameterizedTest
    @CsvSource({"12", "20", "28", "36", "44", "52"})
    void refusesFieldsThatPointOutsideOfThePayload(int field) {
        for (int offset : new int[] {0, 12, 63, 0x7FFFFFFF, 0x80000000, -1}) {
            CredSspServer server = conversation.server();
            CredSspClient client =
                    new CredSspClient(conversation.options("alice", "secret").withDomain("D"));
            TsRequest whole = TsRequest.decode(conversation.advance(server, client, 1));
            ByteBuffer.wrap(whole.negoToken()).order(ByteOrder.LITTLE_ENDIAN).putInt(field + 4, offset);

            CredSspStep.Refused refused = assertInstanceOf(CredSspStep.Refused.class, server.on(whole.encode()));
            assertEquals(Refusal.MALFORMED, refused.refusal());
            assertTrue(refused.detail().contains(" points to "), refused.detail());
        }
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    void survivesDamagedMessages(Wrapping wrapping) {
        Mutations mutations = new Mutations(wrapping.ordinal());
        List<byte[]> messages = NlaTargets.messages(wrapping);
        for (int i = 0; i < MUTATIONS; i++) {
            int step = i % messages.size();
            byte[] damaged = mutations.of(messages.get(step));
            int seed = i;
            assertDoesNotThrow(() -> NlaTargets.atStep(wrapping, step, damaged), () -> "mutation " + seed);
            NlaTargets.tsRequest(damaged);
        }
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    void survivesDamagedTokens(Wrapping wrapping) {
        Mutations mutations = new Mutations(100 + wrapping.ordinal());
        List<byte[]> messages = NlaTargets.messages(wrapping);
        for (int i = 0; i < MUTATIONS; i++) {
            int step = i % messages.size();
            TsRequest whole = TsRequest.decode(messages.get(step));
            if (whole.negoToken() != null) {
                byte[] damaged = mutations.of(whole.negoToken());
                NlaTargets.spnego(damaged);
                NlaTargets.ntlm(damaged);
                NlaTargets.atStep(wrapping, step, TsRequest.ofToken(6, damaged).encode());
            }
        }
    }

    @Test
    void survivesDamagedNtlmAndCredentials() {
        Mutations mutations = new Mutations(7);
        byte[] authenticate =
                TsRequest.decode(NlaTargets.messages(Wrapping.BARE).get(1)).negoToken();
        byte[] credentials = CredSspClient.credentials("D", "alice", "secret");
        for (int i = 0; i < MUTATIONS; i++) {
            NlaTargets.ntlm(mutations.of(authenticate));
            NlaTargets.tsCredentials(mutations.of(credentials));
        }
    }

    /** Inputs that a fuzzer began with or found, one folder for each target. */
    @Test
    void survivesEverythingThatFuzzingFound() throws Exception {
        Path inputs =
                Path.of(HostileBytesTest.class.getResource("NlaFuzzTestInputs").toURI());
        Map<String, Consumer<byte[]>> targets = Map.of(
                "tsRequest", NlaTargets::tsRequest,
                "spnego", NlaTargets::spnego,
                "ntlm", NlaTargets::ntlm,
                "tsCredentials", NlaTargets::tsCredentials,
                "conversation", NlaTargets::anyStep);
        for (Map.Entry<String, Consumer<byte[]>> target : targets.entrySet()) {
            List<Path> files;
            try (Stream<Path> list = Files.list(inputs.resolve(target.getKey()))) {
                files = list.sorted().toList();
            }
            assertFalse(files.isEmpty(), target.getKey());
            for (Path file : files) {
                byte[] bytes = Files.readAllBytes(file);
                assertDoesNotThrow(() -> target.getValue().accept(bytes), file::toString);
            }
        }
    }

    private void assertRefused(byte[] message, String reason) {
        CredSspStep.Refused refused = assertInstanceOf(
                CredSspStep.Refused.class, conversation.server().on(message));
        assertEquals(Refusal.MALFORMED, refused.refusal());
        assertTrue(refused.detail().startsWith(reason), refused.detail());
    }
}
