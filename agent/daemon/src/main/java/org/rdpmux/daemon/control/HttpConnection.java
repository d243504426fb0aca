// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.WriteTimeoutException;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.rdpmux.control.ControlApi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the control socket: a request in, an answer out, the next request only then. Belongs to its channel's loop;
 * expects a handler before it that holds back what was read while nobody reads.
 */
final class HttpConnection extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private final ApiRequests requests;
    private final Duration deadline;
    private final Optional<Reply.Refused> refusal;
    private Future<?> expiry;
    /** The request whose body is being read, or that is worked on. */
    private HttpRequest head;

    private ByteArrayOutputStream body;
    /** Nothing more is read: the last answer was written, or is being written. */
    private boolean ending;

    private EventStream stream;
    /** Of the request that is worked on. */
    private CompletableFuture<Void> gone = new CompletableFuture<>();

    /**
     * Has a new connection served.
     *
     * @param deadline for a request to arrive, and for the client to take what was written
     * @param refusal what to answer to the first request instead of carrying it out
     */
    static void serve(Channel client, ApiRequests requests, Duration deadline, Optional<Reply.Refused> refusal) {
        client.pipeline()
                .addLast(new WriteTimeoutHandler(deadline.toMillis(), TimeUnit.MILLISECONDS))
                .addLast(RequestHead.decoder())
                .addLast(new HttpResponseEncoder())
                .addLast(new FlowControlHandler())
                .addLast(new HttpConnection(requests, deadline, refusal));
    }

    /** See {@link #serve}. */
    HttpConnection(ApiRequests requests, Duration deadline, Optional<Reply.Refused> refusal) {
        this.requests = requests;
        this.deadline = deadline;
        this.refusal = refusal;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        awaitRequest(ctx);
    }

    /** From the first byte or none to a whole request: however slowly it drips, there is one deadline. */
    private void awaitRequest(ChannelHandlerContext ctx) {
        head = null;
        expiry = ctx.executor().schedule(() -> expire(ctx), deadline.toMillis(), TimeUnit.MILLISECONDS);
        ctx.channel().config().setAutoRead(true);
    }

    private void expire(ChannelHandlerContext ctx) {
        end(ctx, HttpResponseStatus.REQUEST_TIMEOUT, "no request within " + deadline.toMillis() + " ms");
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (ending) {
            return;
        }
        if (stream != null) {
            ctx.close(); // who takes events does not ask meanwhile
            return;
        }
        if (message instanceof HttpRequest request) {
            head = request;
            body = new ByteArrayOutputStream();
            Optional<Reply.Refused> objection = refusal.or(() -> requests.objection(request));
            if (objection.isPresent()) {
                end(ctx, objection.get());
                return;
            }
        }
        if (message instanceof HttpContent content) {
            readBody(ctx, content);
        }
    }

    private void readBody(ChannelHandlerContext ctx, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            end(ctx, HttpResponseStatus.BAD_REQUEST, "the request's body is not as HTTP/1.1 has it");
            return;
        }
        if (body.size() + content.content().readableBytes() > ControlApi.MAX_REQUEST_BYTES) {
            end(ctx, RequestHead.tooLong());
            return;
        }
        byte[] bytes = new byte[content.content().readableBytes()];
        content.content().readBytes(bytes);
        body.writeBytes(bytes);
        if (content instanceof LastHttpContent last) {
            ctx.channel().config().setAutoRead(false);
            expiry.cancel(false);
            if (last.trailingHeaders().isEmpty()) {
                handle(ctx);
            } else {
                end(ctx, HttpResponseStatus.BAD_REQUEST, "fields after the body are not understood");
            }
        }
    }

    private void handle(ChannelHandlerContext ctx) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            end(ctx, HttpResponseStatus.BAD_REQUEST, "the request's body is not UTF-8");
            return;
        }
        body = null;
        if (requests.isStream(head)) {
            beginStream(ctx);
            return;
        }
        gone = new CompletableFuture<>();
        requests.handle(head, text, gone)
                .whenComplete((answer, error) -> ctx.executor().execute(() -> {
                    if (error == null) {
                        answer(ctx, answer);
                    } else {
                        LOG.error("{} {} failed", head.method(), head.uri(), error);
                        end(
                                ctx,
                                HttpResponseStatus.INTERNAL_SERVER_ERROR,
                                "the agent failed at this; its log says more");
                    }
                }));
    }

    private void beginStream(ChannelHandlerContext ctx) {
        Optional<EventStream> begun = requests.events().stream(ctx.channel(), head.headers());
        if (begun.isEmpty()) {
            end(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, "too many are watching events already; end one of them");
            return;
        }
        stream = begun.get();
        ctx.channel().config().setAutoRead(true); // so that it is seen when the client leaves
    }

    private void answer(ChannelHandlerContext ctx, FullHttpResponse answer) {
        boolean last = head.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        write(ctx, answer, last).addListener(written -> {
            if (written.isSuccess() && !last) {
                awaitRequest(ctx);
            }
        });
    }

    private ChannelFuture write(ChannelHandlerContext ctx, FullHttpResponse answer, boolean last) {
        if (last) {
            ending = true;
            answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        boolean bare = head != null && head.method().equals(HttpMethod.HEAD);
        ChannelFuture written = ctx.writeAndFlush(bare ? Answers.withoutBody(answer) : answer);
        return last ? written.addListener(ChannelFutureListener.CLOSE) : written;
    }

    private void end(ChannelHandlerContext ctx, HttpResponseStatus status, String reason) {
        end(ctx, new Reply.Refused(status, reason));
    }

    /** Says why and hangs up. */
    private void end(ChannelHandlerContext ctx, Reply.Refused refused) {
        expiry.cancel(false);
        body = null;
        write(ctx, Answers.problem(refused), true);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (stream != null) {
            stream.pump();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (expiry != null) {
            expiry.cancel(false);
        }
        if (stream != null) {
            stream.close();
        }
        gone.complete(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof WriteTimeoutException) {
            LOG.debug("control connection", cause);
        } else {
            LOG.error("a defect while serving a control connection", cause);
        }
        ctx.close();
    }
}
