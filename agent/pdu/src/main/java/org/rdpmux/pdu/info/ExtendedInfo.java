// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.info;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.Utf16;

/**
 * TS_EXTENDED_INFO_PACKET ([MS-RDPBCGR] 2.2.1.11.1.1.1). A client may stop after any of its fields; nothing after
 * {@code clientDir} is kept but the flags and the cookie.
 *
 * @param stage how much of it there is
 * @param clientAddress the client's own, as it sees it; may be empty
 * @param clientDir may be empty
 * @param performanceFlags the {@code PERF_} bits
 * @param autoReconnectCookie ARC_CS_PRIVATE_PACKET, 28 bytes, or empty; not copied
 */
public record ExtendedInfo(
        Stage stage, String clientAddress, String clientDir, int performanceFlags, byte[] autoReconnectCookie)
        implements Pdu {

    /** Where the client stopped. */
    public enum Stage {
        NOTHING,
        ADDRESS,
        DIRECTORY,
        TIME_ZONE,
        SESSION_ID,
        PERFORMANCE_FLAGS,
        COOKIE
    }

    /** From a client that sends no such packet. */
    public static final ExtendedInfo NONE = new ExtendedInfo(Stage.NOTHING, "", "", 0, new byte[0]);

    private static final String NAME = "TS_EXTENDED_INFO_PACKET";
    private static final int AF_INET = 2;
    private static final int TIME_ZONE_SIZE = 172;
    /** ARC_CS_PRIVATE_PACKET. */
    private static final int COOKIE_SIZE = 28;

    static ExtendedInfo decode(ByteBuf in) {
        Stage stage = Stage.NOTHING;
        String address = "";
        String directory = "";
        int performanceFlags = 0;
        byte[] cookie = new byte[0];
        if (in.isReadable()) {
            PduException.need(in, 2, NAME, "clientAddressFamily");
            in.skipBytes(2); // clientAddressFamily: 2 bytes
            address = readString(in, "clientAddress");
            stage = Stage.ADDRESS;
        }
        if (in.isReadable()) {
            directory = readString(in, "clientDir");
            stage = Stage.DIRECTORY;
        }
        if (in.readableBytes() >= TIME_ZONE_SIZE) {
            in.skipBytes(TIME_ZONE_SIZE); // clientTimeZone: 0 or 172 bytes
            stage = Stage.TIME_ZONE;
            if (in.readableBytes() >= 4) {
                in.skipBytes(4); // clientSessionId: 0 or 4 bytes
                stage = Stage.SESSION_ID;
            }
            if (in.readableBytes() >= 4) {
                performanceFlags = in.readIntLE(); // 0 or 4 bytes
                stage = Stage.PERFORMANCE_FLAGS;
            }
            if (in.readableBytes() >= 2) {
                int length = in.readUnsignedShortLE(); // cbAutoReconnectCookie: 0 or 2 bytes
                if (length != 0) {
                    PduException.expect(length, COOKIE_SIZE, NAME, "cbAutoReconnectCookie");
                    PduException.need(in, length, NAME, "autoReconnectCookie");
                    cookie = new byte[length];
                    in.readBytes(cookie);
                }
                stage = Stage.COOKIE;
            }
        }
        // reserved1, reserved2, dynamicDSTTimeZoneKeyName and what is newer mean nothing here
        return new ExtendedInfo(stage, address, directory, performanceFlags, cookie);
    }

    private static String readString(ByteBuf in, String field) {
        PduException.need(in, 2, NAME, field);
        int length = in.readUnsignedShortLE(); // cbClientAddress, cbClientDir: 2 bytes, terminator counted
        PduException.need(in, length, NAME, field);
        return Utf16.read(in, length);
    }

    private boolean reaches(Stage other) {
        return stage.compareTo(other) >= 0;
    }

    @Override
    public int size() {
        int size = 0;
        size += reaches(Stage.ADDRESS) ? 4 + 2 * (clientAddress.length() + 1) : 0;
        size += reaches(Stage.DIRECTORY) ? 2 + 2 * (clientDir.length() + 1) : 0;
        size += reaches(Stage.TIME_ZONE) ? TIME_ZONE_SIZE : 0;
        size += reaches(Stage.SESSION_ID) ? 4 : 0;
        size += reaches(Stage.PERFORMANCE_FLAGS) ? 4 : 0;
        size += reaches(Stage.COOKIE) ? 2 + autoReconnectCookie.length : 0;
        return size;
    }

    @Override
    public void encode(ByteBuf out) {
        if (reaches(Stage.ADDRESS)) {
            out.writeShortLE(AF_INET);
            writeString(out, clientAddress);
        }
        if (reaches(Stage.DIRECTORY)) {
            writeString(out, clientDir);
        }
        if (reaches(Stage.TIME_ZONE)) {
            out.writeZero(TIME_ZONE_SIZE);
        }
        if (reaches(Stage.SESSION_ID)) {
            out.writeIntLE(0);
        }
        if (reaches(Stage.PERFORMANCE_FLAGS)) {
            out.writeIntLE(performanceFlags);
        }
        if (reaches(Stage.COOKIE)) {
            out.writeShortLE(autoReconnectCookie.length).writeBytes(autoReconnectCookie);
        }
    }

    private static void writeString(ByteBuf out, String text) {
        out.writeShortLE(2 * (text.length() + 1));
        Utf16.write(out, text);
        out.writeShortLE(0);
    }
}
