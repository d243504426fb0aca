// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.Opening;
import org.rdpmux.server.Refusal;
import org.rdpmux.server.client.ClientLogin;
import org.rdpmux.server.client.ClientOutput;
import org.rdpmux.server.client.ClientSession;
import org.rdpmux.server.client.OutputScheduler.Kind;
import org.rdpmux.server.connection.Action;
import org.rdpmux.server.connection.ConnectionConfig;
import org.rdpmux.server.connection.ConnectionState;
import org.rdpmux.server.connection.Inbound;
import org.rdpmux.server.connection.Step;
import org.rdpmux.server.login.NlaHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: drives its connection sequence, from the first bytes to the end, and hands what concerns the
 * console to its {@link ClientSession}. Lives on the channel's loop. It has a field for each thing that a connection gathers
 * on its way, in that order.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements ClientSession.Connection {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final String DOES_NOT_READ = "it does not read what it is answered";

    private static final ActionTable<ClientConnection> ACTIONS = actions();

    private final ConnectionContext context;
    private final Origin origin;
    private final ConnectionLimiter.Slot slot;
    private ConnectionState state = ConnectionState.initial(ConnectionConfig.DEFAULT);
    private ChannelHandlerContext ctx;
    private Deadlines deadlines;
    private ClientOutput output;
    /** Once it is known where the connection leads; likewise {@code security}. */
    private Destination destination;

    private ClientSecurity security;
    /** From joining the console on. */
    private ClientSession session;

    /** From its first share on; likewise {@code watch}. */
    private ViewerLimiter.Place place;

    private ClientWatch watch;

    private boolean closing;
    /** Whether the network ended it, not one of its ends. */
    private boolean lost;

    private String leaveReason = "the client closed the connection";

    ClientConnection(ConnectionContext context, Origin origin, ConnectionLimiter.Slot slot) {
        this.context = context;
        this.origin = origin;
        this.slot = slot;
    }

    // ---- from the channel ----

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
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
            if (event instanceof Connections.Displaced) {
                ctx.close(); // no more lingering
            }
            return;
        }
        deadlines.on(event);
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                step(new Inbound.TlsEstablished());
            } else {
                fail(handshake.cause());
            }
        } else if (event instanceof NlaHandler.Outcome.Admitted admitted) {
            slot.loggedIn();
            security.admitted(admitted.login());
            step(new Inbound.NlaSucceeded());
        } else if (event instanceof NlaHandler.Outcome.Refused refused) {
            close(refused.reason(), true);
        } else if (event instanceof Connections.Displaced displaced) {
            refuse(displaced.reason());
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
            refuse(DOES_NOT_READ);
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext unused, Throwable cause) {
        fail(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext unused) {
        lost |= !closing;
        closing = true;
        deadlines.stop();
        slot.close();
        if (place != null) {
            place.close();
        }
        if (watch != null) {
            watch.close();
        }
        if (security != null) {
            security.ended(lost);
        }
        if (session != null) {
            session.leave();
        }
        output.clear();
        if (wasEverActive()) {
            LOG.atInfo()
                    .addKeyValue("console", place())
                    .log("{}: viewer {} left: {}", place(), origin.remote(), leaveReason);
        } else {
            LOG.debug("{}: connection from {} ended: {}", place(), origin.remote(), leaveReason);
        }
    }

    // ---- the connection sequence ----

    /**
     * Who performs which action.
     *
     * @throws IllegalStateException if there is one that nobody performs
     */
    static ActionTable<ClientConnection> actions() {
        return new ActionTable<ClientConnection>()
                .on(Action.Send.class, (c, send) -> c.send(send.pdu()))
                .on(Action.Route.class, (c, route) -> c.route(route.opening()))
                .on(Action.StartTls.class, ClientConnection::startTls)
                .on(Action.StartNla.class, ClientConnection::startNla)
                .on(Action.VerifyCredentials.class, (c, a) -> c.security.verify(a.credentials(), c::verified))
                .on(Action.AskDesktopSize.class, (c, ask) -> c.join())
                .on(Action.Activated.class, ClientConnection::activated)
                .on(Action.Deactivated.class, (c, deactivated) -> c.deactivated())
                .on(Action.Input.class, (c, input) -> c.session.input(input.events()))
                .on(Action.DetectNetwork.class, (c, detect) -> c.session.detectNetwork(detect.messageChannel()))
                .on(Action.NetworkAnswered.class, (c, answer) -> c.session.networkAnswered(answer.response()))
                .on(Action.OutputWanted.class, (c, wanted) -> c.session.outputWanted(wanted.visible()))
                .on(Action.Refresh.class, (c, refresh) -> c.session.refresh(refresh.areas()))
                .on(Action.FrameAcknowledged.class, (c, ack) -> c.session.acknowledged(ack.frameId()))
                .on(Action.ChannelData.class, (c, chunk) -> c.session.received(chunk))
                .on(Action.Close.class, (c, close) -> c.close(close.reason(), close.expected()))
                .checked();
    }

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

    /** An answer that may have taken a while. */
    private void stepLater(Inbound in) {
        if (closing) {
            return;
        }
        try {
            step(in);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void verified(Inbound answer) {
        if (answer instanceof Inbound.CredentialsAccepted) {
            slot.loggedIn();
        }
        stepLater(answer);
    }

    private void send(Pdu pdu) {
        if (!output.send(Kind.ANSWER, pdu)) {
            refuse(DOES_NOT_READ);
        }
    }

    /** While a look-up takes its time the client is not read from: what it says meanwhile must not pile up. */
    private void route(Opening opening) {
        ReadGate.of(ctx.channel()).close(ReadGate.Reason.ROUTE);
        context.router().find(opening, origin, ctx.executor(), this::routed);
    }

    private void routed(Router.Answer answer) {
        if (closing) {
            return;
        }
        ReadGate.of(ctx.channel()).open(ReadGate.Reason.ROUTE);
        if (answer instanceof Router.Answer.Led led) {
            destination = led.destination();
            security = new ClientSecurity(destination, context.tls(), origin.remote(), ctx.executor());
            stepLater(new Inbound.Routed(destination.security()));
        } else if (answer instanceof Router.Answer.Refused refused) {
            stepLater(new Inbound.NotRouted(refused.reason()));
        }
    }

    /** What was to be sent before goes out in the clear. */
    private void startTls(Action.StartTls start) {
        output.finish();
        security.startTls(ctx.pipeline(), start.approach());
    }

    private void startNla(Action.StartNla start) {
        output.finish();
        security.startNla(ctx.pipeline(), start);
    }

    private void join() {
        var client = new ClientLogin(origin.remote(), security.login());
        session = new ClientSession(this, output, destination.console(), client);
        session.join(context.nextViewerId());
        security.timeLeft()
                .ifPresent(left -> deadlines.sessionEnds(left, () -> disconnect(DisconnectReason.TIME_OVER)));
    }

    private void activated(Action.Activated activated) {
        deadlines.sequenceEnded();
        if (place == null && !enter()) {
            return;
        }
        boolean pause =
                !session.wasEverActive() && activated.profile().identity().isFreeRdp2();
        deadlines.after(pause ? Deadlines.PAUSE_MILLIS : 0, () -> begin(activated));
    }

    private void begin(Action.Activated activated) {
        session.activated(activated.profile(), activated.share());
        if (watch == null && ctx.channel() instanceof EpollSocketChannel socket) {
            watch = new ClientWatch(socket, session::reachable, reason -> fail(new IOException(reason)));
        }
    }

    /** Takes a place at the console. @return false if there is none, which the client was told */
    private boolean enter() {
        ViewerLimiter.Viewer viewer =
                security.viewer(() -> ctx.executor().execute(() -> disconnect(DisconnectReason.DISPLACED)));
        if (!slot.authenticated()) {
            return false; // it has just been displaced, and hears of it next
        }
        ViewerLimiter.Answer answer = context.viewers().enter(destination.console(), viewer);
        if (answer instanceof ViewerLimiter.Answer.Full full) {
            context.failures().failed(origin.remote(), place(), Refusal.VIEWERS_FULL, full.reason(), System.nanoTime());
            disconnect(DisconnectReason.BUSY);
            return false;
        }
        place = ((ViewerLimiter.Answer.Entered) answer).place();
        return true;
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
    public void holdInput(boolean hold) {
        ReadGate.of(ctx.channel()).hold(ReadGate.Reason.INPUT, hold);
    }

    @Override
    public boolean isClosing() {
        return closing;
    }

    /** What the log calls where the connection leads. */
    private String place() {
        return destination == null
                ? context.router().name()
                : destination.console().name();
    }

    private boolean wasEverActive() {
        return session != null && session.wasEverActive();
    }

    // ---- the end ----

    @Override
    public void disconnect(DisconnectReason reason) {
        if (!closing) {
            leaveReason = reason.toString();
            step(new Inbound.Disconnect(reason.errorInfo()));
        }
    }

    @Override
    public void fail(Throwable cause) {
        if (closing) {
            return;
        }
        Failure failure = Failure.of(cause);
        lost = failure.whose() == Failure.Whose.NETWORK;
        switch (failure.whose()) {
            case CLIENT -> refuse(failure.reason());
            case NETWORK -> {
                leaveReason = failure.reason();
                close(leaveReason, true);
            }
            default -> {
                LOG.error("{}: defect while serving {}", place(), origin.remote(), cause);
                close(failure.reason(), true);
            }
        }
    }

    private void refuse(String reason) {
        if (!closing) {
            close(reason, false);
        }
    }

    private void close(String reason, boolean expected) {
        closing = true;
        if (!expected && !wasEverActive()) {
            context.failures().failed(origin.remote(), place(), Refusal.FAILED, reason, System.nanoTime());
        }
        if (!expected || !wasEverActive()) {
            leaveReason = reason;
        }
        if (session != null) {
            session.deactivated();
        }
        output.finish();
        if (expected) {
            Pipelines.endInOrder(ctx.pipeline());
        } else {
            ctx.close();
        }
    }
}
