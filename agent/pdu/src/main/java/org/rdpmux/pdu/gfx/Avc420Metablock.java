// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * RFX_AVC420_METABLOCK ([MS-RDPEGFX] 2.2.4.4.1), which begins an RFX_AVC420_BITMAP_STREAM; the H.264 access unit follows. The
 * client shows the picture's pixels in these rectangles and nowhere else.
 *
 * @param regions in pixels of the surface and inside it; one or more
 * @param qp quantiser of all of them, 0 to 51; for information
 */
public record Avc420Metablock(List<GfxRect> regions, int qp) implements Pdu {

    /** More rectangles than a client is ever sent; a bound for who decodes. */
    private static final int MAX_REGIONS = 1 << 16;

    private static final int QP_MASK = 0x3f;

    /** Of 100, for information. */
    private static final int QUALITY = 100;

    private static final String NAME = "RFX_AVC420_METABLOCK";

    public Avc420Metablock {
        regions = List.copyOf(regions);
        if (regions.isEmpty() || qp < 0 || qp > 51) {
            throw new IllegalArgumentException(regions.size() + " regions with a quantiser of " + qp);
        }
    }

    public static Avc420Metablock decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "numRegionRects");
        long count = in.readUnsignedIntLE(); // 4 bytes
        PduException.range(count, 1, MAX_REGIONS, NAME, "numRegionRects");
        PduException.need(in, (int) count * (GfxRect.SIZE + 2), NAME, "regionRects");
        List<GfxRect> regions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            regions.add(GfxRect.decode(in, NAME, "regionRects")); // 8 bytes each
        }
        int qp = 0;
        for (int i = 0; i < count; i++) {
            qp = in.readUnsignedByte() & QP_MASK; // 1 byte
            PduException.range(qp, 0, 51, NAME, "qp");
            in.readUnsignedByte(); // qualityVal, 1 byte
        }
        return new Avc420Metablock(regions, qp);
    }

    @Override
    public int size() {
        return 4 + regions.size() * (GfxRect.SIZE + 2);
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE(regions.size());
        regions.forEach(region -> region.encode(out));
        for (int i = 0; i < regions.size(); i++) {
            out.writeByte(qp).writeByte(QUALITY);
        }
    }
}
