// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** A method and a path of the control API, and what is there. */
public sealed interface Route {

    Method method();

    /** With a name in braces for each segment that may be anything, such as {@code /v1/consoles/{console}}. */
    String path();

    /** Whether those may ask who only look at what there is: they see states, not the screens of guests. */
    default boolean isForReaders() {
        return method() == Method.GET;
    }

    /**
     * What the braces of the path stand for in a target.
     *
     * @return empty if the target is another one
     */
    default Optional<Map<String, String>> match(List<String> segments) {
        String[] template = path().substring(1).split("/", -1);
        if (template.length != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < template.length; i++) {
            if (template[i].startsWith("{")) {
                parameters.put(template[i].substring(1, template[i].length() - 1), segments.get(i));
            } else if (!template[i].equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    /** Events as they happen: {@link EventReport}s as server-sent events. */
    record Stream(String path) implements Route {
        @Override
        public Method method() {
            return Method.GET;
        }
    }

    /** What Prometheus scrapes: text in {@link ControlApi#METRICS_TEXT}. */
    record Metrics(String path) implements Route {
        @Override
        public Method method() {
            return Method.GET;
        }
    }

    /** Whether all is well with the agent: a {@link HealthReport}, or a refusal with the status 503. */
    record Health(String path) implements Route {
        @Override
        public Method method() {
            return Method.GET;
        }
    }

    /** {@link ControlApi#description}. */
    record Description(String path) implements Route {
        @Override
        public Method method() {
            return Method.GET;
        }
    }

    /**
     * A request and its answer. The request's components that the path does not name stand in the query, or, where the method
     * has a body, are the members of an object of JSON.
     *
     * @param request made from what a client sends
     * @param answer the report that answers it
     * @param status of a success
     */
    record Operation(
            Method method, String path, Class<? extends Request> request, Class<? extends Record> answer, int status)
            implements Route {

        /** The kind of the body of a success. */
        public String contentType() {
            return answer == Screenshot.class ? ControlApi.PNG : ControlApi.JSON;
        }

        @Override
        public boolean isForReaders() {
            return method == Method.GET && answer != Screenshot.class && answer != ScreenReport.class;
        }

        /**
         * Reads a request, which may be anything at all.
         *
         * @param inPath what {@link #match} gave
         * @param body text; may be empty
         * @throws IllegalArgumentException a sentence for whoever wrote it
         */
        public Request read(Map<String, String> inPath, Map<String, String> query, String body) {
            Map<String, Object> members = new LinkedHashMap<>(method.hasBody() ? object(body) : query);
            if (!method.hasBody() && !body.isEmpty()) {
                throw new IllegalArgumentException("a request with " + method + " has no body");
            }
            if (method.hasBody() && !query.isEmpty()) {
                throw new IllegalArgumentException("a request with " + method + " here has no query");
            }
            List<String> known = others();
            members.keySet().stream()
                    .filter(name -> !known.contains(name))
                    .findFirst()
                    .ifPresent(name -> {
                        throw new IllegalArgumentException("'" + name + "' is not known here"
                                + (known.isEmpty() ? "" : "; known are " + String.join(", ", known)));
                    });
            if (!method.hasBody()) {
                members.replaceAll((name, text) -> value(name, (String) text));
            }
            inPath.forEach((name, text) -> members.put(name, value(name, text)));
            return request.cast(RecordJson.fromJson(members, request.asSubclass(Record.class)));
        }

        private static Map<String, Object> object(String body) {
            if (body.isEmpty()) {
                return Map.of();
            }
            if (Json.parse(body) instanceof Map<?, ?> map) {
                Map<String, Object> members = new LinkedHashMap<>();
                map.forEach((name, value) -> members.put((String) name, value));
                return members;
            }
            throw new IllegalArgumentException("the body is not an object of JSON");
        }

        /** Text of a target as JSON would have it for the component. */
        private Object value(String name, String text) {
            for (RecordComponent component : request.getRecordComponents()) {
                if (component.getName().equals(name)) {
                    return component.getType() == String.class ? text : number(name, text, component.getType());
                }
            }
            throw new IllegalStateException(path + " names what " + request + " has not");
        }

        private static Object number(String name, String text, Class<?> type) {
            if (type == boolean.class && (text.equals("true") || text.equals("false"))) {
                return Boolean.valueOf(text);
            }
            try {
                if (type == long.class) {
                    return Long.valueOf(text);
                }
            } catch (NumberFormatException ignored) {
                // The sentence below is for both.
            }
            throw new IllegalArgumentException(
                    "'" + name + "' is not " + (type == boolean.class ? "true or false" : "a number"));
        }

        /** Components that the path does not name. */
        public List<String> others() {
            List<String> names = new ArrayList<>();
            for (RecordComponent component : request.getRecordComponents()) {
                if (!path.contains("{" + component.getName() + "}")) {
                    names.add(component.getName());
                }
            }
            return names;
        }

        /** The target of a request, as a client sends it. */
        String target(Request asked) {
            Map<String, Object> members = RecordJson.toJson((Record) asked);
            String target = path;
            StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
            List<String> others = others();
            for (Map.Entry<String, Object> member : members.entrySet()) {
                String text = Target.encode(String.valueOf(member.getValue()));
                if (!others.contains(member.getKey())) {
                    target = target.replace("{" + member.getKey() + "}", text);
                } else if (!method.hasBody()) {
                    query.add(member.getKey() + "=" + text);
                }
            }
            return target + query;
        }

        /** The body of a request; empty if it has none. */
        String body(Request asked) {
            Map<String, Object> members = RecordJson.toJson((Record) asked);
            members.keySet().retainAll(others());
            return method.hasBody() && !members.isEmpty() ? Json.write(members) : "";
        }
    }
}
