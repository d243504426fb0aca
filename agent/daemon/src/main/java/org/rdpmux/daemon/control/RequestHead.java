// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.rdpmux.control.ControlApi;

/**
 * What the agent demands of a request before it reads its body. It is stricter than HTTP (RFC 9112) where a lenient reading has
 * let requests be taken for others, and where a browser could be led to send them.
 */
final class RequestHead {

    /** Fields that change what a request means: once at most. */
    private static final List<CharSequence> SINGLE = List.of(
            HttpHeaderNames.HOST,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.CONNECTION,
            EventStream.LAST_EVENT_ID);

    private static final Set<String> TYPES =
            Set.of(ControlApi.JSON, ControlApi.JSON + ";charset=utf-8", ControlApi.JSON + "; charset=utf-8");

    private static final Pattern ADDRESS =
            Pattern.compile("(?:localhost|[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]{2,45}])(?::[0-9]{1,5})?");

    private RequestHead() {}

    /** Reads requests; a body comes in pieces of any length. */
    static HttpRequestDecoder decoder() {
        HttpDecoderConfig config = new HttpDecoderConfig()
                .setMaxInitialLineLength(ControlApi.MAX_HEAD_BYTES)
                .setMaxHeaderSize(ControlApi.MAX_HEAD_BYTES)
                .setMaxChunkSize(ControlApi.MAX_REQUEST_BYTES)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true);
        return new HttpRequestDecoder(config) {
            @Override
            protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
                throw new IllegalArgumentException("Transfer-Encoding and Content-Length exclude each other");
            }
        };
    }

    /**
     * Why a request cannot be answered, after which nothing that follows on its connection can be understood.
     *
     * @param byAddress whether the host is to be asked by its address, not as {@link ControlApi#HOST}
     */
    static Optional<Reply.Refused> objection(HttpRequest request, boolean byAddress) {
        Throwable failure = request.decoderResult().cause();
        if (failure instanceof TooLongHttpLineException) {
            return refused(
                    HttpResponseStatus.REQUEST_URI_TOO_LONG,
                    "the request's line is longer than " + ControlApi.MAX_HEAD_BYTES + " bytes");
        }
        if (failure instanceof TooLongHttpHeaderException) {
            return refused(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "the request's fields are longer than " + ControlApi.MAX_HEAD_BYTES + " bytes");
        }
        if (failure != null) {
            return refused(
                    HttpResponseStatus.BAD_REQUEST, "this is not a request in HTTP/1.1: " + failure.getMessage());
        }
        if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return refused(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "the control API speaks HTTP/1.1 only");
        }
        HttpHeaders fields = request.headers();
        Optional<CharSequence> twice =
                SINGLE.stream().filter(name -> fields.getAll(name).size() > 1).findFirst();
        if (twice.isPresent()) {
            return refused(HttpResponseStatus.BAD_REQUEST, "the field '" + twice.get() + "' is there twice");
        }
        return origin(fields, byAddress).or(() -> framing(fields));
    }

    /** A browser names the page that has it ask, and the host that the page believes it asks. */
    private static Optional<Reply.Refused> origin(HttpHeaders fields, boolean byAddress) {
        String host = fields.get(HttpHeaderNames.HOST);
        if (host == null) {
            return refused(HttpResponseStatus.BAD_REQUEST, "the field 'host' is missing");
        }
        if (byAddress && !ADDRESS.matcher(host).matches()) {
            return refused(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "a name that leads here may be a web page's: ask by the address, or as localhost");
        }
        if (!byAddress && !host.equals(ControlApi.HOST)) {
            return refused(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "this is not the host that is asked; write http://" + ControlApi.HOST + "/...");
        }
        return fields.contains(HttpHeaderNames.ORIGIN)
                ? refused(HttpResponseStatus.FORBIDDEN, "web pages may not ask the agent: leave out the field 'origin'")
                : Optional.empty();
    }

    private static Optional<Reply.Refused> framing(HttpHeaders fields) {
        String coding = fields.get(HttpHeaderNames.TRANSFER_ENCODING);
        if (coding != null && !coding.equalsIgnoreCase("chunked")) {
            return refused(HttpResponseStatus.NOT_IMPLEMENTED, "the only transfer coding is chunked");
        }
        if (fields.contains(HttpHeaderNames.EXPECT)) {
            return refused(HttpResponseStatus.EXPECTATION_FAILED, "send the body at once, without the field 'expect'");
        }
        // A length that is no number was refused before, with the request.
        return Long.parseLong(fields.get(HttpHeaderNames.CONTENT_LENGTH, "0")) > ControlApi.MAX_REQUEST_BYTES
                ? Optional.of(tooLong())
                : Optional.empty();
    }

    static Reply.Refused tooLong() {
        return new Reply.Refused(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "a request's body has at most " + ControlApi.MAX_REQUEST_BYTES + " bytes");
    }

    /** Whether a body is said to be what the agent reads. */
    static boolean isJson(HttpHeaders fields) {
        return TYPES.contains(fields.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT));
    }

    private static Optional<Reply.Refused> refused(HttpResponseStatus status, String reason) {
        return Optional.of(new Reply.Refused(status, reason));
    }
}
