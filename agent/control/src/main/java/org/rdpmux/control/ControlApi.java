// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** What both sides of the control API agree on, besides the {@link Routes}. */
public final class ControlApi {

    /** The only authority that requests may name in {@code Host}: what is sent elsewhere is not for the agent. */
    public static final String HOST = "rdpmux";

    /** The socket in the agent's runtime directory. */
    public static final String SOCKET = "control.sock";

    /** The socket beside it at which nothing can be changed. */
    public static final String READ_ONLY_SOCKET = "control-ro.sock";

    public static final String JSON = "application/json";

    /** Of refusals, which are a {@link Problem} each (RFC 9457). */
    public static final String PROBLEM_JSON = "application/problem+json";

    /** Of a {@link Screenshot}. */
    public static final String PNG = "image/png";

    /** The field of an answer that has the {@link Screenshot#version}. */
    public static final String SCREEN_VERSION = "Screen-Version";

    public static final String EVENT_STREAM = "text/event-stream";

    /** Of metrics: the text format of Prometheus. */
    public static final String METRICS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** Of a request's body: many times the longest sensible one, an address and a path. */
    public static final int MAX_REQUEST_BYTES = 16 * 1024;

    /** Of a request's or an answer's first line and fields. */
    public static final int MAX_HEAD_BYTES = 8 * 1024;

    /** Of an answer's body: room for thousands of consoles with viewers. */
    public static final int MAX_REPLY_BYTES = 16 * 1024 * 1024;

    /** Of a {@link Screenshot}: as much as the largest screen can take. */
    public static final int MAX_PICTURE_BYTES = 128 * 1024 * 1024;

    /** How long a client may take for a request, and the agent for an answer. */
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    private ControlApi() {}

    /** A report as an object of JSON. */
    public static String toJson(Record report) {
        return Json.write(RecordJson.toJson(report));
    }

    /** The description of the API in the form of OpenAPI 3.1, as JSON in UTF-8. */
    public static byte[] description() throws IOException {
        try (InputStream in = ControlApi.class.getResourceAsStream("openapi.json")) {
            return in.readAllBytes();
        }
    }
}
