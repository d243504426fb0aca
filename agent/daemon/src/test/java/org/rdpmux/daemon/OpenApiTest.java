// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rdpmux.control.ControlApi;
import org.rdpmux.control.EventReport;
import org.rdpmux.control.HealthReport;
import org.rdpmux.control.Json;
import org.rdpmux.control.Problem;
import org.rdpmux.control.Route;
import org.rdpmux.control.Routes;
import org.rdpmux.control.Secret;
import org.rdpmux.daemon.control.RawClient;
import org.rdpmux.libvirt.DomainEvent;

/** The description of the control API says what the agent does. */
class OpenApiTest extends AgentFixture {

    private static Map<?, ?> description;

    @BeforeAll
    static void read() throws Exception {
        description = (Map<?, ?>) Json.parse(new String(ControlApi.description(), StandardCharsets.UTF_8));
    }

    /** A member of a member of a member. */
    private static Map<?, ?> at(Map<?, ?> from, String... names) {
        Map<?, ?> value = from;
        for (String name : names) {
            assertTrue(value.get(name) instanceof Map<?, ?>, () -> "no '" + name + "' of " + List.of(names));
            value = (Map<?, ?>) value.get(name);
        }
        return value;
    }

    private static Map<?, ?> operation(Route route) {
        return at(description, "paths", route.path(), route.method().name().toLowerCase(Locale.ROOT));
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> described = new TreeSet<>();
        at(description, "paths")
                .forEach((path, methods) -> ((Map<?, ?>) methods)
                        .keySet()
                        .forEach(method -> described.add(method.toString().toUpperCase(Locale.ROOT) + " " + path)));
        Set<String> routes = new TreeSet<>();
        Routes.ALL.forEach(route -> routes.add(route.method() + " " + route.path()));
        assertEquals(routes, described);
    }

    @Test
    void everyRequestAndSuccessIsDescribedAsItIs() {
        for (Route route : Routes.ALL) {
            if (route instanceof Route.Operation operation) {
                Map<?, ?> described = operation(route);
                Set<String> names = new HashSet<>();
                if (described.get("parameters") instanceof List<?> parameters) {
                    parameters.forEach(parameter -> names.add((String) ((Map<?, ?>) parameter).get("name")));
                }
                if (described.containsKey("requestBody")) {
                    Map<?, ?> schema = at(described, "requestBody", "content", ControlApi.JSON, "schema");
                    at(schema, "properties").keySet().forEach(name -> names.add((String) name));
                }
                Set<String> components = new HashSet<>();
                for (RecordComponent component : operation.request().getRecordComponents()) {
                    components.add(component.getName());
                }
                assertEquals(components, names, route::toString);
                String status = String.valueOf(operation.status());
                String schema = operation.contentType().equals(ControlApi.JSON)
                        ? "#/components/schemas/" + operation.answer().getSimpleName()
                        : null;
                assertEquals(
                        schema,
                        at(described, "responses", status, "content", operation.contentType(), "schema")
                                .get("$ref"),
                        route::toString);
            }
        }
    }

    @Test
    void everyReportIsDescribedMemberByMember() {
        Set<Class<?>> reports = new LinkedHashSet<>(List.of(Problem.class, EventReport.class, HealthReport.class));
        for (Route route : Routes.ALL) {
            if (route instanceof Route.Operation operation
                    && operation.contentType().equals(ControlApi.JSON)) {
                reports.add(operation.answer());
            }
        }
        List<Class<?>> left = new ArrayList<>(reports);
        while (!left.isEmpty()) {
            Class<?> report = left.remove(0);
            Map<String, String> expected = new TreeMap<>();
            for (RecordComponent component : report.getRecordComponents()) {
                expected.put(component.getName(), kind(component.getGenericType(), reports, left));
            }
            Map<String, String> described = new TreeMap<>();
            Map<?, ?> schema = at(description, "components", "schemas", report.getSimpleName());
            at(schema, "properties")
                    .forEach((name, property) -> described.put((String) name, kind((Map<?, ?>) property)));
            assertEquals(expected, described, report.getSimpleName());
            assertEquals(
                    expected.keySet(), new TreeSet<Object>((List<?>) schema.get("required")), report.getSimpleName());
        }
        Set<String> names = new TreeSet<>();
        reports.forEach(report -> names.add(report.getSimpleName()));
        assertEquals(
                names,
                new TreeSet<Object>(at(description, "components", "schemas").keySet()));
    }

    private static String kind(Type type, Set<Class<?>> known, List<Class<?>> left) {
        if (type instanceof ParameterizedType list) {
            return "array of " + kind(list.getActualTypeArguments()[0], known, left);
        }
        Class<?> c = (Class<?>) type;
        if (c == String.class || c == Secret.class) {
            return "string";
        }
        if (c.isRecord()) {
            if (known.add(c)) {
                left.add(c);
            }
            return c.getSimpleName();
        }
        return c == boolean.class ? "boolean" : "integer";
    }

    private static String kind(Map<?, ?> property) {
        if (property.get("$ref") instanceof String ref) {
            return ref.replaceFirst(".*/", "");
        }
        String type = (String) property.get("type");
        return type.equals("array") ? "array of " + kind(at(property, "items")) : type;
    }

    /** What is sent and what is answered, over the wire. */
    @Test
    void everyRouteTakesAndAnswersWhatIsDescribed() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "web1", 1));
        Set<Route> asked = new HashSet<>();
        try (RawClient client = new RawClient(directory.resolve("run/control.sock"))) {
            for (String[] exchange : new String[][] {
                {"GET /v1/status", "", "200"},
                {"GET /v1/configuration", "", "200"},
                {"POST /v1/reload", "", "200"},
                {"GET /v1/consoles", "", "200"},
                {"POST /v1/consoles", "{\"name\":\"lab\",\"address\":\"vnc://127.0.0.1:1\",\"port\":0}", "201"},
                {"POST /v1/consoles", "{\"name\":\"lab\",\"address\":\"vnc://127.0.0.1:1\"}", "409"},
                {"POST /v1/consoles", "{\"name\":\"a b\",\"address\":\"vnc://127.0.0.1:1\"}", "422"},
                {"GET /v1/consoles/" + DEMO, "", "200"},
                {"GET /v1/consoles/none", "", "404"},
                {"GET /v1/consoles/web1/screenshot", "", "200"},
                {"GET /v1/consoles/none/screenshot", "", "404"},
                {"GET /v1/consoles/web1/screenshot?x=0&y=0&width=721&height=1", "", "409"},
                {"GET /v1/consoles/web1/screen", "", "200"},
                {"GET /v1/consoles/web1/screen?after=1&seconds=1&width=9&height=9", "", "200"},
                {"GET /v1/consoles/web1/screen?seconds=3601", "", "422"},
                {"POST /v1/consoles/web1/input", "{\"steps\":[{\"type\":\"key\",\"key\":\"ctrl-alt-delete\"}]}", "200"},
                {"POST /v1/consoles/web1/input", "{\"steps\":[{\"type\":\"key\",\"key\":\"any\"}]}", "422"},
                {"GET /v1/consoles/web1/viewers", "", "200"},
                {"DELETE /v1/consoles/web1/viewers", "", "200"},
                {"DELETE /v1/consoles/web1/viewers/7", "", "404"},
                {"DELETE /v1/consoles/lab", "", "200"},
                {"DELETE /v1/consoles/lab", "", "404"},
                {"POST /v1/guests/" + DEMO + "/refresh", "", "202"},
                {"POST /v1/guests/web1/refresh", "", "422"},
                {"POST /v1/users", "{\"user\":\"ann\",\"password\":\"x\",\"viewOnly\":true}", "201"},
                {"POST /v1/users", "{\"user\":\"Ann\",\"password\":\"x\"}", "409"},
                {"POST /v1/users", "{\"user\":\"bob\",\"password\":\"\"}", "422"},
                {"GET /v1/users", "", "200"},
                {"PUT /v1/users/ann/password", "{\"password\":\"y\"}", "200"},
                {"PUT /v1/users/bob/password", "{\"password\":\"y\"}", "404"},
                {"POST /v1/tickets", "{\"console\":\"web1\",\"seconds\":60}", "201"},
                {"POST /v1/tickets", "{\"console\":\"web1\",\"seconds\":86401}", "422"},
                {"GET /v1/tickets", "", "200"},
                {"DELETE /v1/tickets/none", "", "404"},
                {"DELETE /v1/users/ann?disconnect=true", "", "200"},
                {"GET /v1/locks", "", "200"},
                {"DELETE /v1/locks/192.0.2.1", "", "404"},
                {"GET /v1/openapi.json", "", "200"},
                {"GET /metrics", "", "200"},
                {"GET /metrics?name=x", "", "400"},
                {"GET /health/live", "", "200"},
                {"GET /health/ready", "", "200"},
                {"GET /v1/none", "", "404"},
                {"POST /v1/status", "", "405"}
            }) {
                exchange(client, exchange[0], exchange[1], exchange[2]).ifPresent(asked::add);
            }
            client.say("GET /v1/events HTTP/1.1\r\nHost: rdpmux\r\nLast-Event-ID: another-1\r\n\r\n");
            assertEquals(200, client.hearHead().status());
            assertValid(Map.of("$ref", "#/components/schemas/EventReport"), client.hearEvent());
            asked.add(Routes.EVENTS);
        }
        assertEquals(Set.copyOf(Routes.ALL), asked);
    }

    /** The route that was asked, if there is one. */
    private static Optional<Route> exchange(RawClient client, String line, String body, String status)
            throws Exception {
        client.say(line + " HTTP/1.1\r\nHost: rdpmux\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
        RawClient.Answer answer = client.hear();
        assertEquals(status, String.valueOf(answer.status()), line + ": " + answer.body());
        String[] words = line.split(" ");
        Optional<Route> route = Routes.find(words[0], words[1]).route();
        if (route.isEmpty()) {
            assertValid(Map.of("$ref", "#/components/schemas/Problem"), answer.body());
            return route;
        }
        Map<?, ?> operation = operation(route.get());
        Map<?, ?> responses = at(operation, "responses");
        Map<?, ?> response = at(responses, responses.containsKey(status) ? status : "default");
        if (response.get("$ref") instanceof String ref) {
            response = at(description, "components", "responses", ref.replaceFirst(".*/", ""));
        }
        String type = answer.fields().get("content-type");
        boolean isText = type.equals(ControlApi.METRICS_TEXT) || type.equals(ControlApi.PNG);
        String json = isText ? Json.write(answer.body()) : answer.body();
        assertValid(at(response, "content", type, "schema"), json);
        if (!body.isEmpty()) {
            assertValid(at(operation, "requestBody", "content", ControlApi.JSON, "schema"), body);
        }
        return route;
    }

    private static void assertValid(Map<?, ?> schema, String json) {
        Map<Object, Object> whole = new LinkedHashMap<>(schema);
        whole.put("components", at(description, "components"));
        Schema compiled = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Json.write(whole), InputFormat.JSON);
        assertEquals(List.of(), compiled.validate(json, InputFormat.JSON), json);
    }

    private static boolean isAnswer(String line, String output) {
        if (line.endsWith("/screenshot")) {
            return output.isEmpty(); // it is written to a file
        }
        return line.endsWith("/metrics") ? output.startsWith("# HELP ") : Json.parse(output) instanceof Map<?, ?>;
    }

    @Test
    void theDocumentationRunsAsWritten() throws Exception {
        start();
        tell(new DomainEvent.Listed(), started(DEMO, "web1", 1));
        ApiDocument document = ApiDocument.read(Path.of("../../docs/api.md"));
        assertTrue(document.lines().size() > 15, document::toString);
        for (String line : document.lines()) {
            ApiDocument.Outcome outcome = document.run(line, directory.resolve("run"));
            boolean thingThatIsNotThere =
                    line.contains("/viewers/7") || line.contains("7f3kq9wd") || line.contains("/locks/");
            assertEquals(
                    thingThatIsNotThere && line.contains("DELETE") ? 22 : 0,
                    outcome.status(),
                    line + ": " + outcome.output());
            assertTrue(isAnswer(line, outcome.output()), line + ": " + outcome.output());
        }
    }
}
