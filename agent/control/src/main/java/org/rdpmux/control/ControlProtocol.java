// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Requests and replies as lines of JSON; the package's page shows them. Lines are given and taken without line feed. */
public final class ControlProtocol {

    /** Of requests and replies; raised when an older reader would misunderstand a newer writer. */
    public static final int VERSION = 1;

    /** Many times the longest sensible request: an address and a path. */
    public static final int MAX_REQUEST_BYTES = 16 * 1024;

    /** Room for thousands of consoles with viewers. */
    public static final int MAX_REPLY_BYTES = 16 * 1024 * 1024;

    /** How long a client may take for a request, and the agent for a reply. */
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final Map<String, Class<? extends Request>> REQUESTS = Stream.of(
                    Request.class.getPermittedSubclasses())
            .map(type -> type.<Request>asSubclass(Request.class))
            .collect(Collectors.toUnmodifiableMap(ControlProtocol::name, type -> type));

    private ControlProtocol() {}

    public static String encode(Request request) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("rdpmux", VERSION);
        members.put("request", name(request.getClass()));
        members.putAll(RecordJson.toJson((Record) request));
        return Json.write(members);
    }

    /**
     * Reads a request, which may be anything at all.
     *
     * @throws IllegalArgumentException a sentence for whoever wrote it
     */
    public static Request decodeRequest(String line) {
        Map<?, ?> members = object(line);
        checkVersion(members);
        Object name = members.get("request");
        if (!(name instanceof String)) {
            throw new IllegalArgumentException("'request' is missing or not a string");
        }
        Class<? extends Request> type = REQUESTS.get(name);
        if (type == null) {
            throw new IllegalArgumentException("there is no request of that name; known are "
                    + REQUESTS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return (Request) RecordJson.fromJson(members, type.asSubclass(Record.class));
    }

    public static String encode(Reply reply) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("rdpmux", VERSION);
        if (reply instanceof Reply.Ok ok) {
            members.put("ok", true);
            members.put("result", RecordJson.toJson(ok.result()));
        } else if (reply instanceof Reply.Refused refused) {
            members.put("ok", false);
            members.put("error", refused.error());
        }
        return Json.write(members);
    }

    /**
     * Reads a reply.
     *
     * @param type of the result, as the request says
     * @throws IllegalArgumentException if it is not a reply of this version with such a result
     */
    public static Reply decodeReply(String line, Class<? extends Record> type) {
        Map<?, ?> members = object(line);
        if (Boolean.FALSE.equals(members.get("ok")) && members.get("error") instanceof String error) {
            return new Reply.Refused(error);
        }
        checkVersion(members);
        if (Boolean.TRUE.equals(members.get("ok")) && members.get("result") instanceof Map<?, ?> result) {
            return new Reply.Ok(RecordJson.fromJson(result, type));
        }
        throw new IllegalArgumentException("neither a result nor an error");
    }

    /** A report as an object of JSON, for scripts. */
    public static String toJson(Record report) {
        return Json.write(RecordJson.toJson(report));
    }

    private static Map<?, ?> object(String line) {
        if (Json.parse(line) instanceof Map<?, ?> members) {
            return members;
        }
        throw new IllegalArgumentException("not an object of JSON");
    }

    private static void checkVersion(Map<?, ?> members) {
        if (!(members.get("rdpmux") instanceof Long version)) {
            throw new IllegalArgumentException("'rdpmux', the version of the control interface, is missing");
        }
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "version " + version + " of the control interface is not spoken here, only " + VERSION);
        }
    }

    /** {@code ListConsoles} is {@code list-consoles} on the wire. */
    private static String name(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
