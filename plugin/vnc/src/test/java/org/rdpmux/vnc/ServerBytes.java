// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.rdpmux.display.Rect;

/** Writes what a VNC server sends. */
final class ServerBytes {

    private final ByteBuf bytes = Unpooled.buffer();

    /** A whole handshake of version 3.8 without a password. */
    static ServerBytes greeting(int width, int height, String name) {
        return new ServerBytes().version("003.008").bytes(1, 1).u32(0).serverInit(width, height, name);
    }

    ServerBytes version(String version) {
        bytes.writeCharSequence("RFB " + version + "\n", StandardCharsets.ISO_8859_1);
        return this;
    }

    ServerBytes bytes(int... values) {
        for (int value : values) {
            bytes.writeByte(value);
        }
        return this;
    }

    ServerBytes bytes(byte[] values) {
        bytes.writeBytes(values);
        return this;
    }

    ServerBytes u16(int... values) {
        for (int value : values) {
            bytes.writeShort(value);
        }
        return this;
    }

    ServerBytes u32(int... values) {
        for (int value : values) {
            bytes.writeInt(value);
        }
        return this;
    }

    ServerBytes zeros(int count) {
        bytes.writeZero(count);
        return this;
    }

    ServerBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return u32(utf8.length).bytes(utf8);
    }

    /** With a pixel format that is not ours: nobody is to care. */
    ServerBytes serverInit(int width, int height, String name) {
        return u16(width, height)
                .bytes(16, 16, 1, 1)
                .u16(31, 63, 31)
                .bytes(11, 5, 0)
                .zeros(3)
                .text(name);
    }

    /** The header of a ServerCutText message; negative for the extended clipboard's. */
    ServerBytes cutText(int length) {
        return bytes(3, 0, 0, 0).u32(length);
    }

    /** A Provide message of the extended clipboard, with one format. */
    ServerBytes provide(int flags, byte[] data) {
        Deflater deflater = new Deflater();
        deflater.setInput(new ServerBytes().u32(data.length).bytes(data).array());
        deflater.finish();
        byte[] zlib = new byte[data.length + 100];
        int size = deflater.deflate(zlib);
        deflater.end();
        return cutText(-4 - size).u32(flags).bytes(Arrays.copyOf(zlib, size));
    }

    ServerBytes update(int rectangles) {
        return bytes(0, 0).u16(rectangles);
    }

    ServerBytes rectangle(Rect area, int encoding) {
        return rectangle(area.x(), area.y(), area.width(), area.height(), encoding);
    }

    ServerBytes rectangle(int x, int y, int width, int height, int encoding) {
        return u16(x, y, width, height).u32(encoding);
    }

    /** Pixels in the format we ask for, with rubbish in the unused byte. */
    ServerBytes pixels(int... pixels) {
        for (int pixel : pixels) {
            bytes.writeIntLE(pixel | 0x5a000000);
        }
        return this;
    }

    /** One update of one Raw rectangle. */
    ServerBytes raw(Rect area, int... pixels) {
        return update(1).rectangle(area, Encodings.RAW).pixels(pixels);
    }

    /** The bytes so far; the buffer is the garbage collector's. */
    ByteBuf buffer() {
        return bytes;
    }

    byte[] array() {
        byte[] array = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), array);
        return array;
    }
}
