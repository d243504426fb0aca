// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {

    static List<Request> everyRequest() {
        return List.of(
                new Request.ListConsoles(),
                new Request.AgentStatus(),
                new Request.ShowConfiguration(),
                new Request.ConsoleStatus("web \"1\"/%2F\nü?#{console}+\ud83d\ude00"),
                new Request.TakeScreenshot("lab", 1, 2, 3, 4),
                new Request.AwaitScreen("lab", 17, 500, 60, 1, 2, 3, 4),
                new Request.SendInput(
                        "lab",
                        "de",
                        true,
                        List.of(
                                InputStep.keys("ctrl-alt-delete", 100),
                                InputStep.text("ü\"\n"),
                                InputStep.pointer("move", 3, 4),
                                InputStep.click("left"))),
                new Request.ListViewers("lab"),
                new Request.Attach("lab", "vnc://[::1]:5900", 3950, "/etc/rdpmux/lab.password", "tls"),
                new Request.Detach(""),
                new Request.Disconnect("{viewer}", Long.MAX_VALUE),
                new Request.DisconnectAll(".."),
                new Request.Refresh("5d4e1f0c-3f0a-4c1e-9a52-7264706d7578"),
                new Request.Reload(),
                new Request.ListUsers(),
                new Request.AddUser("ann", Secret.of("s\"ü\ud83d\ude00".toCharArray()), true),
                new Request.ChangePassword("CORP\\ann", Secret.of("t".toCharArray())),
                new Request.RemoveUser("ann", true),
                new Request.IssueTicket("demo", 3600, true, "guest"),
                new Request.ListTickets(),
                new Request.RevokeTicket("7f3kq9wd"),
                new Request.ListLocks(),
                new Request.Unlock("2001:db8::/64"));
    }

    private static Request read(String method, String target, String body) {
        Routes.Found found = Routes.find(method, target);
        return ((Route.Operation) found.route().orElseThrow()).read(found.inPath(), found.query(), body);
    }

    @ParameterizedTest
    @MethodSource("everyRequest")
    void requestsSurviveTheWire(Request request) {
        Route.Operation route = Routes.of(request.getClass());
        String target = route.target(request);
        assertTrue(target.matches("/[!-~]+"), target);
        assertEquals(request, read(route.method().name(), target, route.body(request)));
    }

    @Test
    void everyRequestHasOneRoute() {
        Set<Class<?>> all = Set.of(Request.class.getPermittedSubclasses());
        assertEquals(
                all, new HashSet<>(everyRequest().stream().map(Object::getClass).toList()));
        assertEquals(
                all,
                new HashSet<>(Routes.ALL.stream()
                        .filter(Route.Operation.class::isInstance)
                        .map(route -> ((Route.Operation) route).request())
                        .toList()));
        assertEquals(
                Routes.ALL.size(),
                Routes.ALL.stream()
                        .map(route -> route.method() + route.path())
                        .distinct()
                        .count());
    }

    @Test
    void readersSeeStatesAndNotTheScreensOfGuests() {
        for (Route route : Routes.ALL) {
            boolean screen =
                    route.path().endsWith("/screenshot") || route.path().endsWith("/screen");
            assertEquals(route.method() == Method.GET && !screen, route.isForReaders(), route::toString);
        }
    }

    @Test
    void nothingThatHoldsASecretShowsIt() {
        Secret secret = Secret.of("hunter2".toCharArray());
        Request.AddUser request = new Request.AddUser("ann", secret, false);
        assertEquals("(secret)", secret.toString());
        assertFalse(request.toString().contains("hunter2"));
        assertFalse(Samples.ticket().toString().contains("0123456789"));
        Request.SendInput typed = new Request.SendInput(
                "lab", "", false, List.of(InputStep.text("hunter2"), InputStep.keys("shift-h", 0)));
        assertEquals("SendInput[console=lab, 2 steps]", typed.toString());
        assertEquals("[text, key]", typed.steps().toString());
        Route.Operation change = Routes.of(Request.ChangePassword.class);
        Request.ChangePassword changed = new Request.ChangePassword("ann", secret);
        assertEquals("/v1/users/ann/password", change.target(changed));
        assertEquals("{\"password\":\"hunter2\"}", change.body(changed));
    }

    @Test
    void theWireLooksAsDocumented() {
        Request.Attach attach = new Request.Attach("lab", "vnc://127.0.0.1:5900", 0, "", "");
        Route.Operation route = Routes.of(Request.Attach.class);
        assertEquals("/v1/consoles", route.target(attach));
        assertEquals(
                "{\"name\":\"lab\",\"address\":\"vnc://127.0.0.1:5900\",\"port\":0,\"passwordFile\":\"\",\"policy\":\"\"}",
                route.body(attach));
        assertEquals(attach, read("POST", "/v1/consoles", "{\"name\":\"lab\",\"address\":\"vnc://127.0.0.1:5900\"}"));
        assertEquals(
                "/v1/users/ann?disconnect=true",
                Routes.of(Request.RemoveUser.class).target(new Request.RemoveUser("ann", true)));
        assertEquals(new Request.RemoveUser("ann", false), read("DELETE", "/v1/users/%61nn", ""));
        assertEquals(new Request.Reload(), read("POST", "/v1/reload", ""));
        assertEquals(new Request.Reload(), read("POST", "/v1/reload", "{}"));
    }

    @Test
    void reportsSurviveTheWire() {
        for (Record report : List.of(
                Samples.agent(),
                new ConsoleList(List.of(Samples.demo(), Samples.withoutDisplay())),
                Samples.ticket(),
                Problem.of(404, "Not Found", "no"))) {
            Object json = Json.parse(ControlApi.toJson(report));
            assertEquals(report, RecordJson.fromJson((java.util.Map<?, ?>) json, report.getClass()));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST   | /v1/consoles                | []                     | not an object",
                "POST   | /v1/consoles                | {\"port\":\"x\"}       | 'port' is not a number",
                "POST   | /v1/consoles                | {\"port\":4294967296}  | 'port' is out of range",
                "POST   | /v1/consoles                | {\"name\":7}           | 'name' is not a string",
                "POST   | /v1/consoles                | {\"name\":[\"\"]}      | 'name' is not a string",
                "POST   | /v1/consoles                | {\"port\":0            | not JSON",
                "POST   | /v1/consoles                | GET / HTTP/1.1         | not JSON",
                "POST   | /v1/tickets                 | {\"view-only\":true}   | 'view-only' is not known here; known are console, seconds",
                "POST   | /v1/reload                  | {\"now\":true}         | 'now' is not known here",
                "POST   | /v1/reload?now=1            | ``                     | has no query",
                "PUT    | /v1/users/ann/password      | {\"user\":\"bob\"}     | 'user' is not known here",
                "GET    | /v1/consoles                | {}                     | has no body",
                "GET    | /v1/consoles?all=true       | ``                     | 'all' is not known here",
                "DELETE | /v1/users/ann?disconnect=1  | ``                     | 'disconnect' is not true or false",
                "DELETE | /v1/consoles/a/viewers/x    | ``                     | 'viewer' is not a number",
                "DELETE | /v1/consoles/a/viewers/     | ``                     | 'viewer' is not a number"
            })
    void refusesAnythingElseWithASentence(String method, String target, String body, String reason) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> read(method, target, body == null ? "" : body));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "v1/status",
                "http://rdpmux/v1/status",
                "/v1/%",
                "/v1/%4",
                "/v1/%zz",
                "/v1/%u0041",
                "/v1/%ff",
                "/v1/%c0%af",
                "/v1/a b",
                "/v1/\u00fc",
                "/v1/a#b",
                "/v1/\u0000",
                "/v1/\u007f",
                "/v1/x?",
                "/v1/x?a",
                "/v1/x?a=1&",
                "/v1/x?a=1&a=2",
                "/v1/x?a=%"
            })
    void refusesATargetThatIsNone(String target) {
        assertThrows(IllegalArgumentException.class, () -> Routes.find("GET", target));
    }

    @Test
    void tellsWhatIsNotThereFromWhatHasOtherMethods() {
        for (String target : List.of(
                "/", "/v1", "/v1/", "/v2/status", "/v1/status/", "//v1/status", "/V1/status", "/v1/../v1/status")) {
            assertEquals(List.of(), Routes.find("GET", target).allowed(), target);
        }
        Routes.Found found = Routes.find("PATCH", "/v1/consoles/lab");
        assertEquals(Optional.empty(), found.route());
        assertEquals(List.of(Method.GET, Method.DELETE), found.allowed());
    }

    @Test
    void everyTruncationOfABodyIsRefused() {
        Request.Attach attach = new Request.Attach("lab", "vnc://[::1]:5900", 3950, "/f", "tls");
        String body = Routes.of(Request.Attach.class).body(attach);
        for (int length = 1; length < body.length(); length++) {
            String cut = body.substring(0, length);
            assertThrows(IllegalArgumentException.class, () -> read("POST", "/v1/consoles", cut), cut);
        }
    }
}
