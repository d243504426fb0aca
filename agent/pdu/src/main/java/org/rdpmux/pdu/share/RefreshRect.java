// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;

/** TS_REFRESH_RECT_PDU ([MS-RDPBCGR] 2.2.11.2.1): the client lost these areas, at most 255. */
public record RefreshRect(List<InclusiveRect> areas) implements DataBody {

    private static final String NAME = "TS_REFRESH_RECT_PDU";

    public RefreshRect {
        areas = List.copyOf(areas);
        if (areas.size() > 255) {
            throw new IllegalArgumentException(areas.size() + " areas");
        }
    }

    static RefreshRect decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "numberOfAreas");
        int count = in.readUnsignedByte(); // 1 byte
        in.skipBytes(3); // pad3Octets: 3 bytes
        PduException.need(in, count * InclusiveRect.SIZE, NAME, "areasToRefresh");
        List<InclusiveRect> areas = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            areas.add(InclusiveRect.decode(in));
        }
        return new RefreshRect(areas);
    }

    @Override
    public int type() {
        return REFRESH_RECT;
    }

    @Override
    public int size() {
        return 4 + areas.size() * InclusiveRect.SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(areas.size()).writeZero(3);
        areas.forEach(area -> area.encode(out));
    }
}
