// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.gcc;

import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.Utf16;

/**
 * TS_UD_CS_CORE ([MS-RDPBCGR] 2.2.1.3.2) without its header. What follows imeFileName is optional field by field: a
 * client stops where it likes.
 *
 * @param version RDP version, 0x00080004 for RDP 5 to 8
 * @param desktopWidth as the client would like it; likewise {@code desktopHeight}
 * @param colorDepth RNS_UD_COLOR_4BPP 0xCA00 or _8BPP 0xCA01; overridden by the optional fields
 * @param keyboardLayout active input locale identifier
 * @param clientBuild build number of the client
 * @param clientName at most 15 characters
 * @param keyboardType 4 for enhanced keyboards; likewise subtype and number of function keys
 * @param tail the optional fields
 */
public record ClientCoreData(
        int version,
        int desktopWidth,
        int desktopHeight,
        int colorDepth,
        int keyboardLayout,
        int clientBuild,
        String clientName,
        int keyboardType,
        int keyboardSubType,
        int keyboardFunctionKey,
        Tail tail)
        implements Pdu {

    /** Client core versions. */
    public static final int VERSION_RDP5 = 0x00080004;
    /** RDP 10.0; clients of newer ones have higher numbers. */
    public static final int VERSION_RDP10 = 0x00080005;
    /** RDP 10.7; FreeRDP 2 has it, too. */
    public static final int VERSION_RDP10_7 = 0x0008000c;

    private static final String NAME = "TS_UD_CS_CORE";
    private static final int CLIENT_NAME_SIZE = 32;
    private static final int IME_FILE_NAME_SIZE = 64;
    /** version 4 to imeFileName 64. */
    private static final int FIXED_SIZE = 128;

    private static final int SAS_DEL = 0xaa03;

    static ClientCoreData decode(ByteBuf in) {
        PduException.need(in, FIXED_SIZE, NAME, "version");
        int version = in.readIntLE(); // 4 bytes
        int desktopWidth = in.readUnsignedShortLE(); // 2 bytes
        int desktopHeight = in.readUnsignedShortLE(); // 2 bytes
        int colorDepth = in.readUnsignedShortLE(); // 2 bytes
        in.skipBytes(2); // SASSequence: 2 bytes
        int keyboardLayout = in.readIntLE(); // 4 bytes
        int clientBuild = in.readIntLE(); // 4 bytes
        String clientName = Utf16.read(in, CLIENT_NAME_SIZE); // 32 bytes
        int keyboardType = in.readIntLE(); // 4 bytes
        int keyboardSubType = in.readIntLE(); // 4 bytes
        int keyboardFunctionKey = in.readIntLE(); // 4 bytes
        in.skipBytes(IME_FILE_NAME_SIZE); // imeFileName: 64 bytes
        return new ClientCoreData(
                version,
                desktopWidth,
                desktopHeight,
                colorDepth,
                keyboardLayout,
                clientBuild,
                clientName,
                keyboardType,
                keyboardSubType,
                keyboardFunctionKey,
                Tail.decode(in));
    }

    @Override
    public int size() {
        return FIXED_SIZE + tail.size();
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE(version).writeShortLE(desktopWidth).writeShortLE(desktopHeight);
        out.writeShortLE(colorDepth).writeShortLE(SAS_DEL);
        out.writeIntLE(keyboardLayout).writeIntLE(clientBuild);
        Utf16.writePadded(out, clientName, CLIENT_NAME_SIZE);
        out.writeIntLE(keyboardType).writeIntLE(keyboardSubType).writeIntLE(keyboardFunctionKey);
        out.writeZero(IME_FILE_NAME_SIZE);
        tail.encode(out);
    }

    /**
     * The optional fields. A field that is not there is 0, except {@code serverSelectedProtocol}.
     *
     * @param length bytes that are there, 0 to {@link #FULL}: fields beyond are absent
     * @param postBeta2ColorDepth 0xCA00 to 0xCA04; if absent {@code colorDepth} counts
     * @param highColorDepth 8, 15, 16 or 24: what the client wants
     * @param supportedColorDepths the {@code RNS_UD_24BPP_SUPPORT} bits
     * @param earlyCapabilityFlags the {@code SUPPORT} and {@code WANT} bits
     * @param connectionType 1 to 7, valid if VALID_CONNECTION_TYPE is set
     * @param selectedProtocol serverSelectedProtocol: what the server chose in its Connection Confirm
     */
    public record Tail(
            int length,
            int postBeta2ColorDepth,
            int highColorDepth,
            int supportedColorDepths,
            int earlyCapabilityFlags,
            int connectionType,
            OptionalInt selectedProtocol)
            implements Pdu {

        public static final int COLOR_4BPP = 0xca00;
        public static final int COLOR_8BPP = 0xca01;
        public static final int COLOR_16BPP_555 = 0xca02;
        public static final int COLOR_16BPP_565 = 0xca03;
        public static final int COLOR_24BPP = 0xca04;

        public static final int SUPPORTS_24BPP = 0x0001;
        public static final int SUPPORTS_16BPP = 0x0002;
        public static final int SUPPORTS_15BPP = 0x0004;
        public static final int SUPPORTS_32BPP = 0x0008;

        public static final int SUPPORT_ERRINFO_PDU = 0x0001;
        public static final int WANT_32BPP_SESSION = 0x0002;
        public static final int SUPPORT_STATUSINFO_PDU = 0x0004;
        public static final int STRONG_ASYMMETRIC_KEYS = 0x0008;
        public static final int RELATIVE_MOUSE_INPUT = 0x0010;
        public static final int VALID_CONNECTION_TYPE = 0x0020;
        public static final int SUPPORT_MONITOR_LAYOUT_PDU = 0x0040;
        public static final int SUPPORT_NETCHAR_AUTODETECT = 0x0080;
        public static final int SUPPORT_DYNVC_GFX_PROTOCOL = 0x0100;
        public static final int SUPPORT_DYNAMIC_TIME_ZONE = 0x0200;
        public static final int SUPPORT_HEARTBEAT_PDU = 0x0400;
        public static final int SUPPORT_SKIP_CHANNELJOIN = 0x0800;

        /** A client that says nothing more. */
        public static final Tail NONE = new Tail(0, 0, 0, 0, 0, 0, OptionalInt.empty());

        /** All fields up to deviceScaleFactor. */
        public static final int FULL = 102;

        // Where each field ends, counted from the first optional one.
        private static final int END_POST_BETA2_COLOR_DEPTH = 2;
        private static final int END_SERIAL_NUMBER = 8;
        private static final int END_HIGH_COLOR_DEPTH = 10;
        private static final int END_SUPPORTED_COLOR_DEPTHS = 12;
        private static final int END_EARLY_CAPABILITY_FLAGS = 14;
        private static final int END_CLIENT_DIG_PRODUCT_ID = 78;
        private static final int END_CONNECTION_TYPE = 79;
        private static final int END_PAD1OCTET = 80;
        /** Where serverSelectedProtocol ends. */
        public static final int END_SERVER_SELECTED_PROTOCOL = 84;

        public Tail {
            if (length < 0 || length > FULL) {
                throw new IllegalArgumentException("tail of " + length + " bytes");
            }
        }

        static Tail decode(ByteBuf in) {
            int length = Math.min(in.readableBytes(), FULL); // what follows is newer than this
            ByteBuf tail = in.readSlice(length);
            int start = tail.readerIndex();
            int postBeta2 = length < END_POST_BETA2_COLOR_DEPTH ? 0 : tail.getUnsignedShortLE(start); // 2 bytes
            // clientProductId 2 bytes, serialNumber 4 bytes: always 1 and 0
            int high = length < END_HIGH_COLOR_DEPTH ? 0 : tail.getUnsignedShortLE(start + END_SERIAL_NUMBER);
            int supported = length < END_SUPPORTED_COLOR_DEPTHS
                    ? 0
                    : tail.getUnsignedShortLE(start + END_HIGH_COLOR_DEPTH); // 2 bytes
            int early = length < END_EARLY_CAPABILITY_FLAGS
                    ? 0
                    : tail.getUnsignedShortLE(start + END_SUPPORTED_COLOR_DEPTHS); // 2 bytes
            // clientDigProductId: 64 bytes
            int connectionType = length < END_CONNECTION_TYPE
                    ? 0
                    : tail.getUnsignedByte(start + END_CLIENT_DIG_PRODUCT_ID); // 1 byte
            OptionalInt selected = length < END_SERVER_SELECTED_PROTOCOL
                    ? OptionalInt.empty()
                    : OptionalInt.of(tail.getIntLE(start + END_PAD1OCTET)); // 4 bytes
            // physical size, orientation and scale factors: 18 bytes that clients fill with anything
            return new Tail(length, postBeta2, high, supported, early, connectionType, selected);
        }

        public boolean has(int earlyCapabilityFlag) {
            return (earlyCapabilityFlags & earlyCapabilityFlag) != 0;
        }

        @Override
        public int size() {
            return length;
        }

        @Override
        public void encode(ByteBuf out) {
            ByteBuf whole = out.alloc().buffer(FULL, FULL);
            try {
                whole.writeShortLE(postBeta2ColorDepth).writeShortLE(1).writeIntLE(0);
                whole.writeShortLE(highColorDepth).writeShortLE(supportedColorDepths);
                whole.writeShortLE(earlyCapabilityFlags)
                        .writeZero(END_CLIENT_DIG_PRODUCT_ID - END_EARLY_CAPABILITY_FLAGS);
                whole.writeByte(connectionType).writeByte(0).writeIntLE(selectedProtocol.orElse(0));
                whole.writeZero(FULL - END_SERVER_SELECTED_PROTOCOL);
                out.writeBytes(whole, length);
            } finally {
                whole.release();
            }
        }
    }
}
