// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.autodetect.AutoDetectResponse;
import org.rdpmux.pdu.autodetect.RttMeasureRequest;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.info.SecurityHeader;
import org.rdpmux.security.access.Authentication;

/** Whose network is measured from when on, and what becomes of the answers. */
class MessageChannelTest {

    private static final ClientCoreData ANSWERS = core(Tail.SUPPORT_NETCHAR_AUTODETECT);
    private static final AutoDetectResponse RESPONSE = new AutoDetectResponse(1, AutoDetectResponse.RTT);

    private static ClientCoreData core(int flags) {
        return Script.core(flags | Tail.WANT_32BPP_SESSION, 24, OptionalInt.empty());
    }

    private static Script answering(Authentication policy) {
        return new Script(policy).withMessageChannel().toInfo(ANSWERS);
    }

    private static List<String> names(List<Action> actions) {
        return actions.stream().map(action -> action.getClass().getSimpleName()).toList();
    }

    private static List<Action> says(Script script, int flags, Pdu pdu) {
        return script.send(script.data(Script.MESSAGE_CHANNEL, new SecurityHeader(flags), pdu));
    }

    private static List<Action> answers(Script script) {
        return says(script, SecurityHeader.SEC_AUTODETECT_RSP, RESPONSE);
    }

    @Test
    void networkIsMeasuredBeforeTheLicence() {
        Script script = answering(Authentication.NONE);
        List<Action> actions = script.send(script.info(0, "bob", ""));
        assertEquals(List.of("AskDesktopSize", "DetectNetwork", "Send"), names(actions));
        assertEquals(new Action.DetectNetwork(Script.MESSAGE_CHANNEL), actions.get(1));
    }

    @Test
    void networkOfWhoDoesNotSayThatItAnswersIsNotMeasured() {
        Script silent = new Script(Authentication.NONE).withMessageChannel().toInfo(core(0));
        assertEquals(List.of("AskDesktopSize", "Send"), names(silent.send(silent.info(0, "bob", ""))));
        Script deaf = new Script(Authentication.NONE).toInfo(ANSWERS);
        assertEquals(List.of("AskDesktopSize", "Send"), names(deaf.send(deaf.info(0, "bob", ""))));
    }

    @Test
    void nothingIsMeasuredForAndTakenFromWhoIsNotLetIn() {
        Script script = answering(Authentication.TLS);
        assertEquals(List.of("VerifyCredentials"), names(script.send(script.info(0, "bob", "wrong"))));
        assertEquals(List.of(), answers(script));
        script.feed(new Inbound.CredentialsRejected());
        assertEquals(List.of(), answers(script));
        assertEquals(
                0,
                script.actions.stream()
                        .filter(Action.DetectNetwork.class::isInstance)
                        .count());
    }

    @Test
    void answersAreHandedOnFromTheLicenceOn() {
        Script script = answering(Authentication.NONE);
        assertEquals(List.of(), answers(script));
        script.send(script.info(0, "bob", ""));
        List<Action> handed = List.of(new Action.NetworkAnswered(RESPONSE));
        assertEquals(handed, answers(script));
        script.feed(Script.SIZE);
        assertEquals(handed, answers(script));
        script.confirmAndFinalize(true);
        assertInstanceOf(Active.class, script.state);
        assertEquals(handed, answers(script));
    }

    @Test
    void whatElseIsSaidThereIsPassedOverAndWhatCannotBeReadEndsTheConnection() {
        Script script = answering(Authentication.NONE);
        script.send(script.info(0, "bob", ""));
        assertEquals(List.of(), says(script, SecurityHeader.SEC_HEARTBEAT, RESPONSE));
        assertEquals(List.of(), script.send(script.data(Script.MESSAGE_CHANNEL + 1, RESPONSE)));
        Pdu request = new RttMeasureRequest(1, false); // which only a server sends
        assertThrows(PduException.class, () -> says(script, SecurityHeader.SEC_AUTODETECT_RSP, request));
        assertThrows(PduException.class, () -> script.send(script.data(Script.MESSAGE_CHANNEL)));
    }
}
