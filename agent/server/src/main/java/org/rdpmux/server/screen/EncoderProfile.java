// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.Objects;
import org.rdpmux.codec.FrameEncoder;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.codec.InterleavedRleEncoder;
import org.rdpmux.codec.PixelDepth;
import org.rdpmux.codec.PlanarEncoder;
import org.rdpmux.codec.PlanarEncoder.Planes;
import org.rdpmux.codec.ProgressiveTileEncoder;
import org.rdpmux.codec.RawEncoder;
import org.rdpmux.codec.RemoteFxTileEncoder;
import org.rdpmux.codec.RfxQuality;
import org.rdpmux.codec.SoftTileEncoder;
import org.rdpmux.codec.SurfaceTileEncoder;

/**
 * What two viewers must share to share an encode.
 *
 * @param loss how what bears a loss is encoded while it moves
 * @param video where much of it moves, it comes as a {@link VideoStream}
 * @param coarse with a greater loss, which also what is large may have at first: for slow links
 */
public record EncoderProfile(Codec codec, PixelDepth depth, Loss loss, boolean video, boolean coarse) {

    /** How a tile's pixels become bytes. */
    public enum Codec {
        /** RDP 6.0 bitmap compression without alpha. */
        PLANAR,
        /** Likewise, and what has no colour as its luma alone. */
        PLANAR_OR_LUMA,
        /** RDP 6.0 bitmap compression with an alpha plane, for clients that know nothing else. */
        PLANAR_WITH_ALPHA,
        /** Interleaved run-length encoding. */
        INTERLEAVED,
        /** No compression. */
        RAW,
        /** What the graphics pipeline's surfaces take; see {@link SurfaceTileEncoder}. */
        SURFACE
    }

    /** How tiles of photos and videos are encoded while they move. */
    public enum Loss {
        /** Like everything else. */
        NONE(null),
        /** With the graphics pipeline's progressive RemoteFX. */
        PROGRESSIVE(Encoding.PROGRESSIVE),
        /** With RemoteFX and RLGR1, in surface commands. */
        REMOTEFX_RLGR1(Encoding.REMOTEFX),
        /** With RemoteFX and RLGR3, in surface commands. */
        REMOTEFX_RLGR3(Encoding.REMOTEFX);

        private final Encoding encoding;

        Loss(Encoding encoding) {
            this.encoding = encoding;
        }

        /** What it comes as; null for {@link #NONE}. */
        Encoding encoding() {
            return encoding;
        }
    }

    public EncoderProfile {
        Objects.requireNonNull(codec);
        Objects.requireNonNull(depth);
        Objects.requireNonNull(loss);
        boolean fits = switch (codec) {
            case PLANAR, PLANAR_OR_LUMA, PLANAR_WITH_ALPHA, SURFACE -> depth == PixelDepth.XRGB8888;
            case INTERLEAVED -> depth != PixelDepth.XRGB8888;
            case RAW -> true;
        };
        if (!fits) {
            throw new IllegalArgumentException(codec + " at " + depth);
        }
    }

    /**
     * The bitmap codec for a client.
     *
     * @param skipAlpha it takes bitmaps without alpha
     * @param luma it takes bitmaps as luma and chroma
     */
    public static EncoderProfile bitmaps(int bitsPerPixel, boolean skipAlpha, boolean luma) {
        return switch (bitsPerPixel) {
            case 15 -> new EncoderProfile(Codec.INTERLEAVED, PixelDepth.RGB555, Loss.NONE, false, false);
            case 16 -> new EncoderProfile(Codec.INTERLEAVED, PixelDepth.RGB565, Loss.NONE, false, false);
            case 24 -> new EncoderProfile(Codec.INTERLEAVED, PixelDepth.RGB888, Loss.NONE, false, false);
            case 32 -> {
                Codec planar = luma ? Codec.PLANAR_OR_LUMA : Codec.PLANAR;
                yield new EncoderProfile(
                        skipAlpha ? planar : Codec.PLANAR_WITH_ALPHA, PixelDepth.XRGB8888, Loss.NONE, false, false);
            }
            default -> throw new IllegalArgumentException(bitsPerPixel + " bits per pixel");
        };
    }

    /** Plain pixels, for a client that wants no compression. */
    public static EncoderProfile plain(int bitsPerPixel) {
        return new EncoderProfile(Codec.RAW, bitmaps(bitsPerPixel, true, true).depth(), Loss.NONE, false, false);
    }

    /** For a client with the graphics pipeline. @param lossy whether what moves may come with a loss until it rests */
    public static EncoderProfile surface(boolean lossy) {
        return new EncoderProfile(
                Codec.SURFACE, PixelDepth.XRGB8888, lossy ? Loss.PROGRESSIVE : Loss.NONE, false, false);
    }

    /** The same, with a loss of another kind for what moves. */
    public EncoderProfile with(Loss other) {
        return new EncoderProfile(codec, depth, other, video, coarse);
    }

    /** What the same client is sent over a link that is too slow for it: the same, unless it takes a loss. */
    public EncoderProfile forSlowLink() {
        return loss == Loss.NONE && !video ? this : new EncoderProfile(codec, depth, loss, video, true);
    }

    /** Whether a tile of which this part has changed may be encoded with a loss, which takes the bytes of a whole one. */
    boolean losesAt(int part) {
        if (loss == Loss.NONE) {
            return false;
        }
        return coarse ? !TileParts.isTiny(part) : TileParts.isLarge(part); // a coarse one is less than an eighth
    }

    /** The same, for a client that decodes H.264 if this is true. */
    public EncoderProfile withVideo(boolean decoded) {
        return new EncoderProfile(codec, depth, loss, decoded, coarse);
    }

    /** An encoder for one thread. */
    public FrameEncoder newEncoder() {
        return switch (codec) {
            case PLANAR -> new PlanarEncoder(Planes.COLOURS);
            case PLANAR_OR_LUMA -> new PlanarEncoder(Planes.COLOURS_OR_LUMA);
            case PLANAR_WITH_ALPHA -> new PlanarEncoder(Planes.ALPHA_AND_COLOURS);
            case INTERLEAVED -> new InterleavedRleEncoder(depth);
            case RAW -> new RawEncoder(depth);
            case SURFACE -> new SurfaceTileEncoder();
        };
    }

    /** An encoder with a loss for one thread; there is none without {@link #loss}. */
    SoftTileEncoder newSoftEncoder() {
        RfxQuality quality = coarse ? RfxQuality.LOW : RfxQuality.MEDIUM;
        return new SoftTileEncoder(
                switch (loss) {
                    case PROGRESSIVE -> new ProgressiveTileEncoder(quality);
                    case REMOTEFX_RLGR1 -> new RemoteFxTileEncoder(quality, false);
                    case REMOTEFX_RLGR3 -> new RemoteFxTileEncoder(quality, true);
                    case NONE -> throw new IllegalStateException(this + " has no loss");
                });
    }
}
