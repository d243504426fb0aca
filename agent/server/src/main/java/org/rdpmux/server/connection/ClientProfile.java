// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.Map;
import java.util.Optional;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;

/**
 * What is known of a client once its share is active: all that sharing a screen with it needs.
 *
 * @param identity who it is
 * @param desktop how large the picture is
 * @param graphics what it can draw
 * @param pointer which pointers it can draw
 * @param input what it can send
 * @param channels the static virtual channels it announced, by MCS channel; the same in all its shares
 */
public record ClientProfile(
        Identity identity,
        Desktop desktop,
        Graphics graphics,
        Pointer pointer,
        Input input,
        Map<Integer, ChannelDef> channels) {

    /**
     * All of this is the client's own word.
     *
     * @param name computer name, may be empty
     * @param address its own address as it sees it, may be empty
     * @param version of RDP, one of those of {@link ClientCoreData}
     * @param build of its software
     * @param keyboardLayout active input locale identifier, 0 if unknown
     * @param cookie what it sent with its first request (a routing token or a user name cut short), may be empty
     * @param user user name of the Client Info PDU, not verified here, may be empty
     */
    public record Identity(
            String name, String address, int version, int build, int keyboardLayout, String cookie, String user) {

        /** Whether it is built on FreeRDP 2, or another client of the same version; none is known to mind being taken for one. */
        public boolean isFreeRdp2() {
            return version == ClientCoreData.VERSION_RDP10_7;
        }
    }

    /**
     * The desktop as the client was told.
     *
     * @param width the size of this share; pictures of another size are letterboxed into it
     * @param resizable true if the size can be changed: {@link Inbound.DesktopSize} then leads to
     *     {@link Action.Deactivated} and {@link Action.Activated}, otherwise to nothing
     * @param confirmedWidth what the client confirmed, which may differ and is good for nothing but the log
     */
    public record Desktop(int width, int height, boolean resizable, int confirmedWidth, int confirmedHeight) {}

    /**
     * Graphics.
     *
     * @param bitsPerPixel of the session: 32, 24, 16 or 15
     * @param fastPath false: all output must be slow-path
     * @param compression false: bitmaps must be sent uncompressed
     * @param skipAlpha true: bitmaps of 32 bits may leave the alpha plane out (DRAW_ALLOW_SKIP_ALPHA of its bitmap set)
     * @param luma true: they may be luma and chroma instead of colours (DRAW_ALLOW_DYNAMIC_COLOR_FIDELITY, likewise)
     * @param compressionHeader true: compressed bitmaps need a TS_CD_HEADER in front
     * @param pipeline true: it announced the graphics pipeline ([MS-RDPEGFX]), and has the depth for it
     * @param maxUpdateSize bytes of one fast-path update, over all its fragments; 0 if the client takes no fragments
     * @param frames how it takes frame markers and acknowledges
     * @param surfaceCodec what it takes in surface commands; never without fast-path output and compression
     */
    public record Graphics(
            int bitsPerPixel,
            boolean fastPath,
            boolean compression,
            boolean skipAlpha,
            boolean luma,
            boolean compressionHeader,
            boolean pipeline,
            int maxUpdateSize,
            Frames frames,
            Optional<SurfaceCodec> surfaceCodec) {}

    /**
     * Frames.
     *
     * @param markers the client understands frame marker surface commands
     * @param acknowledges it answers the end of each frame with a frame acknowledge
     * @param maxUnacknowledged frames the client will leave unacknowledged; 0 if it did not say
     */
    public record Frames(boolean markers, boolean acknowledges, int maxUnacknowledged) {}

    /**
     * Pointers.
     *
     * @param colorCacheSize places of its cache for colour pointers; 0 if none can be sent
     * @param newCacheSize places of its cache for pointers of any depth; 0 if only colour pointers can be sent
     * @param large96 shapes up to 96x96 in colour and new pointers, otherwise 32x32
     * @param large384 shapes up to 384x384 in large pointers
     */
    public record Pointer(int colorCacheSize, int newCacheSize, boolean large96, boolean large384) {}

    /**
     * Input. All servers' clients send scan codes.
     *
     * @param unicode may send Unicode events
     * @param extendedButtons may send the fourth and fifth button
     * @param horizontalWheel may send the horizontal wheel
     * @param relativeMouse may send relative motion
     */
    public record Input(boolean unicode, boolean extendedButtons, boolean horizontalWheel, boolean relativeMouse) {}
}
