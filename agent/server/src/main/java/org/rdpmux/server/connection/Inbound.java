// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.security.access.Authentication;

/** What the connection sequence is told. */
public sealed interface Inbound {

    /** The client named a console before anything else ({@link org.rdpmux.pdu.FirstBytes#PRECONNECTION}). */
    record Preconnection(PreconnectionPdu pdu) implements Inbound {}

    /** The client began with a TLS ClientHello instead of a request ({@link org.rdpmux.pdu.FirstBytes#TLS}). */
    record DirectTls() implements Inbound {}

    /**
     * One whole PDU as {@link org.rdpmux.pdu.FrameSplitter} cuts it.
     *
     * @param pdu borrowed: read during the call, never kept or released
     */
    record Frame(ByteBuf pdu) implements Inbound {}

    /** Answer to {@link Action.Route}: the connection leads to a console under this policy. */
    record Routed(Authentication policy) implements Inbound {}

    /** Answer to {@link Action.Route}: it leads nowhere; the reason is for the log. */
    record NotRouted(String reason) implements Inbound {}

    /** The TLS handshake that {@link Action.StartTls} asked for has ended well. */
    record TlsEstablished() implements Inbound {}

    /** TLS and CredSSP that {@link Action.StartNla} asked for have ended well; all their bytes are sent. */
    record NlaSucceeded() implements Inbound {}

    /** Answer to {@link Action.VerifyCredentials}: let the client in. */
    record CredentialsAccepted() implements Inbound {}

    /** Answer to {@link Action.VerifyCredentials}: send the client away. */
    record CredentialsRejected() implements Inbound {}

    /**
     * The desktop's size: the answer to {@link Action.AskDesktopSize}, and while a share is active the news that the guest's
     * is another. While none is, it is passed over: the driver compares the sizes when {@link Action.Activated} comes. A
     * client that cannot resize keeps the size it began with: see {@link ClientProfile.Desktop}.
     *
     * @param width 1 to 8192, likewise {@code height}: what every client can be told
     * @param takesInput whether the client's input is for anybody; otherwise it is dropped unread
     */
    record DesktopSize(int width, int height, boolean takesInput) implements Inbound {
        /** Clients show glitches or fail beyond this. */
        public static final int MAX = 8192;

        public DesktopSize {
            if (width < 1 || width > MAX || height < 1 || height > MAX) {
                throw new IllegalArgumentException("desktop of " + width + "x" + height);
            }
        }

        /** Of a client whose input is taken. */
        public DesktopSize(int width, int height) {
            this(width, height, true);
        }

        /** The possible size that is nearest to what a client asks for. */
        static DesktopSize nearest(int width, int height) {
            return new DesktopSize(Math.max(1, Math.min(width, MAX)), Math.max(1, Math.min(height, MAX)));
        }
    }

    /**
     * End the session.
     *
     * @param errorInfo the reason for the client: a code of {@link org.rdpmux.pdu.share.SetErrorInfo}; with {@code NONE} the
     *     connection is closed without a farewell, which clients take for a failure of the network
     */
    record Disconnect(int errorInfo) implements Inbound {}
}
