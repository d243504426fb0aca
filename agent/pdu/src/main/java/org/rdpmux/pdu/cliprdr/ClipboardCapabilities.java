// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.cliprdr;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * CLIPRDR_CAPS ([MS-RDPECLIP] 2.2.2.1) with CLIPRDR_GENERAL_CAPABILITY (2.2.2.1.1.1), the only set that there is.
 *
 * @param version of the sender, which is for information alone
 * @param flags generalFlags: what is not set, or not sent at all, the sender cannot do
 */
public record ClipboardCapabilities(int version, int flags) implements ClipboardPdu {

    /** CB_CAPS_VERSION_2. */
    public static final int VERSION_2 = 2;

    /** CB_USE_LONG_FORMAT_NAMES. */
    public static final int LONG_FORMAT_NAMES = 0x2;

    private static final String NAME = "CLIPRDR_CAPS";
    private static final int TYPE_GENERAL = 1;
    private static final int SET_HEADER_SIZE = 4;
    private static final int GENERAL_SIZE = 12;

    static ClipboardCapabilities decode(ByteBuf body) {
        PduException.need(body, 4, NAME, "cCapabilitiesSets");
        int count = body.readUnsignedShortLE(); // 2 bytes
        body.skipBytes(2); // pad1
        int version = 0;
        int flags = 0;
        for (int i = 0; i < count; i++) {
            PduException.need(body, SET_HEADER_SIZE, NAME, "capabilitySetType");
            int type = body.readUnsignedShortLE(); // 2 bytes
            int length = body.readUnsignedShortLE(); // lengthCapability, 2 bytes
            PduException.range(length - SET_HEADER_SIZE, 0, body.readableBytes(), NAME, "lengthCapability");
            ByteBuf set = body.readSlice(length - SET_HEADER_SIZE);
            if (type == TYPE_GENERAL) {
                PduException.need(set, 8, NAME, "version");
                version = set.readIntLE(); // 4 bytes
                flags = set.readIntLE(); // generalFlags, 4 bytes
            }
        }
        return new ClipboardCapabilities(version, flags);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public int size() {
        return HEADER_SIZE + 4 + GENERAL_SIZE;
    }

    @Override
    public void encode(ByteBuf out) {
        ClipboardPdu.writeHeader(out, CLIP_CAPS, 0, size());
        out.writeShortLE(1).writeShortLE(0);
        out.writeShortLE(TYPE_GENERAL).writeShortLE(GENERAL_SIZE);
        out.writeIntLE(version).writeIntLE(flags);
    }
}
