// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import io.netty.buffer.ByteBuf;

/**
 * RDP_PRECONNECTION_PDU_V1 and _V2 ([MS-RDPEPS] 2.2.1): names the console a client wants before anything else is said.
 *
 * @param version 1, or 2 if there is a {@code pcb}
 * @param id an opaque number, 0 if unused
 * @param pcb an opaque string without terminator; always empty in version 1
 */
public record PreconnectionPdu(int version, long id, String pcb) implements Pdu {

    /** Version 1: cbSize, Flags, Version, Id. */
    public static final int MIN_SIZE = 16;
    /** The string is a name or an identifier; clients bound it to 64 KiB, which no address of a console needs. */
    public static final int MAX_SIZE = 4096;

    private static final String NAME = "RDP_PRECONNECTION_PDU";

    public PreconnectionPdu {
        if (version != 1 && version != 2) {
            throw new IllegalArgumentException("version " + version);
        }
        if (version == 1 && !pcb.isEmpty()) {
            throw new IllegalArgumentException("version 1 has no string");
        }
    }

    /** Bytes the PDU at the reader index takes, once {@link FirstBytes} has called it one. */
    public static int length(ByteBuf in) {
        PduException.need(in, 4, NAME, "cbSize");
        long size = in.getUnsignedIntLE(in.readerIndex());
        PduException.range(size, MIN_SIZE, MAX_SIZE, NAME, "cbSize");
        return (int) size;
    }

    public static PreconnectionPdu decode(ByteBuf in) {
        int size = length(in); // cbSize: 4 bytes
        PduException.need(in, size, NAME, "cbSize");
        ByteBuf body = in.readSlice(size).skipBytes(4);
        PduException.expect(body.readIntLE(), 0, NAME, "Flags"); // 4 bytes
        int version = body.readIntLE(); // 4 bytes
        PduException.range(version, 1, 2, NAME, "Version");
        long id = body.readUnsignedIntLE(); // 4 bytes
        String pcb = "";
        if (version == 2) {
            PduException.need(body, 2, NAME, "cchPCB");
            int characters = body.readUnsignedShortLE(); // 2 bytes
            PduException.need(body, 2 * characters, NAME, "wszPCB");
            pcb = Utf16.read(body, 2 * characters); // cchPCB characters, the terminator among them
        }
        return new PreconnectionPdu(version, id, pcb); // cbSize, not the fields, says where the PDU ends
    }

    @Override
    public int size() {
        return version == 1 ? MIN_SIZE : MIN_SIZE + 2 + 2 * (pcb.length() + 1);
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE(size());
        out.writeIntLE(0);
        out.writeIntLE(version);
        out.writeIntLE((int) id);
        if (version == 2) {
            out.writeShortLE(pcb.length() + 1);
            Utf16.write(out, pcb);
            out.writeShortLE(0);
        }
    }
}
