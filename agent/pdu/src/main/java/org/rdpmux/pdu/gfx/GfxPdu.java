// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gfx;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * What the two ends of the graphics channel say to each other ([MS-RDPEGFX] 2.2.2). All begin with RDPGFX_HEADER (2.2.1.5):
 * cmdId 2 bytes, flags 2, pduLength 4, which counts the header. What carries pixels is written without them: they follow up
 * to its length.
 */
public sealed interface GfxPdu extends Pdu
        permits CacheImportReply,
                CacheToSurface,
                CapsAdvertise,
                CapsConfirm,
                CreateSurface,
                DeleteSurface,
                EndFrame,
                EvictCacheEntry,
                FrameAcknowledge,
                MapSurfaceToOutput,
                OtherPdu,
                ResetGraphics,
                SolidFill,
                StartFrame,
                SurfaceToCache,
                SurfaceToSurface,
                WireToSurface1,
                WireToSurface2 {

    /** The name of the dynamic channel. */
    String CHANNEL = "Microsoft::Windows::RDS::Graphics";

    /** Bytes of RDPGFX_HEADER. */
    int HEADER_SIZE = 8;

    /** PIXEL_FORMAT_XRGB_8888 (2.2.1.4). */
    int XRGB_8888 = 0x20;

    int WIRE_TO_SURFACE_1 = 0x01;
    int WIRE_TO_SURFACE_2 = 0x02;
    int SOLID_FILL = 0x04;
    int SURFACE_TO_SURFACE = 0x05;
    int SURFACE_TO_CACHE = 0x06;
    int CACHE_TO_SURFACE = 0x07;
    int EVICT_CACHE_ENTRY = 0x08;
    int CREATE_SURFACE = 0x09;
    int DELETE_SURFACE = 0x0a;
    int START_FRAME = 0x0b;
    int END_FRAME = 0x0c;
    int FRAME_ACKNOWLEDGE = 0x0d;
    int RESET_GRAPHICS = 0x0e;
    int MAP_SURFACE_TO_OUTPUT = 0x0f;
    int CACHE_IMPORT_OFFER = 0x10;
    int CACHE_IMPORT_REPLY = 0x11;
    int CAPS_ADVERTISE = 0x12;
    int CAPS_CONFIRM = 0x13;

    /**
     * Reads one PDU that a client sent, of which several may stand in one message. What this server does not read is passed
     * over as {@link OtherPdu}.
     */
    static GfxPdu decodeFromClient(ByteBuf in) {
        int command = command(in);
        ByteBuf body = body(in);
        GfxPdu pdu = switch (command) {
            case CAPS_ADVERTISE -> CapsAdvertise.decode(body);
            case FRAME_ACKNOWLEDGE -> FrameAcknowledge.decode(body);
            default -> OtherPdu.decode(command, body);
        };
        PduException.end(body, "RDPGFX_HEADER");
        return pdu;
    }

    /** Reads one PDU that a server sent; pixels are skipped, and their length is that of the PDU. */
    static GfxPdu decodeFromServer(ByteBuf in) {
        int command = command(in);
        ByteBuf body = body(in);
        GfxPdu pdu = switch (command) {
            case WIRE_TO_SURFACE_1 -> WireToSurface1.decode(body);
            case WIRE_TO_SURFACE_2 -> WireToSurface2.decode(body);
            case SOLID_FILL -> SolidFill.decode(body);
            case SURFACE_TO_SURFACE -> SurfaceToSurface.decode(body);
            case SURFACE_TO_CACHE -> SurfaceToCache.decode(body);
            case CACHE_TO_SURFACE -> CacheToSurface.decode(body);
            case EVICT_CACHE_ENTRY -> EvictCacheEntry.decode(body);
            case CREATE_SURFACE -> CreateSurface.decode(body);
            case DELETE_SURFACE -> DeleteSurface.decode(body);
            case START_FRAME -> StartFrame.decode(body);
            case END_FRAME -> EndFrame.decode(body);
            case RESET_GRAPHICS -> ResetGraphics.decode(body);
            case MAP_SURFACE_TO_OUTPUT -> MapSurfaceToOutput.decode(body);
            case CACHE_IMPORT_REPLY -> CacheImportReply.decode(body);
            case CAPS_CONFIRM -> CapsConfirm.decode(body);
            default -> OtherPdu.decode(command, body);
        };
        PduException.end(body, "RDPGFX_HEADER");
        return pdu;
    }

    private static int command(ByteBuf in) {
        PduException.need(in, HEADER_SIZE, "RDPGFX_HEADER", "cmdId");
        int command = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(2); // flags, unused
        return command;
    }

    private static ByteBuf body(ByteBuf in) {
        long length = in.readUnsignedIntLE(); // 4 bytes
        PduException.range(length - HEADER_SIZE, 0, in.readableBytes(), "RDPGFX_HEADER", "pduLength");
        return in.readSlice((int) length - HEADER_SIZE);
    }

    /** Begins a PDU. @param size of all of it, with what follows it */
    static void writeHeader(ByteBuf out, int command, int size) {
        out.writeShortLE(command).writeShortLE(0).writeIntLE(size);
    }
}
