// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import org.rdpmux.codec.TileClassifier.Content;

/** Encodes with a loss what bears it and gets smaller by it: photos and videos. For one thread. */
public final class SoftTileEncoder {

    /** Bytes of a pixel, from which on a loss does not pay: lossless codecs take two to three. */
    private static final int WORTHLESS = 2;

    private final TileClassifier classifier = new TileClassifier();
    private final LossyTileEncoder codec;

    /** @param codec belongs to this one from now on */
    public SoftTileEncoder(LossyTileEncoder codec) {
        this.codec = codec;
    }

    /** Whether a loss suits what a rectangle shows. Parameters as in {@link TileClassifier#classify}. */
    public boolean suits(int[] pixels, int offset, int stride, int width, int height) {
        return classifier.classify(pixels, offset, stride, width, height) == Content.SOFT;
    }

    /**
     * Appends a whole tile of a screen. Parameters as in {@link LossyTileEncoder#encode}.
     *
     * @return false, with nothing written, if a loss does not pay
     */
    public boolean encode(
            int[] pixels, int offset, int stride, int width, int height, int column, int row, ByteBuf out) {
        int start = out.writerIndex();
        codec.encode(pixels, offset, stride, width, height, column, row, out);
        if (out.writerIndex() - start < WORTHLESS * width * height) {
            return true;
        }
        out.writerIndex(start);
        return false;
    }
}
