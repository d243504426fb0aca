// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.pdu.dvc.DynamicChannelPdu;
import org.rdpmux.pdu.x224.Protocols;

/**
 * What kind of client to play. {@link #DEFAULT} is a current one that speaks TLS; change it by the {@code with} methods.
 *
 * @param protocols flags of {@link Protocols} to offer; empty for a request without negotiation
 * @param nla authenticates after TLS if the server selects CredSSP
 * @param preconnection sent before anything else
 * @param credentials sent with Client Info
 * @param desktop what the client asks for and can do about its size
 * @param graphics which graphics it can take
 * @param channels static virtual channels to ask for
 * @param timeout for each step of the connection and for each wait
 */
public record ClientOptions(
        Optional<Integer> protocols,
        Optional<NlaHandshake> nla,
        Optional<PreconnectionPdu> preconnection,
        Credentials credentials,
        Desktop desktop,
        Graphics graphics,
        List<String> channels,
        Duration timeout) {

    /** What is said in Client Info. */
    public record Credentials(String domain, String user, String password) {}

    /**
     * The desktop.
     *
     * @param width what the client would like; likewise {@code height}
     * @param resizable what its bitmap capability set says
     */
    public record Desktop(int width, int height, boolean resizable) {}

    /**
     * Graphics.
     *
     * @param bitsPerPixel wanted: 32, 24, 16, 15 or 8
     * @param fastPath takes fast-path output
     * @param compressionHeader wants TS_CD_HEADERs
     * @param maxUpdateSize of its multifragment set; 0 to send no such set
     * @param acknowledgeFrames takes frame markers and answers them
     * @param pointerCacheSize places for pointers; 0 for a client that knows colour pointers only (which get 20)
     * @param largePointerFlags of its large pointer set; 0 to send no such set
     */
    public record Graphics(
            int bitsPerPixel,
            boolean fastPath,
            boolean compressionHeader,
            int maxUpdateSize,
            boolean acknowledgeFrames,
            int pointerCacheSize,
            int largePointerFlags) {

        public Graphics withBitsPerPixel(int bits) {
            return new Graphics(
                    bits,
                    fastPath,
                    compressionHeader,
                    maxUpdateSize,
                    acknowledgeFrames,
                    pointerCacheSize,
                    largePointerFlags);
        }

        public Graphics withMaxUpdateSize(int size) {
            return new Graphics(
                    bitsPerPixel,
                    fastPath,
                    compressionHeader,
                    size,
                    acknowledgeFrames,
                    pointerCacheSize,
                    largePointerFlags);
        }

        public Graphics withPointers(int cacheSize, int largeFlags) {
            return new Graphics(
                    bitsPerPixel, fastPath, compressionHeader, maxUpdateSize, acknowledgeFrames, cacheSize, largeFlags);
        }

        public Graphics withAcknowledgeFrames(boolean acknowledge) {
            return new Graphics(
                    bitsPerPixel,
                    fastPath,
                    compressionHeader,
                    maxUpdateSize,
                    acknowledge,
                    pointerCacheSize,
                    largePointerFlags);
        }
    }

    /** A current client at 32 bits. */
    public static final Graphics MODERN = new Graphics(32, true, false, 8 << 20, true, 25, 3);

    /** A client of the last century: slow-path output, compression headers, colour pointers, 16 bits. */
    public static final Graphics OLD = new Graphics(16, false, true, 0, false, 0, 0);

    /** A current client that speaks TLS and says it is {@code tester}. */
    public static final ClientOptions DEFAULT = new ClientOptions(
            Optional.of(Protocols.SSL),
            Optional.empty(),
            Optional.empty(),
            new Credentials("", "tester", ""),
            new Desktop(1024, 768, true),
            MODERN,
            List.of(),
            Duration.ofSeconds(20));

    /** Offers these protocols. */
    public ClientOptions withProtocols(int offer) {
        return new ClientOptions(
                Optional.of(offer), nla, preconnection, credentials, desktop, graphics, channels, timeout);
    }

    /** Sends no negotiation request. */
    public ClientOptions withoutNegotiation() {
        return new ClientOptions(
                Optional.empty(), nla, preconnection, credentials, desktop, graphics, channels, timeout);
    }

    /** Offers CredSSP, too, and authenticates like this. */
    public ClientOptions withNla(NlaHandshake handshake) {
        return new ClientOptions(
                Optional.of(Protocols.SSL | Protocols.HYBRID | Protocols.HYBRID_EX),
                Optional.of(handshake),
                preconnection,
                credentials,
                desktop,
                graphics,
                channels,
                timeout);
    }

    public ClientOptions withPreconnection(PreconnectionPdu pdu) {
        return new ClientOptions(protocols, nla, Optional.of(pdu), credentials, desktop, graphics, channels, timeout);
    }

    public ClientOptions withCredentials(String domain, String user, String password) {
        return new ClientOptions(
                protocols,
                nla,
                preconnection,
                new Credentials(domain, user, password),
                desktop,
                graphics,
                channels,
                timeout);
    }

    public ClientOptions withDesktop(Desktop other) {
        return new ClientOptions(protocols, nla, preconnection, credentials, other, graphics, channels, timeout);
    }

    public ClientOptions withGraphics(Graphics other) {
        return new ClientOptions(protocols, nla, preconnection, credentials, desktop, other, channels, timeout);
    }

    public ClientOptions withChannels(List<String> names) {
        return new ClientOptions(protocols, nla, preconnection, credentials, desktop, graphics, names, timeout);
    }

    /** Has dynamic virtual channels, among them the graphics pipeline and display control. */
    public ClientOptions withDynamicChannels() {
        return withChannels(List.of(DynamicChannelPdu.STATIC_CHANNEL));
    }

    public ClientOptions withTimeout(Duration other) {
        return new ClientOptions(protocols, nla, preconnection, credentials, desktop, graphics, channels, other);
    }
}
