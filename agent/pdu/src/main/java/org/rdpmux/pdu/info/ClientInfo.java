// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.info;

import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.util.Objects;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * TS_INFO_PACKET ([MS-RDPBCGR] 2.2.1.11.1.1). The password is a char array: who takes it wipes it.
 *
 * @param codePage of the strings if INFO_UNICODE is not set
 * @param flags the constants
 * @param domain may be empty; likewise user name, password, shell and directory
 * @param password not copied
 * @param extra TS_EXTENDED_INFO_PACKET, with empty values for what the client left out
 */
public record ClientInfo(
        int codePage,
        int flags,
        String domain,
        String userName,
        char[] password,
        String alternateShell,
        String workingDir,
        ExtendedInfo extra)
        implements Pdu {

    public static final int INFO_MOUSE = 0x00000001;
    public static final int INFO_DISABLECTRLALTDEL = 0x00000002;
    public static final int INFO_AUTOLOGON = 0x00000008;
    public static final int INFO_UNICODE = 0x00000010;
    public static final int INFO_LOGONNOTIFY = 0x00000040;
    public static final int INFO_COMPRESSION = 0x00000080;
    public static final int INFO_ENABLEWINDOWSKEY = 0x00000100;
    public static final int INFO_LOGONERRORS = 0x00010000;
    public static final int INFO_MOUSE_HAS_WHEEL = 0x00020000;
    public static final int INFO_NOAUDIOPLAYBACK = 0x00080000;

    private static final String NAME = "TS_INFO_PACKET";
    /** CodePage 4, flags 4, five lengths of 2. */
    private static final int FIXED_SIZE = 18;

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    public ClientInfo {
        Objects.requireNonNull(password);
        Objects.requireNonNull(extra);
    }

    public static ClientInfo decode(ByteBuf in) {
        PduException.need(in, FIXED_SIZE, NAME, "CodePage");
        int codePage = in.readIntLE(); // 4 bytes
        int flags = in.readIntLE(); // 4 bytes
        int cbDomain = in.readUnsignedShortLE(); // 2 bytes each, terminators not counted
        int cbUserName = in.readUnsignedShortLE();
        int cbPassword = in.readUnsignedShortLE();
        int cbAlternateShell = in.readUnsignedShortLE();
        int cbWorkingDir = in.readUnsignedShortLE();
        boolean unicode = (flags & INFO_UNICODE) != 0;
        String domain = readString(in, cbDomain, unicode, "Domain");
        String userName = readString(in, cbUserName, unicode, "UserName");
        char[] password = readChars(in, cbPassword, unicode, "Password");
        String alternateShell = readString(in, cbAlternateShell, unicode, "AlternateShell");
        String workingDir = readString(in, cbWorkingDir, unicode, "WorkingDir");
        ExtendedInfo extra = ExtendedInfo.decode(in);
        return new ClientInfo(codePage, flags, domain, userName, password, alternateShell, workingDir, extra);
    }

    private static String readString(ByteBuf in, int bytes, boolean unicode, String field) {
        return new String(readChars(in, bytes, unicode, field));
    }

    /** Text without Unicode is taken for Windows-1252: only clients older than RDP 5 send it. */
    private static char[] readChars(ByteBuf in, int bytes, boolean unicode, String field) {
        int terminator = unicode ? 2 : 1;
        PduException.need(in, bytes, NAME, field);
        ByteBuf text = in.readSlice(bytes);
        in.skipBytes(Math.min(terminator, in.readableBytes())); // some clients leave the last terminator out
        char[] chars;
        if (unicode) {
            chars = new char[bytes / 2];
            for (int i = 0; i < chars.length; i++) {
                chars[i] = (char) text.readUnsignedShortLE();
            }
        } else {
            chars = text.toString(WINDOWS_1252).toCharArray();
        }
        int length = 0;
        while (length < chars.length && chars[length] != '\0') {
            length++;
        }
        return length == chars.length ? chars : java.util.Arrays.copyOf(chars, length);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "ClientInfo[" + domain + "\\" + userName + ", flags 0x" + Integer.toHexString(flags) + "]";
    }

    @Override
    public int size() {
        int characters = domain.length()
                + userName.length()
                + password.length
                + alternateShell.length()
                + workingDir.length()
                + 5; // terminators
        return FIXED_SIZE + characters * (has(INFO_UNICODE) ? 2 : 1) + extra.size();
    }

    @Override
    public void encode(ByteBuf out) {
        int width = has(INFO_UNICODE) ? 2 : 1;
        out.writeIntLE(codePage).writeIntLE(flags);
        out.writeShortLE(domain.length() * width);
        out.writeShortLE(userName.length() * width);
        out.writeShortLE(password.length * width);
        out.writeShortLE(alternateShell.length() * width);
        out.writeShortLE(workingDir.length() * width);
        writeChars(out, domain.toCharArray(), width);
        writeChars(out, userName.toCharArray(), width);
        writeChars(out, password, width);
        writeChars(out, alternateShell.toCharArray(), width);
        writeChars(out, workingDir.toCharArray(), width);
        extra.encode(out);
    }

    private static void writeChars(ByteBuf out, char[] chars, int width) {
        for (char c : chars) {
            if (width == 2) {
                out.writeShortLE(c);
            } else {
                out.writeBytes(String.valueOf(c).getBytes(WINDOWS_1252));
            }
        }
        out.writeZero(width);
    }
}
