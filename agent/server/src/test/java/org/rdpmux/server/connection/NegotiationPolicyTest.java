// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.x224.ConnectionConfirm;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.Protocols;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.server.Opening;

class NegotiationPolicyTest {

    private static ConnectionConfirm confirm(Action action) {
        byte[] bytes = Script.bytes(assertInstanceOf(Action.Send.class, action).pdu());
        return ConnectionConfirm.decode(Unpooled.wrappedBuffer(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "NLA, 0x0b, 8, true", // mstsc
        "NLA, 0x03, 2, false",
        "NLA, 0x1f, 8, true", // bits nobody here knows
        "NLA, 0x08, 8, true",
        "TLS, 0x0b, 1, ",
        "TLS, 0x01, 1, ",
        "NONE, 0x1b, 1, ",
    })
    void choosesTheBestThatThePolicyAllows(Authentication policy, String offer, int selected, Boolean early) {
        Script script = new Script(policy);
        List<Action> actions = script.send(Script.request(Integer.decode(offer)));
        assertEquals(
                Optional.of(new ConnectionConfirm.Selected(1, selected)),
                confirm(actions.get(0)).answer());
        assertEquals(
                early == null
                        ? new Action.StartTls(Approach.NEGOTIATED)
                        : new Action.StartNla(Approach.NEGOTIATED, early),
                actions.get(1));
        assertEquals(2, actions.size());
        script.feed(early == null ? new Inbound.TlsEstablished() : new Inbound.NlaSucceeded());
        assertInstanceOf(AwaitingConnect.class, script.state);
    }

    @ParameterizedTest
    @CsvSource({"NLA, 0x01, 5", "NLA, 0x00, 5", "NLA, 0x14, 5", "TLS, 0x00, 1", "TLS, 0x0a, 1", "NONE, 0x0a, 1"})
    void refusesOthersWithTheRightCodeAndNothingAfterIt(Authentication policy, String offer, int code) {
        Script script = new Script(policy);
        List<Action> actions = script.send(Script.request(Integer.decode(offer)));
        assertEquals(
                Optional.of(new ConnectionConfirm.Failed(code)),
                confirm(actions.get(0)).answer());
        assertInstanceOf(Action.Close.class, actions.get(1));
        assertEquals(2, actions.size());
        assertEquals(List.of(), script.send(Script.request(1)));
    }

    @ParameterizedTest
    @EnumSource(Authentication.class)
    void refusesClientsThatKnowStandardSecurityOnly(Authentication policy) {
        List<Action> actions = new Script(policy).send(new ConnectionRequest("", Optional.empty()));
        assertInstanceOf(
                ConnectionConfirm.Failed.class, confirm(actions.get(0)).answer().orElseThrow());
        assertInstanceOf(Action.Close.class, actions.get(1));
    }

    @Test
    void takesPreconnectionPduFirst() {
        Script script = new Script(Authentication.TLS);
        PreconnectionPdu pdu = new PreconnectionPdu(2, 0, "web1");
        assertEquals(List.of(), script.feed(new Inbound.Preconnection(pdu)));
        assertEquals(2, script.send(Script.request(1)).size());
    }

    @Test
    void theRouteIsToldAllThatWasSaidBefore() {
        PreconnectionPdu pdu = new PreconnectionPdu(2, 0, "web1");
        Script negotiated = new Script(Authentication.TLS);
        negotiated.feed(new Inbound.Preconnection(pdu));
        negotiated.send(Script.request(1));
        assertEquals(new Opening(Optional.of(pdu), "Cookie: mstshash=bob"), negotiated.opening);
        Script direct = new Script(Authentication.TLS);
        direct.feed(new Inbound.DirectTls());
        assertEquals(new Opening(Optional.empty(), ""), direct.opening);
    }

    @Test
    void aClientThatLeadsNowhereIsToldUnlessItBeganWithTls() {
        ConnectionState state = ConnectionState.initial(ConnectionConfig.DEFAULT);
        byte[] request = Script.bytes(Script.request(0x0b));
        ConnectionState asked =
                state.on(new Inbound.Frame(Unpooled.wrappedBuffer(request))).next();
        List<Action> actions = asked.on(new Inbound.NotRouted("nowhere")).actions();
        assertEquals(
                Optional.of(new ConnectionConfirm.Failed(ConnectionConfirm.Failed.SSL_CERT_NOT_ON_SERVER)),
                confirm(actions.get(0)).answer());
        assertEquals(new Action.Close("nowhere", false), actions.get(1));
        assertEquals(
                List.of(new Action.Close("nowhere", false)),
                state.on(new Inbound.DirectTls())
                        .next()
                        .on(new Inbound.NotRouted("nowhere"))
                        .actions());
    }

    @Test
    void refusesWhatComesBeforeTheRouteIsFound() {
        byte[] request = Script.bytes(Script.request(0x0b));
        ConnectionState asked = ConnectionState.initial(ConnectionConfig.DEFAULT)
                .on(new Inbound.Frame(Unpooled.wrappedBuffer(request)))
                .next();
        assertThrows(PduException.class, () -> asked.on(new Inbound.Frame(Unpooled.wrappedBuffer(request))));
    }

    @Test
    void securesFirstForClientsThatBeginWithTls() {
        Script script = new Script(Authentication.NLA);
        assertEquals(List.of(new Action.StartNla(Approach.DIRECT, false)), script.feed(new Inbound.DirectTls()));
        assertEquals(List.of(), script.feed(new Inbound.NlaSucceeded()));
        List<Action> actions = script.send(Script.request(0x0b));
        assertEquals(1, actions.size()); // no second handshake
        assertEquals(
                Optional.of(new ConnectionConfirm.Selected(1, 2)),
                confirm(actions.get(0)).answer());
        assertInstanceOf(AwaitingConnect.class, script.state);
    }

    @Test
    void needsNoNegotiationInsideTls() {
        Script script = new Script(Authentication.NONE);
        assertEquals(List.of(new Action.StartTls(Approach.DIRECT)), script.feed(new Inbound.DirectTls()));
        script.feed(new Inbound.TlsEstablished());
        List<Action> actions = script.send(new ConnectionRequest("", Optional.empty()));
        assertEquals(Optional.empty(), confirm(actions.get(0)).answer());
        assertInstanceOf(AwaitingConnect.class, script.state);
    }

    /** FreeRDP 3 with {@code -nego}, and guacd with a preconnection id: TLS, CredSSP, and MCS at once. */
    @Test
    void needsNoRequestInsideTls() {
        Script script = new Script(Authentication.NLA);
        script.feed(new Inbound.Preconnection(new PreconnectionPdu(1, 17, "")));
        script.feed(new Inbound.DirectTls());
        script.feed(new Inbound.NlaSucceeded());
        List<Action> actions = script.send(
                Script.connectInitial(Script.core(0, 16, OptionalInt.of(Protocols.HYBRID)), OptionalInt.empty()));
        assertEquals(1, actions.size());
        assertInstanceOf(Joining.class, script.state);
    }

    @Test
    void needsARequestOutsideTls() {
        Script script = new Script(Authentication.NONE);
        assertThrows(PduException.class, () -> script.send(Script.connectInitial(Script.core(), OptionalInt.empty())));
    }

    @Test
    void refusesClearTextWhereTlsWasAgreedOn() {
        Script script = new Script(Authentication.TLS);
        script.send(Script.request(1));
        assertThrows(PduException.class, () -> script.send(Script.request(1)));
    }

    @Test
    void noticesNegotiationThatSomebodyChanged() {
        Script script = new Script(Authentication.NLA);
        script.send(Script.request(0x0b));
        script.feed(new Inbound.NlaSucceeded());
        PduException e = assertThrows(
                PduException.class,
                () -> script.send(Script.connectInitial(Script.core(0, 16, OptionalInt.of(1)), OptionalInt.empty())));
        assertEquals("serverSelectedProtocol", e.field());
        // a client that says nothing about it is believed
        Tail tail = new Tail(14, 0, 16, 0, 0, 0, OptionalInt.empty());
        var whole = Script.core();
        var shorter =
                new org.rdpmux.pdu.gcc.ClientCoreData(whole.version(), 800, 600, 0xca01, 0, 0, "", 4, 0, 12, tail);
        assertEquals(
                1,
                script.send(Script.connectInitial(shorter, OptionalInt.empty())).size());
    }

    @Test
    void driverThatReportsWhatWasNotAskedForIsWrong() {
        Script script = new Script(Authentication.NLA);
        assertThrows(IllegalStateException.class, () -> script.feed(new Inbound.NlaSucceeded()));
        script.send(Script.request(2));
        assertThrows(IllegalStateException.class, () -> script.feed(new Inbound.TlsEstablished()));
    }
}
