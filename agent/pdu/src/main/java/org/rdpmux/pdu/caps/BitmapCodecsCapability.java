// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.rdpmux.pdu.PduException;

/**
 * TS_BITMAPCODECS_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.2.10): codecs for the bitmaps of surface commands.
 *
 * @param codecs up to 255, in the order on the wire
 */
public record BitmapCodecsCapability(List<Codec> codecs) implements CapabilitySet {

    /** CODEC_GUID_REMOTEFX. */
    public static final UUID REMOTEFX = UUID.fromString("76772f12-bd72-4463-afb3-b73c9c6f7886");

    private static final String NAME = "TS_BITMAPCODECS_CAPABILITYSET";
    private static final int GUID_SIZE = 16;

    /**
     * TS_BITMAPCODEC (2.2.7.2.10.1.1).
     *
     * @param guid which codec
     * @param id codecID, 0 to 255: how bitmaps name the codec; what a client says counts
     * @param properties what the codec's own specification says; not copied
     */
    public record Codec(UUID guid, int id, byte[] properties) {

        /** codecGUID 16, codecID 1, codecPropertiesLength 2. */
        private static final int HEADER_SIZE = GUID_SIZE + 1 + 2;

        private int size() {
            return HEADER_SIZE + properties.length;
        }
    }

    public BitmapCodecsCapability {
        codecs = List.copyOf(codecs);
        if (codecs.size() > 0xff) {
            throw new IllegalArgumentException(codecs.size() + " codecs");
        }
    }

    /** What a server that encodes RemoteFX says: TS_RFX_SRVR_CAPS_CONTAINER ([MS-RDPRFX] 2.2.1.2), reserved 4. */
    public static BitmapCodecsCapability ofServer() {
        return new BitmapCodecsCapability(List.of(new Codec(REMOTEFX, 0, new byte[4])));
    }

    static BitmapCodecsCapability decode(ByteBuf in) {
        PduException.need(in, 1, NAME, "bitmapCodecCount");
        int count = in.readUnsignedByte(); // 1 byte
        List<Codec> codecs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            PduException.need(in, Codec.HEADER_SIZE, NAME, "bitmapCodecArray");
            UUID guid = decodeGuid(in); // 16 bytes
            int id = in.readUnsignedByte(); // 1 byte
            int length = in.readUnsignedShortLE(); // 2 bytes
            PduException.need(in, length, NAME, "codecPropertiesLength");
            byte[] properties = new byte[length];
            in.readBytes(properties);
            codecs.add(new Codec(guid, id, properties));
        }
        return new BitmapCodecsCapability(codecs);
    }

    /** A codec, if it is among them. */
    public Optional<Codec> find(UUID guid) {
        return codecs.stream().filter(codec -> codec.guid().equals(guid)).findFirst();
    }

    @Override
    public int type() {
        return BITMAP_CODECS;
    }

    @Override
    public int size() {
        return 1 + codecs.stream().mapToInt(Codec::size).sum();
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(codecs.size());
        for (Codec codec : codecs) {
            encodeGuid(codec.guid(), out);
            out.writeByte(codec.id()).writeShortLE(codec.properties().length).writeBytes(codec.properties());
        }
    }

    /** The first three fields of a GUID are little-endian. */
    private static UUID decodeGuid(ByteBuf in) {
        long high = in.readUnsignedIntLE() << 32;
        high |= (long) in.readUnsignedShortLE() << 16;
        return new UUID(high | in.readUnsignedShortLE(), in.readLong());
    }

    private static void encodeGuid(UUID guid, ByteBuf out) {
        long high = guid.getMostSignificantBits();
        out.writeIntLE((int) (high >> 32)).writeShortLE((int) (high >> 16)).writeShortLE((int) high);
        out.writeLong(guid.getLeastSignificantBits());
    }
}
