// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The target of a request in origin form (RFC 9112, section 3.2.1), taken apart and decoded (RFC 3986). A slash in the name of
 * something is {@code %2F}; {@code +} is a plus.
 *
 * @param segments of the path, one or more, any of which may be empty
 * @param query parameters in their order
 */
record Target(List<String> segments, Map<String, String> query) {

    /** What stands for itself, besides letters and digits. */
    private static final String READABLE = "-._~:@!$'()*,;";

    Target {
        segments = List.copyOf(segments);
    }

    /** @throws IllegalArgumentException a sentence */
    static Target parse(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("the request's target is not a path, which begins with '/'");
        }
        int question = text.indexOf('?');
        List<String> segments = new ArrayList<>();
        for (String segment :
                (question < 0 ? text : text.substring(0, question)).substring(1).split("/", -1)) {
            segments.add(decode(segment));
        }
        Map<String, String> query = new LinkedHashMap<>();
        if (question >= 0) {
            for (String parameter : text.substring(question + 1).split("&", -1)) {
                int equals = parameter.indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException("the query is not NAME=VALUE, with '&' between two");
                }
                String name = decode(parameter.substring(0, equals));
                if (query.put(name, decode(parameter.substring(equals + 1))) != null) {
                    throw new IllegalArgumentException("the query has '" + name + "' twice");
                }
            }
        }
        return new Target(segments, query);
    }

    private static String decode(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c <= ' ' || c > '~' || c == '#') {
                throw new IllegalArgumentException(
                        "the request's target has a character that is to be percent-encoded");
            }
            boolean encoded = c == '%';
            bytes.put((byte) (encoded ? digit(text, at + 1) << 4 | digit(text, at + 2) : c));
            at += encoded ? 3 : 1;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the request's target is not percent-encoded UTF-8", e);
        }
    }

    private static int digit(String text, int at) {
        int digit = at < text.length() && text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
        if (digit < 0) {
            throw new IllegalArgumentException("the request's target has a '%' without two hexadecimal digits");
        }
        return digit;
    }

    /** A segment, or a part of a query, as {@link #parse} reads it. */
    static String encode(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || READABLE.indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append(String.format("%%%02X", (int) c));
            }
        }
        return out.toString();
    }
}
