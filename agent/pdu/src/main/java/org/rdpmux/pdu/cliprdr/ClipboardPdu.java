// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.cliprdr;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * What the two ends of the clipboard channel say to each other ([MS-RDPECLIP] 2.2). All begin with CLIPRDR_HEADER (2.2.1):
 * msgType 2 bytes, msgFlags 2, dataLen 4, which does not count the header.
 */
public sealed interface ClipboardPdu extends Pdu
        permits ClipboardCapabilities,
                FormatDataRequest,
                FormatDataResponse,
                FormatList,
                FormatListResponse,
                MonitorReady,
                OtherPdu {

    /** The name of the static channel. */
    String CHANNEL = "cliprdr";

    /** Bytes of CLIPRDR_HEADER. */
    int HEADER_SIZE = 8;

    int MONITOR_READY = 1;
    int FORMAT_LIST = 2;
    int FORMAT_LIST_RESPONSE = 3;
    int FORMAT_DATA_REQUEST = 4;
    int FORMAT_DATA_RESPONSE = 5;
    int CLIP_CAPS = 7;

    /** CB_RESPONSE_OK of msgFlags. */
    int FLAG_OK = 0x1;

    /** CB_RESPONSE_FAIL. */
    int FLAG_FAIL = 0x2;

    /** CB_ASCII_NAMES. */
    int FLAG_ASCII_NAMES = 0x4;

    /**
     * Reads a PDU that either end sent, one to a message. What nobody here reads is passed over as {@link OtherPdu}: locks, the
     * temporary directory, files. Bytes behind the PDU are passed over, too: rdesktop sends four.
     *
     * @param longNames whether format lists have long names, which both ends have to be capable of
     */
    static ClipboardPdu decode(ByteBuf in, boolean longNames) {
        PduException.need(in, HEADER_SIZE, "CLIPRDR_HEADER", "msgType");
        int type = in.readUnsignedShortLE(); // 2 bytes
        int flags = in.readUnsignedShortLE(); // msgFlags, 2 bytes
        long length = in.readUnsignedIntLE(); // dataLen, 4 bytes
        PduException.range(length, 0, in.readableBytes(), "CLIPRDR_HEADER", "dataLen");
        ByteBuf body = in.readSlice((int) length);
        in.skipBytes(in.readableBytes());
        ClipboardPdu pdu = switch (type) {
            case MONITOR_READY -> new MonitorReady();
            case FORMAT_LIST -> FormatList.decode(flags, longNames, body);
            case FORMAT_LIST_RESPONSE -> new FormatListResponse(isOk(flags, "FORMAT_LIST_RESPONSE"));
            case FORMAT_DATA_REQUEST -> FormatDataRequest.decode(body);
            case FORMAT_DATA_RESPONSE -> FormatDataResponse.decode(flags, body);
            case CLIP_CAPS -> ClipboardCapabilities.decode(body);
            default -> OtherPdu.decode(type, body);
        };
        PduException.end(body, "CLIPRDR_HEADER");
        return pdu;
    }

    /** Whether a response says that all went well. */
    static boolean isOk(int flags, String structure) {
        int answer = flags & (FLAG_OK | FLAG_FAIL);
        if (answer != FLAG_OK && answer != FLAG_FAIL) {
            throw new PduException(structure, "msgFlags", "neither well nor failed");
        }
        return answer == FLAG_OK;
    }

    /** Begins a PDU. @param size of all of it */
    static void writeHeader(ByteBuf out, int type, int flags, int size) {
        out.writeShortLE(type).writeShortLE(flags).writeIntLE(size - HEADER_SIZE);
    }

    static int flag(boolean ok) {
        return ok ? FLAG_OK : FLAG_FAIL;
    }
}
