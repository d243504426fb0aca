// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.rdpmux.codec.VideoEncoderProvider;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.security.access.AuditSink;
import org.rdpmux.security.access.Authorization;
import org.rdpmux.security.access.FloodGuard;
import org.rdpmux.security.access.Gate;
import org.rdpmux.security.access.GuessLimiter;
import org.rdpmux.security.nla.CredSspServer;
import org.rdpmux.security.nla.ServerNames;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.security.tls.TlsSettings;

/**
 * What a server may use and how it behaves.
 *
 * @param identity asked at each new connection, so that a renewed certificate is used from then on; must not block
 * @param tls what TLS is offered
 * @param access how clients are let in
 * @param threads sizes of the thread pools
 * @param limits how much clients may take
 * @param frameRate frames per second at most, 1 to 120
 * @param displayLinger how long a guest's display stays open after its last viewer left
 * @param display what clients may have of guests' displays beside pixels and keys
 * @param pixels what the screens of all consoles are counted by; displays may share it
 * @param video encodes what moves like a video, if that can be
 */
public record ServerOptions(
        Supplier<TlsIdentity> identity,
        TlsSettings tls,
        Access access,
        Threads threads,
        Limits limits,
        int frameRate,
        Duration displayLinger,
        Display display,
        PixelBudget pixels,
        Optional<VideoEncoderProvider> video) {

    public static final int DEFAULT_FRAME_RATE = 30;
    public static final Duration DEFAULT_DISPLAY_LINGER = Duration.ofSeconds(5);

    /**
     * What clients may have of guests' displays beside pixels and keys.
     *
     * @param resizing whether clients may ask guests for another screen size
     * @param clipboard what clients and guests may exchange of their clipboards
     * @param sound which clients hear what guests play
     */
    public record Display(Resizing resizing, ClipboardPolicy clipboard, SoundPolicy sound) {

        static final Display NONE = new Display(Resizing.NEVER, ClipboardPolicy.OFF, SoundPolicy.OFF);

        public Display {
            Objects.requireNonNull(resizing);
            Objects.requireNonNull(clipboard);
            Objects.requireNonNull(sound);
        }
    }

    /**
     * How clients are let in, the same for all endpoints.
     *
     * @param gate decides, limits guessing, and keeps the audit trail
     * @param names what anybody is told who begins to authenticate
     * @param credSspMinimum clients that speak an older version of CredSSP are refused; 2 to 6
     */
    public record Access(Gate gate, ServerNames names, int credSspMinimum) {
        public Access {
            Objects.requireNonNull(gate);
            Objects.requireNonNull(names);
            if (credSspMinimum < CredSspServer.MIN_VERSION || credSspMinimum > CredSspServer.VERSION) {
                throw new IllegalArgumentException("CredSSP has no version " + credSspMinimum + " here");
            }
        }

        /** Every account may control every console; decisions are logged. */
        public static Access defaults() {
            return new Access(
                    new Gate(
                            new GuessLimiter(GuessLimiter.Limits.DEFAULT),
                            () -> Authorization.OPEN,
                            new FloodGuard(AuditSink.toLog())),
                    ServerNames.of("rdpmux"),
                    CredSspServer.MIN_VERSION);
        }
    }

    /**
     * Sizes of the thread pools, each 1 or more.
     *
     * @param client loops that own the connections
     * @param console loops that own the consoles
     * @param encoder threads that encode
     */
    public record Threads(int client, int console, int encoder) {
        public Threads {
            checkPositive("client threads", client);
            checkPositive("console threads", console);
            checkPositive("encoder threads", encoder);
        }

        /** As this machine has processors. */
        public static Threads defaults() {
            int processors = Runtime.getRuntime().availableProcessors();
            return new Threads(
                    Math.max(1, Math.min(processors, 8)),
                    Math.max(1, Math.min(processors / 2, 4)),
                    Math.max(1, Math.min(processors, 16)));
        }
    }

    /**
     * How much clients may take, each 1 or more. A connection counts from accept to close.
     *
     * @param connections in all
     * @param perEndpoint viewers of one console
     * @param perAccount of them, viewers of one account
     * @param perSource connections from one address; clients open a second one while they ask their user
     * @param unauthenticated connections in all that have not finished the connection sequence
     * @param handshake from accept until TLS stands, and again from the client's first bytes in TLS to the end of the
     *     connection sequence. Between them clients ask their user whether to trust the certificate, which may take five
     *     times as long. A client's first bytes and TLS have shorter deadlines of their own.
     */
    public record Limits(
            int connections, int perEndpoint, int perAccount, int perSource, int unauthenticated, Duration handshake) {
        public Limits {
            checkPositive("connections", connections);
            checkPositive("connections per endpoint", perEndpoint);
            checkPositive("viewers per account", perAccount);
            checkPositive("connections per source", perSource);
            checkPositive("unauthenticated connections", unauthenticated);
            if (handshake.isNegative() || handshake.isZero()) {
                throw new IllegalArgumentException("handshake deadline " + handshake + " is not positive");
            }
        }

        public static Limits defaults() {
            return new Limits(2000, 64, 8, 200, 200, Duration.ofSeconds(60));
        }
    }

    public ServerOptions {
        Objects.requireNonNull(identity);
        Objects.requireNonNull(tls);
        Objects.requireNonNull(access);
        Objects.requireNonNull(threads);
        Objects.requireNonNull(limits);
        Objects.requireNonNull(display);
        Objects.requireNonNull(pixels);
        Objects.requireNonNull(video);
        if (frameRate < 1 || frameRate > 120) {
            throw new IllegalArgumentException("frame rate " + frameRate + " is not 1 to 120");
        }
        if (displayLinger.isNegative()) {
            throw new IllegalArgumentException("display linger " + displayLinger + " is negative");
        }
    }

    /** Everything but the certificate as most hosts want it. */
    public static ServerOptions defaults(Supplier<TlsIdentity> identity) {
        return new ServerOptions(
                identity,
                TlsSettings.DEFAULT,
                Access.defaults(),
                Threads.defaults(),
                Limits.defaults(),
                DEFAULT_FRAME_RATE,
                DEFAULT_DISPLAY_LINGER,
                Display.NONE,
                PixelBudget.unlimited(),
                Optional.empty());
    }

    public ServerOptions withTls(TlsSettings value) {
        return new ServerOptions(
                identity, value, access, threads, limits, frameRate, displayLinger, display, pixels, video);
    }

    public ServerOptions withAccess(Access value) {
        return new ServerOptions(
                identity, tls, value, threads, limits, frameRate, displayLinger, display, pixels, video);
    }

    public ServerOptions withThreads(Threads value) {
        return new ServerOptions(
                identity, tls, access, value, limits, frameRate, displayLinger, display, pixels, video);
    }

    public ServerOptions withLimits(Limits value) {
        return new ServerOptions(
                identity, tls, access, threads, value, frameRate, displayLinger, display, pixels, video);
    }

    public ServerOptions withFrameRate(int value) {
        return new ServerOptions(identity, tls, access, threads, limits, value, displayLinger, display, pixels, video);
    }

    public ServerOptions withDisplayLinger(Duration value) {
        return new ServerOptions(identity, tls, access, threads, limits, frameRate, value, display, pixels, video);
    }

    public ServerOptions withDisplay(Display value) {
        return new ServerOptions(
                identity, tls, access, threads, limits, frameRate, displayLinger, value, pixels, video);
    }

    public ServerOptions withPixels(PixelBudget value) {
        return new ServerOptions(
                identity, tls, access, threads, limits, frameRate, displayLinger, display, value, video);
    }

    public ServerOptions withVideo(Optional<VideoEncoderProvider> value) {
        return new ServerOptions(
                identity, tls, access, threads, limits, frameRate, displayLinger, display, pixels, value);
    }

    private static void checkPositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " " + value + " is not 1 or more");
        }
    }
}
