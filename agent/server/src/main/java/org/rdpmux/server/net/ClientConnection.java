// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.security.access.Login;
import org.rdpmux.security.nla.ChannelBinding;
import org.rdpmux.security.nla.CredSspServer;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.client.ClientOutput;
import org.rdpmux.server.client.ClientSession;
import org.rdpmux.server.client.OutputScheduler.Kind;
import org.rdpmux.server.connection.Action;
import org.rdpmux.server.connection.ConnectionState;
import org.rdpmux.server.connection.Inbound;
import org.rdpmux.server.connection.Step;
import org.rdpmux.server.login.LoginAttempt;
import org.rdpmux.server.login.NlaHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: drives its connection sequence, from the first bytes to the end, and hands what concerns the
 * console to its {@link ClientSession}. Lives on the channel's loop. It has a field for each thing that a connection gathers
 * on its way, in that order.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements ClientSession.Connection {

    static final long TLS_SECONDS = 10;

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private static final ActionTable<ClientConnection> ACTIONS = new ActionTable<ClientConnection>()
            .on(Action.Send.class, (c, send) -> c.send(send.pdu()))
            .on(
                    Action.StartTls.class,
                    (c, start) -> c.startTls(c.context.tls().identity().get()))
            .on(Action.StartNla.class, (c, start) -> c.startNla(start.earlyUserAuthorization()))
            .on(Action.Preconnected.class, (c, preconnected) -> {})
            .on(Action.VerifyCredentials.class, (c, verify) -> c.attempt.verify(verify.credentials(), c::verified))
            .on(Action.AskDesktopSize.class, (c, ask) -> c.join())
            .on(Action.Activated.class, ClientConnection::activated)
            .on(Action.Deactivated.class, (c, deactivated) -> c.deactivated())
            .on(Action.Input.class, (c, input) -> c.session.input(input.events()))
            .on(
                    Action.OutputWanted.class,
                    (c, wanted) -> c.session.outputWanted(wanted.visible().isPresent()))
            .on(Action.Refresh.class, (c, refresh) -> c.session.refresh(refresh.areas()))
            .on(Action.FrameAcknowledged.class, (c, ack) -> c.session.acknowledged(ack.frameId()))
            .on(Action.ChannelData.class, (c, chunk) -> c.session.received(chunk))
            .on(Action.Close.class, (c, close) -> c.close(close.reason(), close.expected()))
            .checked();

    private final ConnectionContext context;
    private final InetSocketAddress remote;
    private final ConnectionLimiter.Slot slot;
    private ConnectionState state;
    private ChannelHandlerContext ctx;
    private Deadlines deadlines;
    private ClientOutput output;
    private LoginAttempt attempt;
    /** INVARIANT: set before the client joins the console. */
    private Login login;
    /** From joining the console on. */
    private ClientSession session;

    private boolean closing;
    private String leaveReason = "the client closed the connection";

    ClientConnection(ConnectionContext context, InetSocketAddress remote, ConnectionLimiter.Slot slot) {
        this.context = context;
        this.remote = remote;
        this.slot = slot;
        this.state = context.firstState();
    }

    // ---- from the channel ----

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        attempt = new LoginAttempt(context.login(), remote, added.executor());
        output = new ClientOutput(added, () -> session.drained());
        deadlines = new Deadlines(added.executor(), context.handshakeNanos(), this::refuse);
    }

    @Override
    public void channelRead(ChannelHandlerContext unused, Object message) {
        try {
            if (closing) {
                return;
            }
            deadlines.bytesCame();
            if (message instanceof ByteBuf frame) {
                step(new Inbound.Frame(frame));
            } else {
                step((Inbound) message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext unused, Object event) {
        if (closing) {
            return;
        }
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                step(new Inbound.TlsEstablished());
            } else {
                fail(handshake.cause());
            }
        } else if (event instanceof NlaHandler.Outcome.Admitted admitted) {
            login = admitted.login();
            step(new Inbound.NlaSucceeded());
        } else if (event instanceof NlaHandler.Outcome.Refused refused) {
            close(refused.reason(), true);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext unused) {
        output.flush();
    }

    /** TLS answers by itself, too, such as requests for new keys, which nobody sees here but for what piles up. */
    @Override
    public void channelReadComplete(ChannelHandlerContext unused) {
        if (!closing && output.isOverrun()) {
            refuseWhoDoesNotRead();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext unused, Throwable cause) {
        fail(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext unused) {
        closing = true;
        deadlines.stop();
        slot.close();
        if (session != null) {
            session.leave();
        }
        output.clear();
        if (wasEverActive()) {
            LOG.info("{}: viewer {} left: {}", context.consoleName(), remote, leaveReason);
        } else {
            LOG.debug("{}: connection from {} ended: {}", context.consoleName(), remote, leaveReason);
        }
    }

    // ---- the connection sequence ----

    @Override
    public void step(Inbound in) {
        Step step = state.on(in);
        state = step.next();
        for (Action action : step.actions()) {
            if (!closing) {
                ACTIONS.perform(this, action);
            }
        }
        if (!closing) {
            output.flush();
        }
    }

    private void send(Pdu pdu) {
        if (!output.send(Kind.ANSWER, pdu)) {
            refuseWhoDoesNotRead();
        }
    }

    /** Puts TLS in front of what follows. Bytes that have arrived already are TLS bytes. */
    private void startTls(TlsIdentity identity) {
        output.finish();
        ConnectionContext.Tls options = context.tls();
        SslHandler tls = new SslHandler(identity.newServerEngine(options.settings()), options.handshakes());
        tls.setHandshakeTimeout(TLS_SECONDS, TimeUnit.SECONDS);
        ChannelPipeline pipeline = ctx.pipeline();
        if (pipeline.get(Handlers.FIRST_BYTES) != null) {
            pipeline.addAfter(Handlers.FIRST_BYTES, Handlers.TLS, tls);
            pipeline.remove(Handlers.FIRST_BYTES);
        } else {
            pipeline.addAfter(Handlers.FRAMES, Handlers.TLS, tls);
            pipeline.addAfter(Handlers.TLS, Handlers.TLS_FRAMES, new FrameDecoder());
            pipeline.remove(Handlers.FRAMES);
        }
    }

    /** TLS with network level authentication in it, bound to the very certificate that this client is shown. */
    private void startNla(boolean earlyAuthorization) {
        TlsIdentity identity = context.tls().identity().get();
        ChannelBinding binding = new ChannelBinding(identity.subjectPublicKey(), identity.endPointHashes());
        CredSspServer credSsp = new CredSspServer(context.login().access().names(), binding, attempt.now(), RANDOM);
        startTls(identity);
        ctx.pipeline().addAfter(Handlers.TLS, Handlers.NLA, new NlaHandler(credSsp, attempt, earlyAuthorization));
    }

    private void verified(Optional<Login> result) {
        if (!closing) {
            login = result.orElse(null);
            step(login == null ? new Inbound.CredentialsRejected() : new Inbound.CredentialsAccepted());
        }
    }

    private void join() {
        if (login == null) {
            login = attempt.admitAnybody();
        }
        session = new ClientSession(this, output, context.console(), new ClientSession.Client(remote, login));
        session.join(context.nextViewerId());
    }

    private void activated(Action.Activated activated) {
        deadlines.sequenceEnded();
        if (slot.authenticated()) {
            session.activated(activated.profile(), activated.share());
        } else {
            disconnect(DisconnectReason.BUSY);
        }
    }

    private void deactivated() {
        session.deactivated();
        deadlines.sizeChanges();
    }

    // ---- for the session ----

    @Override
    public Channel channel() {
        return ctx.channel();
    }

    @Override
    public boolean isClosing() {
        return closing;
    }

    private boolean wasEverActive() {
        return session != null && session.wasEverActive();
    }

    // ---- the end ----

    @Override
    public void disconnect(DisconnectReason reason) {
        leaveReason = reason.toString();
        step(new Inbound.Disconnect(reason.errorInfo()));
    }

    @Override
    public void fail(Throwable cause) {
        if (closing) {
            return;
        }
        Throwable inner = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (inner instanceof SSLException) {
            refuse("TLS: " + inner.getMessage());
        } else if (inner instanceof PduException) {
            refuse(inner.getMessage());
        } else if (inner instanceof IOException) {
            close(inner.getMessage(), true);
        } else {
            LOG.error("{}: defect while serving {}", context.consoleName(), remote, inner);
            close("a defect of the server", true);
        }
    }

    private void refuseWhoDoesNotRead() {
        refuse("it does not read what it is answered");
    }

    private void refuse(String reason) {
        if (!closing) {
            close(reason, false);
        }
    }

    private void close(String reason, boolean expected) {
        closing = true;
        if (!expected && !wasEverActive()) {
            context.failures().failed(remote, context.consoleName(), reason, System.nanoTime());
        }
        if (!expected || !wasEverActive()) {
            leaveReason = reason;
        }
        if (session != null) {
            session.deactivated();
        }
        output.finish();
        ctx.close();
    }
}
