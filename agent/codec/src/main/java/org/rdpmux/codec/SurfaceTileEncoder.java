// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;

/**
 * Encodes a tile for a surface of the graphics pipeline ([MS-RDPEGFX] 2.2.2.1) without a loss, with what takes the fewest bytes:
 * {@link Encoding#SOLID} for one colour, {@link Encoding#CLEAR} for text and what else has few colours, otherwise {@link
 * Encoding#COMPRESSED}, the planar codec.
 */
public final class SurfaceTileEncoder implements FrameEncoder {

    /** Colours of a sample, up to which ClearCodec alone is tried. */
    private static final int FEW = 24;

    /** The sample: each of these many pixels of each of these many rows. */
    private static final int STEP = 4;

    private final ClearCodecEncoder clear = new ClearCodecEncoder();
    private final PlanarSurfaceEncoder planar = new PlanarSurfaceEncoder();
    private final Palette palette = new Palette();

    @Override
    public Encoding encode(int[] pixels, int offset, int stride, int width, int height, ByteBuf out) {
        if (Tiles.isSolid(pixels, offset, stride, width, height)) {
            out.writeIntLE(pixels[offset] & 0xffffff);
            return Encoding.SOLID;
        }
        boolean sampled = sample(pixels, offset, stride, width, height);
        if (sampled && palette.count() <= FEW) {
            clear.encode(pixels, offset, stride, width, height, out);
            return Encoding.CLEAR;
        }
        int start = out.writerIndex();
        planar.encode(pixels, offset, stride, width, height, out);
        if (!sampled) {
            return Encoding.COMPRESSED; // too many colours for ClearCodec
        }
        int planarBytes = out.writerIndex() - start;
        clear.encode(pixels, offset, stride, width, height, out);
        int clearBytes = out.writerIndex() - start - planarBytes;
        if (clearBytes < planarBytes) {
            out.setBytes(start, out, start + planarBytes, clearBytes);
            out.writerIndex(start + clearBytes);
            return Encoding.CLEAR;
        }
        out.writerIndex(start + planarBytes);
        return Encoding.COMPRESSED;
    }

    /** Takes a sample's colours into {@link #palette}. @return whether it has room for them */
    private boolean sample(int[] pixels, int offset, int stride, int width, int height) {
        palette.clear();
        for (int row = 0; row < height; row += STEP) {
            for (int i = offset + row * stride; i < offset + row * stride + width; i += STEP) {
                if (palette.add(pixels[i] & 0xffffff) < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public PixelDepth depth() {
        return PixelDepth.XRGB8888;
    }

    /** Both codecs' bytes, one behind the other, while they are compared. */
    @Override
    public int maxBytes(int width, int height) {
        return planar.maxBytes(width, height) + clear.maxBytes(width, height);
    }
}
