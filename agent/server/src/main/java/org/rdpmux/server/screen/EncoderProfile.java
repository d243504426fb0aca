// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.Objects;
import org.rdpmux.codec.FrameEncoder;
import org.rdpmux.codec.InterleavedRleEncoder;
import org.rdpmux.codec.PixelDepth;
import org.rdpmux.codec.PlanarEncoder;
import org.rdpmux.codec.PlanarEncoder.Planes;
import org.rdpmux.codec.RawEncoder;
import org.rdpmux.codec.RfxQuality;
import org.rdpmux.codec.SurfaceTileEncoder;

/** What two viewers must share to share an encode. */
public record EncoderProfile(Codec codec, PixelDepth depth) {

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
        SURFACE,
        /** Likewise, and photos that move with a loss. */
        SURFACE_LOSSY,
        /** Likewise, with a greater loss, which also what is large may have at first: for slow links. */
        SURFACE_COARSE
    }

    private static final EncoderProfile COARSE = new EncoderProfile(Codec.SURFACE_COARSE, PixelDepth.XRGB8888);

    public EncoderProfile {
        Objects.requireNonNull(codec);
        Objects.requireNonNull(depth);
        boolean fits = switch (codec) {
            case PLANAR, PLANAR_OR_LUMA, PLANAR_WITH_ALPHA, SURFACE, SURFACE_LOSSY, SURFACE_COARSE ->
                depth == PixelDepth.XRGB8888;
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
            case 15 -> new EncoderProfile(Codec.INTERLEAVED, PixelDepth.RGB555);
            case 16 -> new EncoderProfile(Codec.INTERLEAVED, PixelDepth.RGB565);
            case 24 -> new EncoderProfile(Codec.INTERLEAVED, PixelDepth.RGB888);
            case 32 -> {
                Codec planar = luma ? Codec.PLANAR_OR_LUMA : Codec.PLANAR;
                yield new EncoderProfile(skipAlpha ? planar : Codec.PLANAR_WITH_ALPHA, PixelDepth.XRGB8888);
            }
            default -> throw new IllegalArgumentException(bitsPerPixel + " bits per pixel");
        };
    }

    /** Plain pixels, for a client that wants no compression. */
    public static EncoderProfile plain(int bitsPerPixel) {
        return new EncoderProfile(Codec.RAW, bitmaps(bitsPerPixel, true, true).depth());
    }

    /** For a client with the graphics pipeline. @param lossy whether what moves may come with a loss until it rests */
    public static EncoderProfile surface(boolean lossy) {
        return new EncoderProfile(lossy ? Codec.SURFACE_LOSSY : Codec.SURFACE, PixelDepth.XRGB8888);
    }

    /** What the same client is sent over a link that is too slow for it: the same, unless it takes a loss. */
    public EncoderProfile forSlowLink() {
        return codec == Codec.SURFACE_LOSSY ? COARSE : this;
    }

    /** Whether a tile of which this part has changed may be encoded with a loss, which takes the bytes of a whole one. */
    boolean losesAt(int part) {
        return switch (codec) {
            case SURFACE_LOSSY -> TileParts.isLarge(part);
            case SURFACE_COARSE -> !TileParts.isTiny(part); // a whole tile takes less than an eighth exactly
            default -> false;
        };
    }

    /** A lane for viewers of this profile. */
    public Lane newLane(Screen screen) {
        return new TileLane(this, screen);
    }

    /** An encoder for one thread. */
    public FrameEncoder newEncoder() {
        return switch (codec) {
            case PLANAR -> new PlanarEncoder(Planes.COLOURS);
            case PLANAR_OR_LUMA -> new PlanarEncoder(Planes.COLOURS_OR_LUMA);
            case PLANAR_WITH_ALPHA -> new PlanarEncoder(Planes.ALPHA_AND_COLOURS);
            case INTERLEAVED -> new InterleavedRleEncoder(depth);
            case RAW -> new RawEncoder(depth);
            case SURFACE, SURFACE_LOSSY -> new SurfaceTileEncoder(RfxQuality.MEDIUM);
            case SURFACE_COARSE -> new SurfaceTileEncoder(RfxQuality.LOW);
        };
    }
}
