// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.buffer.ByteBuf;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.rdpmux.display.Rect;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.security.access.Login;
import org.rdpmux.security.access.Role;
import org.rdpmux.security.nla.ChannelBinding;
import org.rdpmux.security.nla.CredSspServer;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.client.ClientOutput;
import org.rdpmux.server.client.FrameWriter;
import org.rdpmux.server.client.InputDecoder;
import org.rdpmux.server.connection.Action;
import org.rdpmux.server.connection.ClientProfile;
import org.rdpmux.server.connection.ConnectionState;
import org.rdpmux.server.connection.Inbound;
import org.rdpmux.server.connection.Share;
import org.rdpmux.server.connection.Step;
import org.rdpmux.server.console.ToConsole;
import org.rdpmux.server.console.ToViewer;
import org.rdpmux.server.console.ViewerCapabilities;
import org.rdpmux.server.console.ViewerIdentity;
import org.rdpmux.server.console.ViewerInbox;
import org.rdpmux.server.console.ViewerInput;
import org.rdpmux.server.login.LoginAttempt;
import org.rdpmux.server.login.NlaHandler;
import org.rdpmux.server.screen.EncoderProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: drives its connection sequence and stands between the client and its console. Lives on the
 * channel's loop; the console's messages come there, too.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {

    /** A client speaks first, and at once. */
    static final long FIRST_PDU_SECONDS = 10;

    static final long TLS_SECONDS = 10;
    /** A client that was told a new size comes back within this. */
    static final long RESIZE_SECONDS = 30;

    /** Answers a client may leave unread before it is sent away. */
    private static final int MAX_UNREAD_ANSWERS = 64 << 10;

    private static final String DOES_NOT_READ = "it does not read what it is answered";

    private static final int MAX_NAME = 64;

    /** What a client may have unacknowledged if it did not say. */
    private static final int DEFAULT_FRAME_LIMIT = 2;

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private final ConnectionContext context;
    private final InetSocketAddress remote;
    private final ConnectionLimiter.Slot slot;
    private final InputDecoder input = new InputDecoder(this::toConsole);
    private ConnectionState state;
    private ChannelHandlerContext ctx;
    private LoginAttempt attempt;
    /** INVARIANT: set before the client joins the console. */
    private Login login;

    private ViewerInbox port;
    private ClientOutput output;
    private boolean everActive;
    private boolean closing;
    private int unreadAnswers;
    private String leaveReason = "the client closed the connection";
    private ScheduledFuture<?> firstPduDeadline;
    private ScheduledFuture<?> deadline;

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
        output = new ClientOutput(added, bytes -> port.post(new ToConsole.Drained(bytes)));
        firstPduDeadline = expect("its first bytes", TimeUnit.SECONDS.toNanos(FIRST_PDU_SECONDS));
        deadline = expect("the end of the connection sequence", context.handshakeNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext unused, Object message) {
        try {
            if (closing) {
                return;
            }
            firstPduDeadline.cancel(false);
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
        if (event instanceof SslHandshakeCompletionEvent handshake && !closing) {
            if (handshake.isSuccess()) {
                step(new Inbound.TlsEstablished());
            } else {
                fail(handshake.cause());
            }
        } else if (event instanceof NlaHandler.Outcome.Admitted admitted && !closing) {
            login = admitted.login();
            step(new Inbound.NlaSucceeded());
        } else if (event instanceof NlaHandler.Outcome.Refused refused && !closing) {
            close(refused.reason(), true);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext unused) {
        output.writabilityChanged();
    }

    /** TLS answers by itself, too, such as requests for new keys, which nobody sees here but for what piles up. */
    @Override
    public void channelReadComplete(ChannelHandlerContext unused) {
        if (!closing && output.unread() > MAX_UNREAD_ANSWERS) {
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
        closing = true;
        output.stop();
        firstPduDeadline.cancel(false);
        deadline.cancel(false);
        slot.close();
        if (port != null) {
            port.post(new ToConsole.Left());
        }
        if (everActive) {
            LOG.info("{}: viewer {} left: {}", context.consoleName(), remote, leaveReason);
        } else {
            LOG.debug("{}: connection from {} ended: {}", context.consoleName(), remote, leaveReason);
        }
    }

    // ---- the connection sequence ----

    private void step(Inbound in) {
        Step step = state.on(in);
        state = step.next();
        for (Action action : step.actions()) {
            if (!closing) {
                perform(action);
            }
        }
        if (!closing) {
            ctx.flush();
        }
    }

    private void perform(Action action) {
        if (action instanceof Action.Input events) {
            input(events.events());
        } else if (action instanceof Action.Send send) {
            send(send.pdu());
        } else if (action instanceof Action.FrameAcknowledged ack) {
            port.post(new ToConsole.Acknowledged(ack.frameId(), 0));
        } else if (action instanceof Action.StartTls) {
            startTls(context.tls().identity().get());
        } else if (action instanceof Action.AskDesktopSize) {
            if (login == null) {
                login = attempt.admitAnybody();
            }
            port = context.console().join(context.nextViewerId(), ctx.executor(), this::fromConsole);
        } else if (action instanceof Action.Activated activated) {
            activated(activated.profile(), activated.share());
        } else if (action instanceof Action.Deactivated) {
            output.stop();
            deadline = expect("its change to the guest's new screen size", TimeUnit.SECONDS.toNanos(RESIZE_SECONDS));
        } else if (action instanceof Action.OutputWanted wanted) {
            port.post(new ToConsole.OutputWanted(wanted.visible().isPresent()));
        } else if (action instanceof Action.Refresh refresh) {
            port.post(ToConsole.Refresh.of(
                    refresh.areas().stream().map(ClientConnection::rect).toList()));
        } else if (action instanceof Action.Close close) {
            close(close.reason(), close.expected());
        } else if (action instanceof Action.VerifyCredentials verify) {
            attempt.verify(verify.credentials(), this::verified);
        } else if (action instanceof Action.StartNla nla) {
            startNla(nla.earlyUserAuthorization());
        } else {
            LOG.debug("{}: {} from {}", context.consoleName(), action.getClass().getSimpleName(), remote);
        }
    }

    private void send(Pdu pdu) {
        int size = pdu.size();
        if (unreadAnswers + size > MAX_UNREAD_ANSWERS) {
            refuse(DOES_NOT_READ);
            return;
        }
        ByteBuf out = ctx.alloc().buffer(size);
        pdu.encode(out);
        unreadAnswers += size;
        ctx.write(out).addListener(written -> unreadAnswers -= size);
    }

    /** Puts TLS in front of what follows. Bytes that have arrived already are TLS bytes. */
    private void startTls(TlsIdentity identity) {
        ctx.flush();
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

    private void activated(ClientProfile profile, Share share) {
        deadline.cancel(false);
        if (!slot.authenticated()) {
            leaveReason = DisconnectReason.BUSY.toString();
            step(new Inbound.Disconnect(DisconnectReason.BUSY.errorInfo()));
            return;
        }
        FrameWriter writer = new FrameWriter(profile, share);
        output.start(writer);
        ClientProfile.Graphics graphics = profile.graphics();
        EncoderProfile encoder = graphics.compression()
                ? EncoderProfile.bitmaps(graphics.bitsPerPixel(), graphics.skipAlpha(), graphics.luma())
                : EncoderProfile.plain(graphics.bitsPerPixel());
        int announced = graphics.frames().maxUnacknowledged();
        int frameLimit = !writer.marksFrames() ? 0 : announced > 0 ? announced : DEFAULT_FRAME_LIMIT;
        ViewerIdentity identity = new ViewerIdentity(
                remote,
                printable(profile.identity().name()),
                printable(login.source().isEmpty() ? profile.identity().user() : login.account()),
                login.role() == Role.VIEW_ONLY);
        ClientProfile.Desktop desktop = profile.desktop();
        port.post(new ToConsole.Activated(
                identity,
                new ViewerCapabilities(
                        desktop.width(), desktop.height(), desktop.resizable(), encoder, frameLimit, false)));
        if (!everActive) {
            everActive = true;
            LOG.info(
                    "{}: viewer {} ({}) sees {}x{} at {} bits",
                    context.consoleName(),
                    remote,
                    identity.clientName(),
                    desktop.width(),
                    desktop.height(),
                    graphics.bitsPerPixel());
        }
    }

    private void input(List<ClientInput> events) {
        if (port != null && login.role() == Role.CONTROL) {
            events.forEach(input::decode);
        }
    }

    private void toConsole(ViewerInput event) {
        if (event instanceof ViewerInput.Sync sync) {
            output.clientLocks(sync.locks());
        }
        if (!port.post(new ToConsole.Input(event))) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    // ---- from the console ----

    private void fromConsole(ToViewer message) {
        try {
            if (message instanceof ToViewer.Frame frame) {
                output.send(frame.batch());
            } else if (!closing) {
                on(message);
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void on(ToViewer message) {
        if (message instanceof ToViewer.DesktopSize size) {
            step(new Inbound.DesktopSize(size.width(), size.height()));
        } else if (message instanceof ToViewer.PointerWarped warp) {
            output.warp(warp.x(), warp.y());
        } else if (message instanceof ToViewer.Locks locks) {
            // For those whose keyboard is the guest's: clients set the locks of their own keyboard to it.
            if (login.role() == Role.CONTROL) {
                output.locks(locks.leds());
            }
        } else if (message instanceof ToViewer.ResumeInput) {
            ctx.channel().config().setAutoRead(true);
        } else if (message instanceof ToViewer.Disconnect disconnect) {
            leaveReason = disconnect.reason().toString();
            step(new Inbound.Disconnect(disconnect.reason().errorInfo()));
        }
    }

    // ---- the end ----

    private ScheduledFuture<?> expect(String what, long nanos) {
        return ctx.executor()
                .schedule(
                        () -> {
                            if (!closing) {
                                refuse(what + " did not come within " + TimeUnit.NANOSECONDS.toSeconds(nanos) + " s");
                            }
                        },
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    private void fail(Throwable cause) {
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

    private void refuse(String reason) {
        close(reason, false);
    }

    private void close(String reason, boolean expected) {
        closing = true;
        output.stop();
        if (!expected && !everActive) {
            context.failures().failed(remote, context.consoleName(), reason, System.nanoTime());
        }
        if (!expected || !everActive) {
            leaveReason = reason;
        }
        ctx.flush();
        ctx.close();
    }

    private static Rect rect(InclusiveRect area) {
        return area.right() < area.left() || area.bottom() < area.top()
                ? Rect.EMPTY
                : new Rect(area.left(), area.top(), area.right() - area.left() + 1, area.bottom() - area.top() + 1);
    }

    /** A client's text without what would disturb a log or a terminal. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints()
                .filter(c -> !Character.isISOControl(c)
                        && Character.isDefined(c)
                        && Character.getType(c) != Character.FORMAT)
                .limit(MAX_NAME)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }
}
