// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the head and the body of one answer in HTTP/1.1 (RFC 9112): strictly, since the agent wrote it, and within bounds. One
 * thread.
 */
final class HttpAnswer {

    private static final int END = -1;

    /** Of a chunk: as long as a line of a head. */
    private static final int MAX_CHUNK_DIGITS = 7;

    private final Source source;
    private final int status;
    private final Map<String, String> fields = new HashMap<>();
    /** Of the body, or of its present chunk, what is still to come; -1 before a chunk. */
    private long rest;

    private boolean firstChunk = true;

    /** Where bytes come from. */
    @FunctionalInterface
    interface Source {
        /** The next byte, 0 to 255; there always is one. */
        int next() throws IOException;
    }

    /**
     * Reads the head.
     *
     * @throws IOException if it is none, or what the source says
     */
    HttpAnswer(Source source) throws IOException {
        this.source = source;
        int[] left = {ControlApi.MAX_HEAD_BYTES};
        String first = line(left);
        if (!first.matches("HTTP/1\\.1 [2-5][0-9][0-9] .*")) {
            throw wrong("no status line");
        }
        status = Integer.parseInt(first.substring(9, 12));
        for (String line = line(left); !line.isEmpty(); line = line(left)) {
            int colon = line.indexOf(':');
            if (colon < 1
                    || fields.put(
                                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                                    line.substring(colon + 1).strip())
                            != null) {
                throw wrong("a field that is none, or is there twice");
            }
        }
        rest = isChunked() ? END : length();
    }

    int status() {
        return status;
    }

    /** The kind of the body; empty if it does not say. */
    String contentType() {
        return fields.getOrDefault("content-type", "");
    }

    /** @param name in lower case @return empty if there is none */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    private boolean isChunked() throws IOException {
        String coding = fields.get("transfer-encoding");
        if (coding != null && (!coding.equals("chunked") || fields.containsKey("content-length"))) {
            throw wrong("another coding than chunked");
        }
        return coding != null;
    }

    private long length() throws IOException {
        String length = fields.getOrDefault("content-length", "");
        if (!length.matches("[0-9]{1,18}")) {
            throw wrong("no length");
        }
        return Long.parseLong(length);
    }

    /** The whole body as text. */
    String text() throws IOException {
        return new String(bytes(ControlApi.MAX_REPLY_BYTES), StandardCharsets.UTF_8);
    }

    /**
     * The whole body.
     *
     * @param most a longer one is refused
     */
    byte[] bytes(int most) throws IOException {
        if (rest > most) {
            throw tooLong(most);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int b = next(); b != END; b = next()) {
            if (body.size() == most) {
                throw tooLong(most);
            }
            body.write(b);
        }
        return body.toByteArray();
    }

    private static IOException tooLong(int most) {
        return new IOException("the agent's answer is longer than " + most + " bytes");
    }

    /** The next byte of the body; -1 at its end. */
    int next() throws IOException {
        if (rest == END) {
            beginChunk();
        }
        if (rest == 0) {
            return END;
        }
        rest--;
        int b = source.next();
        if (rest == 0 && fields.containsKey("transfer-encoding")) {
            rest = END;
        }
        return b;
    }

    private void beginChunk() throws IOException {
        int[] left = {ControlApi.MAX_HEAD_BYTES};
        if (!firstChunk && !line(left).isEmpty()) {
            throw wrong("a chunk that does not end");
        }
        firstChunk = false;
        String size = line(left);
        if (!size.matches("[0-9a-fA-F]{1," + MAX_CHUNK_DIGITS + "}")) {
            throw wrong("a chunk without a length");
        }
        rest = Integer.parseInt(size, 16);
        if (rest == 0 && !line(left).isEmpty()) {
            throw wrong("fields after the body");
        }
    }

    /**
     * A line without its end.
     *
     * @param left bytes that may still come
     */
    private String line(int[] left) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = source.next(); b != '\n'; b = source.next()) {
            if (left[0]-- == 0) {
                throw wrong("lines that do not end");
            }
            line.append((char) b);
        }
        int end = line.length() - 1;
        if (end < 0 || line.charAt(end) != '\r') {
            throw wrong("a line without carriage return");
        }
        return line.substring(0, end);
    }

    private static IOException wrong(String what) {
        return new IOException("the agent's answer is not understood: it is not HTTP/1.1, but has " + what);
    }
}
