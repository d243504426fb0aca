// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import java.util.Optional;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.autodetect.AutoDetectResponse;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.server.Opening;

/** What the driver of the connection sequence has to do, in the order of the list it comes in. */
public sealed interface Action {

    /** Write this to the client. */
    record Send(Pdu pdu) implements Action {}

    /**
     * Find out where the connection leads; nothing has been decided before. Then {@link Inbound.Routed} or {@link
     * Inbound.NotRouted}, at once or later.
     */
    record Route(Opening opening) implements Action {}

    /** Begin TLS as the server; what was to be sent before goes out in the clear. Then {@link Inbound.TlsEstablished}. */
    record StartTls(Approach approach) implements Action {}

    /**
     * Begin TLS as the server and CredSSP inside it. Then {@link Inbound.NlaSucceeded}, or close.
     *
     * @param earlyUserAuthorization true under PROTOCOL_HYBRID_EX: the four bytes of the Early User Authorization Result
     *     PDU follow CredSSP; they must not be sent otherwise
     */
    record StartNla(Approach approach, boolean earlyUserAuthorization) implements Action {}

    /**
     * Check the name and password. Then {@link Inbound.CredentialsAccepted} or {@link Inbound.CredentialsRejected}. The
     * receiver wipes the password.
     */
    record VerifyCredentials(ClientCredentials credentials) implements Action {}

    /**
     * The client is let in and wants to see the desktop: start the display, then {@link Inbound.DesktopSize}.
     *
     * @param clientWidth what the client would like; likewise {@code clientHeight}
     */
    record AskDesktopSize(int clientWidth, int clientHeight) implements Action {}

    /**
     * Begin to measure the network: ask for a round trip before what is sent next. Follows {@link AskDesktopSize}, and is left
     * out for clients that know no auto-detection ([MS-RDPBCGR] 2.2.14).
     *
     * @param messageChannel where the client answers
     */
    record DetectNetwork(int messageChannel) implements Action {}

    /** The client has answered something on its message channel, asked or not. */
    record NetworkAnswered(AutoDetectResponse response) implements Action {}

    /** Output may begin, with a whole picture: at first, and again after each {@link Deactivated}. */
    record Activated(ClientProfile profile, Share share) implements Action {}

    /** Output must stop at once, pointers included: the share it belongs to has ended. {@link Activated} follows. */
    record Deactivated() implements Action {}

    /** Keyboard and mouse. May come before the first {@link Activated}. */
    record Input(List<ClientInput> events) implements Action {}

    /** The client wants output of this area only, of none if it is empty. */
    record OutputWanted(Optional<InclusiveRect> visible) implements Action {}

    /** The client lost these areas and wants them again. */
    record Refresh(List<InclusiveRect> areas) implements Action {}

    /** The client has processed a frame; numbers may be skipped or never have been sent. */
    record FrameAcknowledged(int frameId) implements Action {}

    /** A chunk of a message on a static virtual channel. */
    record ChannelData(int channelId, ChannelPduHeader header, byte[] data) implements Action {}

    /**
     * Flush what was sent, close TLS in an orderly way, close the connection. Nothing follows.
     *
     * @param reason for the log
     * @param expected false if the client did something a client should not
     */
    record Close(String reason, boolean expected) implements Action {}
}
