// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;

/**
 * How much of a tile RemoteFX keeps: quantisers ([MS-RDPEGFX] 2.2.4.2.1.5.2, RFX_COMPONENT_CODEC_QUANT) for each band of luma,
 * and coarser ones of chroma, for which the eye is less keen. A band's coefficients lose as many bits as its quantiser is above
 * six. The lowest frequencies keep theirs, so that areas keep their colour.
 *
 * <p>A region that has the sets of all qualities ({@link #writeAll}) takes tiles of any.
 */
public enum RfxQuality {
    /** What a slow link bears: edges ring, noise is gone. */
    LOW(new int[] {10, 10, 11, 9, 9, 10, 8, 8, 8, 6}),
    /** Good for what moves. */
    MEDIUM(new int[] {9, 9, 10, 8, 8, 9, 7, 7, 7, 6}),
    /** What Windows takes for its best: hardly to be told from the original. */
    HIGH(new int[] {8, 8, 9, 7, 7, 8, 6, 6, 6, 6});

    /** Bands in the order of {@link ReduceExtrapolateDwt}: HL1, LH1, HH1, HL2, LH2, HH2, HL3, LH3, HH3, LL3. */
    private static final int BANDS = 10;

    /** Which bands share a byte on the wire, the first in its lower half: 2.2.4.2.1.5.2. */
    private static final int[] WIRE_ORDER = {9, 6, 7, 8, 3, 4, 5, 0, 1, 2};

    /** Sets of a region: luma and chroma of each quality. Decoders take seven at most. */
    static final int SETS = 2 * values().length;

    /** Bytes of {@link #writeAll}. */
    static final int ALL_SIZE = SETS * BANDS / 2;

    private final int[] luma;
    private final int[] chroma;

    RfxQuality(int[] luma) {
        this.luma = luma;
        chroma = new int[BANDS];
        for (int band = 0; band < BANDS; band++) {
            chroma[band] = band == BANDS - 1 ? luma[band] : luma[band] + 1;
        }
    }

    /** Quantisers by band, 6 to 15; not to be changed. */
    int[] luma() {
        return luma;
    }

    /** Likewise, of Cb and Cr. */
    int[] chroma() {
        return chroma;
    }

    /** The index of the luma's set in {@link #writeAll}. */
    int lumaIndex() {
        return 2 * ordinal();
    }

    /** The index of the chroma's set in {@link #writeAll}. */
    int chromaIndex() {
        return lumaIndex() + 1;
    }

    /** Writes the sets of all qualities. */
    static void writeAll(ByteBuf out) {
        for (RfxQuality quality : values()) {
            write(quality.luma, out);
            write(quality.chroma, out);
        }
    }

    private static void write(int[] quantisers, ByteBuf out) {
        for (int i = 0; i < BANDS; i += 2) {
            out.writeByte(quantisers[WIRE_ORDER[i]] | quantisers[WIRE_ORDER[i + 1]] << 4);
        }
    }
}
