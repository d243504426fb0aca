// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ControlProtocolTest {

    static List<Request> everyRequest() {
        return List.of(
                new Request.ListConsoles(),
                new Request.AgentStatus(),
                new Request.ConsoleStatus("web \"1\"\nü"),
                new Request.Attach("lab", "vnc://[::1]:5900", 3950, "/etc/rdpmux/lab.password", "tls"),
                new Request.Detach("lab"),
                new Request.Disconnect("lab", Long.MAX_VALUE),
                new Request.Refresh("5d4e1f0c-3f0a-4c1e-9a52-7264706d7578"),
                new Request.Reload(),
                new Request.ListUsers(),
                new Request.AddUser("ann", Secret.of("s\"ü\ud83d\ude00".toCharArray()), true),
                new Request.ChangePassword("ann", Secret.of("t".toCharArray())),
                new Request.RemoveUser("ann", true),
                new Request.IssueTicket("demo", 3600, true, "guest"),
                new Request.ListTickets(),
                new Request.RevokeTicket("7f3kq9wd"),
                new Request.ListLocks(),
                new Request.Unlock("192.0.2.1"));
    }

    @ParameterizedTest
    @MethodSource("everyRequest")
    void requestsSurviveTheWire(Request request) {
        String line = ControlProtocol.encode(request);
        assertTrue(line.indexOf('\n') < 0, line);
        assertEquals(request, ControlProtocol.decodeRequest(line));
    }

    @Test
    void theSampleAboveCoversEveryRequest() {
        assertEquals(
                Request.class.getPermittedSubclasses().length, everyRequest().size());
    }

    @Test
    void nothingThatHoldsASecretShowsIt() {
        Secret secret = Secret.of("hunter2".toCharArray());
        assertEquals("(secret)", secret.toString());
        assertFalse(new Request.AddUser("ann", secret, false).toString().contains("hunter2"));
        assertFalse(new Reply.Ok(Samples.ticket()).toString().contains("0123456789"));
        assertTrue(ControlProtocol.encode(new Request.ChangePassword("ann", secret))
                .contains("\"password\":\"hunter2\""));
        assertEquals(
                new Request.AddUser("ann", Secret.NONE, false),
                ControlProtocol.decodeRequest("{\"rdpmux\":1,\"request\":\"add-user\",\"user\":\"ann\"}"));
    }

    @Test
    void theWireLooksAsDocumented() {
        assertEquals(
                "{\"rdpmux\":1,\"request\":\"attach\",\"name\":\"lab\",\"address\":\"vnc://127.0.0.1:5900\",\"port\":0,"
                        + "\"passwordFile\":\"\",\"policy\":\"\"}",
                ControlProtocol.encode(new Request.Attach("lab", "vnc://127.0.0.1:5900", 0, "", "")));
        assertEquals(
                "{\"rdpmux\":1,\"ok\":true,\"result\":{\"messages\":[\"done\"]}}",
                ControlProtocol.encode(new Reply.Ok(Done.of("done"))));
        assertEquals("{\"rdpmux\":1,\"ok\":false,\"error\":\"no\"}", ControlProtocol.encode(new Reply.Refused("no")));
    }

    @Test
    void repliesSurviveTheWire() {
        Reply ok = new Reply.Ok(Samples.agent());
        assertEquals(ok, ControlProtocol.decodeReply(ControlProtocol.encode(ok), AgentReport.class));
        Reply list = new Reply.Ok(new ConsoleList(List.of(Samples.demo(), Samples.withoutDisplay())));
        assertEquals(list, ControlProtocol.decodeReply(ControlProtocol.encode(list), ConsoleList.class));
        Reply ticket = new Reply.Ok(Samples.ticket());
        assertEquals(ticket, ControlProtocol.decodeReply(ControlProtocol.encode(ticket), TicketReport.class));
        Reply refused = new Reply.Refused("no");
        assertEquals(refused, ControlProtocol.decodeReply(ControlProtocol.encode(refused), Done.class));
    }

    @Test
    void aNewerPeersFieldsAreIgnoredAndAnOlderOnesAreEmpty() {
        assertEquals(
                new Request.Attach("lab", "", 0, "", ""),
                ControlProtocol.decodeRequest(
                        "{\"rdpmux\":1,\"request\":\"attach\",\"name\":\"lab\",\"future\":{\"x\":[1]}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                       | not an object",
                "{}                                                       | 'rdpmux'",
                "{\"rdpmux\":\"1\"}                                       | 'rdpmux'",
                "{\"rdpmux\":2,\"request\":\"reload\"}                    | version 2",
                "{\"rdpmux\":1}                                           | 'request'",
                "{\"rdpmux\":1,\"request\":7}                             | 'request'",
                "{\"rdpmux\":1,\"request\":\"format-disk\"}               | known are add-user, agent-status, attach",
                "{\"rdpmux\":1,\"request\":\"detach\",\"console\":7}      | 'console' is not a string",
                "{\"rdpmux\":1,\"request\":\"detach\",\"console\":[\"\"]} | 'console' is not a string",
                "{\"rdpmux\":1,\"request\":\"attach\",\"port\":\"x\"}     | 'port' is not a number",
                "{\"rdpmux\":1,\"request\":\"attach\",\"port\":4294967296}| 'port' is out of range",
                "{\"rdpmux\":1,\"request\":\"attach\",\"port\":0          | not JSON",
                "GET / HTTP/1.1                                           | not JSON"
            })
    void refusesAnythingElseWithASentence(String line, String reason) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> ControlProtocol.decodeRequest(line));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void everyTruncationOfARequestIsRefused() {
        String line = ControlProtocol.encode(everyRequest().get(3));
        for (int length = 0; length < line.length(); length++) {
            String cut = line.substring(0, length);
            assertThrows(IllegalArgumentException.class, () -> ControlProtocol.decodeRequest(cut), cut);
        }
    }
}
