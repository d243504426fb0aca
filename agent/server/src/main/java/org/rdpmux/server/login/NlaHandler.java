// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.login;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.List;
import org.rdpmux.security.access.Admission.Inquiry;
import org.rdpmux.security.access.Login;
import org.rdpmux.security.nla.CredSspServer;
import org.rdpmux.security.nla.CredSspStep;
import org.rdpmux.security.nla.Refusal;

/**
 * Network level authentication between TLS and the connection sequence: cuts the decrypted stream into CredSSP's messages,
 * drives {@link CredSspServer}, then tells the connection the {@link Outcome} and makes way. Bytes that came
 * right behind CredSSP stay for the frame decoder.
 */
public final class NlaHandler extends ByteToMessageDecoder {

    /** As many first bytes tell a message's length. */
    private static final int HEAD = 6;

    private final CredSspServer credSsp;
    private final LoginAttempt attempt;
    private final boolean earlyAuthorization;
    private boolean begun;
    private boolean waiting;
    private boolean over;

    /** How far it has come, as a user event. */
    public enum Stage {
        /** TLS stands; the client may have to ask its user before it goes on. */
        TLS_ESTABLISHED,
        /** The client's first message has begun. */
        FIRST_MESSAGE
    }

    /** How it ended, as a user event. */
    public sealed interface Outcome {
        /** The client is who the login says. All of CredSSP's bytes are written. */
        record Admitted(Login login) implements Outcome {}

        /** The client has been told; the audit trail knows why. */
        record Refused(String reason) implements Outcome {}
    }

    /** @param earlyAuthorization whether HYBRID_EX was selected: the client waits for four bytes behind CredSSP */
    public NlaHandler(CredSspServer credSsp, LoginAttempt attempt, boolean earlyAuthorization) {
        this.credSsp = credSsp;
        this.attempt = attempt;
        this.earlyAuthorization = earlyAuthorization;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // To the connection sequence TLS and CredSSP are one step.
        boolean established = event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess();
        ctx.fireUserEventTriggered(established ? Stage.TLS_ESTABLISHED : event);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!begun) {
            begun = true;
            ctx.fireUserEventTriggered(Stage.FIRST_MESSAGE);
        }
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (waiting) {
            // CredSSP is strictly by turns.
            refused(ctx, credSsp.refuse(Refusal.MALFORMED, "a message out of turn"));
            return;
        }
        byte[] head = new byte[Math.min(HEAD, in.readableBytes())];
        in.getBytes(in.readerIndex(), head);
        int size = CredSspServer.frameSize(head, head.length);
        if (size < 0) {
            attempt.refuse(Refusal.MALFORMED.toString());
            end(ctx, new Outcome.Refused("no CredSSP message begins like this"));
        } else if (size > 0 && in.readableBytes() >= size) {
            byte[] message = new byte[size];
            in.readBytes(message);
            perform(ctx, credSsp.on(message));
        }
    }

    private void perform(ChannelHandlerContext ctx, CredSspStep step) {
        if (step instanceof CredSspStep.Reply reply) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(reply.bytes()));
        } else if (step instanceof CredSspStep.Identify identify) {
            waiting = true;
            attempt.inquire(identify.claim(), credSsp::knows, inquiry -> inquired(ctx, inquiry));
        } else if (step instanceof CredSspStep.Proven proven) {
            proven(ctx, proven);
        } else if (step instanceof CredSspStep.Refused refused) {
            refused(ctx, refused);
        }
    }

    private void inquired(ChannelHandlerContext ctx, Inquiry inquiry) {
        if (over || ctx.isRemoved()) {
            return;
        }
        waiting = false;
        if (inquiry instanceof Inquiry.Try found) {
            perform(ctx, credSsp.answer(found.credentials(), attempt.now()));
        } else if (inquiry instanceof Inquiry.LockedOut locked) {
            perform(
                    ctx,
                    credSsp.refuse(
                            Refusal.LOCKED_OUT,
                            "locked out until " + locked.until().time()));
        } else {
            perform(ctx, credSsp.refuse(Refusal.UNAVAILABLE, "cannot look up who may come in"));
        }
    }

    private void proven(ChannelHandlerContext ctx, CredSspStep.Proven proven) {
        Outcome outcome = attempt.admit(proven.credential())
                .<Outcome>map(Outcome.Admitted::new)
                .orElseGet(() -> new Outcome.Refused("proven, but not let in"));
        if (earlyAuthorization) {
            boolean allowed = outcome instanceof Outcome.Admitted;
            ctx.writeAndFlush(Unpooled.wrappedBuffer(CredSspServer.earlyAuthorization(allowed)));
        }
        end(ctx, outcome);
    }

    private void refused(ChannelHandlerContext ctx, CredSspStep step) {
        CredSspStep.Refused refused = (CredSspStep.Refused) step;
        refused.credential()
                .ifPresentOrElse(
                        attempt::deny, () -> attempt.refuse(refused.refusal().toString()));
        ctx.writeAndFlush(Unpooled.wrappedBuffer(refused.bytes()));
        end(ctx, new Outcome.Refused(refused.refusal() + ": " + refused.detail()));
    }

    private void end(ChannelHandlerContext ctx, Outcome outcome) {
        over = true;
        ctx.fireUserEventTriggered(outcome);
        if (outcome instanceof Outcome.Admitted) {
            ctx.pipeline().remove(this);
        }
    }

    /** Also when the connection ends: a client that leaves while it has to wait has guessed nothing. */
    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        over = true;
        attempt.abandon();
        credSsp.wipe();
    }
}
