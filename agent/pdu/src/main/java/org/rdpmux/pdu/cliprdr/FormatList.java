// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.cliprdr;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.Utf16;

/**
 * CLIPRDR_FORMAT_LIST ([MS-RDPECLIP] 2.2.3.1): something was copied, or the clipboard was emptied.
 *
 * @param formats what it can be had as, best first; at most {@link #MAX_FORMATS}
 * @param longNames whether it is written with long names (2.2.3.1.2), otherwise with short ones (2.2.3.1.1)
 */
public record FormatList(List<Format> formats, boolean longNames) implements ClipboardPdu {

    /** CF_UNICODETEXT: UTF-16, little-endian, lines end with CR LF, and the text with NUL. */
    public static final int UNICODE_TEXT = 13;

    /** Windows numbers 16384 formats with names, of which applications offer some dozens. */
    public static final int MAX_FORMATS = 1024;

    /** Characters of a name at most, without its NUL: what Windows allows. */
    public static final int MAX_NAME = 255;

    private static final String NAME = "CLIPRDR_FORMAT_LIST";
    private static final int SHORT_NAME_SIZE = 32;

    /**
     * CLIPRDR_SHORT_FORMAT_NAME (2.2.3.1.1.1) or CLIPRDR_LONG_FORMAT_NAME (2.2.3.1.2.1).
     *
     * @param id a number of Windows, or one that the sender has made up for the name
     * @param name without NUL; empty for formats that need none. A short name is cut to 15 characters
     */
    public record Format(int id, String name) {
        public Format {
            if (name.length() > MAX_NAME || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("format name of " + name.length() + " characters");
            }
        }
    }

    public FormatList {
        formats = List.copyOf(formats);
        if (formats.size() > MAX_FORMATS) {
            throw new IllegalArgumentException(formats.size() + " formats");
        }
    }

    /** Text, or nothing. */
    public static FormatList ofText(boolean text, boolean longNames) {
        return new FormatList(text ? List.of(new Format(UNICODE_TEXT, "")) : List.of(), longNames);
    }

    static FormatList decode(int flags, boolean longNames, ByteBuf body) {
        boolean ascii = (flags & FLAG_ASCII_NAMES) != 0;
        List<Format> formats = new ArrayList<>();
        while (body.isReadable()) {
            PduException.range(formats.size(), 0, MAX_FORMATS - 1, NAME, "number of formats");
            PduException.need(body, 4, NAME, "formatId");
            int id = body.readIntLE(); // 4 bytes
            formats.add(new Format(id, longNames ? longName(body) : shortName(body, ascii)));
        }
        return new FormatList(formats, longNames);
    }

    /** A name of 16 characters, or 32 of ASCII, has no room for its NUL; clients send such. */
    private static String shortName(ByteBuf body, boolean ascii) {
        PduException.need(body, SHORT_NAME_SIZE, NAME, "formatName");
        if (!ascii) {
            return Utf16.read(body, SHORT_NAME_SIZE);
        }
        String name = body.readCharSequence(SHORT_NAME_SIZE, StandardCharsets.US_ASCII)
                .toString();
        int nul = name.indexOf('\0');
        return nul < 0 ? name : name.substring(0, nul);
    }

    private static String longName(ByteBuf body) {
        StringBuilder name = new StringBuilder();
        while (true) {
            PduException.need(body, 2, NAME, "wszFormatName");
            char next = (char) body.readUnsignedShortLE();
            if (next == 0) {
                return name.toString();
            }
            PduException.range(name.length(), 0, MAX_NAME - 1, NAME, "wszFormatName: length");
            name.append(next);
        }
    }

    /** Whether it can be had as text. */
    public boolean hasText() {
        return formats.stream().anyMatch(format -> format.id() == UNICODE_TEXT);
    }

    @Override
    public int size() {
        int size = HEADER_SIZE;
        for (Format format : formats) {
            size += 4 + (longNames ? 2 * format.name().length() + 2 : SHORT_NAME_SIZE);
        }
        return size;
    }

    @Override
    public void encode(ByteBuf out) {
        ClipboardPdu.writeHeader(out, FORMAT_LIST, 0, size());
        for (Format format : formats) {
            out.writeIntLE(format.id());
            if (longNames) {
                Utf16.write(out, format.name());
                out.writeShortLE(0);
            } else {
                Utf16.writePadded(out, format.name(), SHORT_NAME_SIZE);
            }
        }
    }
}
