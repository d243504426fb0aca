// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.access.GuessLimiter;
import org.rdpmux.security.access.Login;
import org.rdpmux.security.access.Role;
import org.rdpmux.security.nla.ChannelBinding;
import org.rdpmux.security.nla.CredSspServer;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.server.ServerOptions;
import org.rdpmux.server.connection.Action;
import org.rdpmux.server.connection.Approach;
import org.rdpmux.server.connection.ClientCredentials;
import org.rdpmux.server.connection.Inbound;
import org.rdpmux.server.login.LoginAttempt;
import org.rdpmux.server.login.NlaHandler;

/** TLS and the login of one client, once it is known where its connection leads. Lives on the client's loop. */
final class ClientSecurity {

    private static final long TLS_SECONDS = 10;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Destination destination;
    private final ConnectionContext.Tls options;
    private final LoginAttempt attempt;
    private final String source;
    private Login login;

    ClientSecurity(
            Destination destination, ConnectionContext.Tls options, InetSocketAddress remote, EventExecutor loop) {
        this.destination = destination;
        this.options = options;
        this.source = GuessLimiter.network(remote.getAddress());
        this.attempt = new LoginAttempt(destination.login(), remote, loop);
    }

    void startTls(ChannelPipeline pipeline, Approach approach) {
        Pipelines.startTls(pipeline, approach, tls(identity(), pipeline.channel()));
    }

    /** TLS with network level authentication in it, bound to the very certificate that this client is shown. */
    void startNla(ChannelPipeline pipeline, Action.StartNla start) {
        TlsIdentity identity = identity();
        ChannelBinding binding = new ChannelBinding(identity.subjectPublicKey(), identity.endPointHashes());
        ServerOptions.Access access = destination.login().access();
        CredSspServer credSsp = new CredSspServer(
                access.names(), access.credSspMinimum(), binding, attempt.now().time(), RANDOM);
        NlaHandler nla = new NlaHandler(credSsp, attempt, start.earlyUserAuthorization());
        Pipelines.startNla(pipeline, start.approach(), tls(identity, pipeline.channel()), nla);
    }

    private TlsIdentity identity() {
        return destination.entry().identity().get();
    }

    /** What a source has started it pays for by itself: its handshakes wait for each other, and those that ended cost nothing. */
    private SslHandler tls(TlsIdentity identity, Channel channel) {
        Executor ofSource = options.handshakes().of(source);
        SslHandler tls = new SslHandler(
                identity.newServerEngine(options.settings()),
                step -> ofSource.execute(() -> {
                    if (channel.isActive()) {
                        step.run();
                    }
                }));
        tls.setHandshakeTimeout(TLS_SECONDS, TimeUnit.SECONDS);
        return tls;
    }

    /** Decides about a name and a password. */
    void verify(ClientCredentials credentials, Consumer<Inbound> then) {
        attempt.verify(credentials, result -> {
            login = result.orElse(null);
            then.accept(login == null ? new Inbound.CredentialsRejected() : new Inbound.CredentialsAccepted());
        });
    }

    /**
     * The connection is over.
     *
     * @param lost without a farewell of either side
     */
    void ended(boolean lost) {
        attempt.abandon();
        if (lost && login != null) {
            login.session().lost(attempt.now());
        }
    }

    /** The client has proven who it is. */
    void admitted(Login proven) {
        login = proven;
    }

    /**
     * The client as a viewer of its console. A console's password is one account, whatever name is given with it.
     *
     * @param displaced see {@link ViewerLimiter.Viewer}
     */
    ViewerLimiter.Viewer viewer(Runnable displaced) {
        Login who = login();
        Optional<Object> account = who.source()
                .map(source -> source == Credential.Source.CONSOLE_PASSWORD ? source : List.of(source, who.account()));
        return new ViewerLimiter.Viewer(account, who.role() == Role.CONTROL, displaced);
    }

    /** For how long the client may stay, where that is limited. */
    Optional<Duration> timeLeft() {
        return login().session().end().map(attempt.now()::until);
    }

    /** Who comes in: somebody who was admitted, or anybody where the policy asks for no proof. */
    Login login() {
        if (login == null) {
            if (destination.security() != Authentication.NONE) {
                throw new IllegalStateException("nobody has proven anything");
            }
            login = attempt.admitAnybody();
        }
        return login;
    }
}
