// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_RFX_CLNT_CAPS_CONTAINER ([MS-RDPRFX] 2.2.1.1): the properties of RemoteFX in a client's {@link BitmapCodecsCapability}.
 *
 * @param captureFlags the constant
 * @param icaps each one way in which the client decodes
 */
public record RemoteFxClientCapability(int captureFlags, List<Icap> icaps) implements Pdu {

    /** CARDP_CAPS_CAPTURE_NON_CAC. */
    public static final int CAPTURE_NON_CAC = 0x01;

    private static final String NAME = "TS_RFX_CLNT_CAPS_CONTAINER";
    private static final int CBY_CAPS = 0xcbc0;
    private static final int CBY_CAPSET = 0xcbc1;
    private static final int CLY_CAPSET = 0xcfc0;

    /** length 4, captureFlags 4, capsLength 4. */
    private static final int HEADER_SIZE = 12;

    /** TS_RFX_CAPS: blockType 2, blockLen 4, numCapsets 2. */
    private static final int CAPS_SIZE = 8;

    /** TS_RFX_CAPSET: blockType 2, blockLen 4, codecId 1, capsetType 2, numIcaps 2, icapLen 2. */
    private static final int CAPSET_SIZE = 13;

    /**
     * TS_RFX_ICAP (2.2.1.1.1.1.1).
     *
     * @param version {@link #VERSION}
     * @param tileSize {@link #TILE_SIZE}
     * @param flags {@link #IMAGE_MODE} or 0
     * @param colourConversion {@link #ICT}
     * @param transform {@link #DWT}
     * @param entropy {@link #RLGR1} or {@link #RLGR3}
     */
    public record Icap(int version, int tileSize, int flags, int colourConversion, int transform, int entropy) {

        public static final int VERSION = 0x0100;
        public static final int TILE_SIZE = 0x40;
        public static final int IMAGE_MODE = 0x02;
        public static final int ICT = 0x01;
        public static final int DWT = 0x01;
        public static final int RLGR1 = 0x01;
        public static final int RLGR3 = 0x04;

        private static final int SIZE = 8;

        private static Icap decode(ByteBuf in) {
            return new Icap(
                    in.readUnsignedShortLE(), // 2 bytes
                    in.readUnsignedShortLE(), // 2 bytes
                    in.readUnsignedByte(), // 1 byte each
                    in.readUnsignedByte(),
                    in.readUnsignedByte(),
                    in.readUnsignedByte());
        }

        private void encode(ByteBuf out) {
            out.writeShortLE(version).writeShortLE(tileSize);
            out.writeByte(flags)
                    .writeByte(colourConversion)
                    .writeByte(transform)
                    .writeByte(entropy);
        }
    }

    public RemoteFxClientCapability {
        icaps = List.copyOf(icaps);
        if (icaps.size() > 0xff) {
            throw new IllegalArgumentException(icaps.size() + " icaps");
        }
    }

    /** Reads the properties to their end. */
    public static RemoteFxClientCapability decode(ByteBuf in) {
        PduException.need(in, HEADER_SIZE + CAPS_SIZE + CAPSET_SIZE, NAME, "length");
        in.skipBytes(4); // length, 4 bytes: it says no more than the length around it
        int captureFlags = in.readIntLE(); // 4 bytes
        in.skipBytes(4); // capsLength, 4 bytes: likewise
        PduException.expect(in.readUnsignedShortLE(), CBY_CAPS, NAME, "TS_RFX_CAPS.blockType"); // 2 bytes
        in.skipBytes(4); // blockLen, 4 bytes
        PduException.expect(in.readUnsignedShortLE(), 1, NAME, "numCapsets"); // 2 bytes
        PduException.expect(in.readUnsignedShortLE(), CBY_CAPSET, NAME, "TS_RFX_CAPSET.blockType"); // 2 bytes
        in.skipBytes(4 + 1); // blockLen, 4 bytes; codecId, 1 byte
        PduException.expect(in.readUnsignedShortLE(), CLY_CAPSET, NAME, "capsetType"); // 2 bytes
        int count = in.readUnsignedShortLE(); // 2 bytes
        PduException.range(count, 0, 0xff, NAME, "numIcaps");
        PduException.expect(in.readUnsignedShortLE(), Icap.SIZE, NAME, "icapLen"); // 2 bytes
        PduException.need(in, count * Icap.SIZE, NAME, "icapsData");
        List<Icap> icaps = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            icaps.add(Icap.decode(in));
        }
        return new RemoteFxClientCapability(captureFlags, icaps);
    }

    @Override
    public int size() {
        return HEADER_SIZE + CAPS_SIZE + CAPSET_SIZE + icaps.size() * Icap.SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        int capset = CAPSET_SIZE + icaps.size() * Icap.SIZE;
        out.writeIntLE(size()).writeIntLE(captureFlags).writeIntLE(CAPS_SIZE + capset);
        out.writeShortLE(CBY_CAPS).writeIntLE(CAPS_SIZE).writeShortLE(1);
        out.writeShortLE(CBY_CAPSET).writeIntLE(capset).writeByte(1).writeShortLE(CLY_CAPSET);
        out.writeShortLE(icaps.size()).writeShortLE(Icap.SIZE);
        icaps.forEach(icap -> icap.encode(out));
    }
}
