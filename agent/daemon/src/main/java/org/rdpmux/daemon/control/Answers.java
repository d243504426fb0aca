// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import org.rdpmux.control.ControlApi;
import org.rdpmux.control.Problem;

/** Answers of the control API as HTTP has them. Whoever makes one writes it, which releases it. */
final class Answers {

    private Answers() {}

    /** @param success the status if it was carried out */
    static FullHttpResponse of(HttpResponseStatus success, Reply reply) {
        if (reply instanceof Reply.Metrics metrics) {
            return text(success, ControlApi.METRICS_TEXT, metrics.text());
        }
        if (reply instanceof Reply.Picture picture) {
            FullHttpResponse answer = answer(success, ControlApi.PNG, new CountedBytes(picture));
            answer.headers().set(ControlApi.SCREEN_VERSION, picture.version());
            return answer;
        }
        return reply instanceof Reply.Ok done
                ? text(
                        success,
                        ControlApi.JSON,
                        ControlApi.toJson(done.result()).getBytes(StandardCharsets.UTF_8))
                : problem((Reply.Refused) reply);
    }

    static FullHttpResponse problem(Reply.Refused refused) {
        HttpResponseStatus status = refused.status();
        Problem problem = Problem.of(status.code(), status.reasonPhrase(), refused.reason());
        byte[] body = ControlApi.toJson(problem).getBytes(StandardCharsets.UTF_8);
        FullHttpResponse answer = text(status, ControlApi.PROBLEM_JSON, body);
        if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
            answer.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
        }
        return answer;
    }

    static FullHttpResponse text(HttpResponseStatus status, String type, byte[] body) {
        return answer(status, type, Unpooled.wrappedBuffer(body));
    }

    private static FullHttpResponse answer(HttpResponseStatus status, String type, ByteBuf body) {
        FullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        answer.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        return answer;
    }

    /**
     * A picture's bytes, which tell when they are released: that is all that happens to an answer in every case. Direct, since
     * Netty would release others as soon as it has copied them.
     */
    private static final class CountedBytes extends UnpooledDirectByteBuf {
        private final Runnable sent;

        CountedBytes(Reply.Picture picture) {
            super(UnpooledByteBufAllocator.DEFAULT, picture.png().length, picture.png().length);
            sent = picture.sent();
            writeBytes(picture.png());
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            sent.run();
        }
    }

    /** The same without its body, for HEAD: the length stays that of the body it would have. */
    static FullHttpResponse withoutBody(FullHttpResponse answer) {
        FullHttpResponse head = answer.replace(Unpooled.EMPTY_BUFFER);
        answer.release();
        return head;
    }
}
