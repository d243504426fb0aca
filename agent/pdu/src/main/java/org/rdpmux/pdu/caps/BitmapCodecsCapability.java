// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;

/** TS_BITMAPCODECS_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.2.10): codecs for surface commands. */
public record BitmapCodecsCapability(List<Codec> codecs) implements CapabilitySet {

    private static final String NAME = "TS_BITMAPCODECS_CAPABILITYSET";
    private static final int GUID_SIZE = 16;

    /**
     * TS_BITMAPCODEC.
     *
     * @param guid 16 bytes; not copied
     * @param id by which bitmaps name the codec
     * @param properties whatever the codec defines; not copied
     */
    public record Codec(byte[] guid, int id, byte[] properties) {
        public Codec {
            if (guid.length != GUID_SIZE || id < 0 || id > 0xff || properties.length > 0xffff) {
                throw new IllegalArgumentException("codec " + id + " with " + properties.length + " bytes");
            }
        }
    }

    public BitmapCodecsCapability {
        codecs = List.copyOf(codecs);
        if (codecs.size() > 0xff) {
            throw new IllegalArgumentException(codecs.size() + " codecs");
        }
    }

    static BitmapCodecsCapability decode(ByteBuf in) {
        PduException.need(in, 1, NAME, "bitmapCodecCount");
        int count = in.readUnsignedByte(); // 1 byte
        List<Codec> codecs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            PduException.need(in, GUID_SIZE + 3, NAME, "codecGUID");
            byte[] guid = new byte[GUID_SIZE];
            in.readBytes(guid); // 16 bytes
            int id = in.readUnsignedByte(); // codecID: 1 byte
            int length = in.readUnsignedShortLE(); // codecPropertiesLength: 2 bytes
            PduException.need(in, length, NAME, "codecProperties");
            byte[] properties = new byte[length];
            in.readBytes(properties);
            codecs.add(new Codec(guid, id, properties));
        }
        return new BitmapCodecsCapability(codecs);
    }

    @Override
    public int type() {
        return BITMAP_CODECS;
    }

    @Override
    public int size() {
        int size = 1;
        for (Codec codec : codecs) {
            size += GUID_SIZE + 3 + codec.properties().length;
        }
        return size;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(codecs.size());
        for (Codec codec : codecs) {
            out.writeBytes(codec.guid()).writeByte(codec.id());
            out.writeShortLE(codec.properties().length).writeBytes(codec.properties());
        }
    }
}
