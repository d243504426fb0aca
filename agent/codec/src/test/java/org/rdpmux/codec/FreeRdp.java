// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Map;

/**
 * The decoders of an installed libfreerdp, as one connection of a client has them: what encoders write is read by what is out
 * there. For one thread; closing frees the decoders.
 */
final class FreeRdp implements AutoCloseable {

    /** Bytes blue, green, red, and one without meaning: {@code 0xXXRRGGBB} in an int of a little-endian machine. */
    private static final int PIXEL_FORMAT_BGRX32 = 32 << 24 | 4 << 16 | 0x0888;

    /** The descriptor of RDP_SEGMENTED_DATA. */
    private static final byte SINGLE_SEGMENT = (byte) 0xe0;

    /** Any surface id. */
    private static final int SURFACE = 7;

    /** Without RTLD_GLOBAL, so that the libraries of two versions do not take each other's functions. */
    private static final int RTLD_LAZY = 1;

    /** What the screen shows before. */
    private static final byte BEFORE = 0x5a;

    static final int BEFORE_PIXEL = 0x5a5a5a;

    private final NativeLibrary library;
    private final int version;
    private final Pointer clear;
    private final Pointer progressive;
    private final Pointer zgfx;
    private final Memory screen = new Memory(4L * FreeRdp.MAX_PIXELS);
    private final Memory data = new Memory(5L * FreeRdp.MAX_PIXELS);
    private int sequence = 250;

    /** Most pixels of a picture. */
    static final int MAX_PIXELS = 1 << 20;

    private FreeRdp(NativeLibrary library, int version) {
        this.library = library;
        this.version = version;
        clear = pointer("clear_context_new", 0);
        progressive = pointer("progressive_context_new", 0);
        zgfx = pointer("zgfx_context_new", 0);
    }

    /**
     * Skips the test where the library is not installed.
     *
     * @param version 2 or 3
     */
    static FreeRdp open(int version) {
        String name = "libfreerdp" + version + ".so." + version;
        NativeLibrary library = null;
        try {
            library = NativeLibrary.getInstance(name, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY));
        } catch (UnsatisfiedLinkError absent) {
            assumeTrue(false, name + " is not installed");
        }
        return new FreeRdp(library, version);
    }

    /** Decodes what {@link ClearCodecEncoder} wrote as the connection's next ClearCodec bitmap. */
    int[] clearCodec(byte[] bitmap, int width, int height) {
        load(bitmap, width, height);
        data.setByte(ClearCodecEncoder.SEQUENCE_NUMBER, (byte) sequence);
        sequence = sequence + 1 & 0xff;
        int result = number(
                "clear_decompress",
                clear,
                data,
                bitmap.length,
                width,
                height,
                screen,
                PIXEL_FORMAT_BGRX32,
                4 * width,
                0,
                0,
                width,
                height,
                null);
        assertEquals(0, result, this + ": clear_decompress");
        return pixels(width, height);
    }

    /** Decodes what {@link PlanarSurfaceEncoder} wrote. */
    int[] planar(byte[] bitmap, int width, int height) {
        load(bitmap, width, height);
        // As large as the desktop at clients; newer versions take nothing larger.
        Pointer planar = pointer("freerdp_bitmap_planar_context_new", 0, width, height);
        int result = number(
                "planar_decompress",
                planar,
                data,
                bitmap.length,
                width,
                height,
                screen,
                PIXEL_FORMAT_BGRX32,
                4 * width,
                0,
                0,
                width,
                height,
                0);
        function("freerdp_bitmap_planar_context_free").invokeVoid(new Object[] {planar});
        assertEquals(1, result, this + ": planar_decompress");
        return pixels(width, height);
    }

    /** Decodes a stream of the progressive codec onto a new surface of this size. */
    int[] progressive(byte[] stream, int width, int height) {
        load(stream, width, height);
        number("progressive_create_surface_context", progressive, SURFACE, width, height);
        int result = number(
                version == 2 ? "progressive_decompress_ex" : "progressive_decompress",
                progressive,
                data,
                stream.length,
                screen,
                PIXEL_FORMAT_BGRX32,
                4 * width,
                0,
                0,
                null,
                SURFACE,
                0);
        number("progressive_delete_surface_context", progressive, SURFACE);
        assertTrue(result >= 0, this + ": progressive_decompress says " + result);
        return pixels(width, height);
    }

    /** Decodes a RemoteFX message with its headers onto a desktop of this size. */
    int[] remoteFx(byte[] message, int width, int height) {
        load(message, width, height);
        Pointer context = pointer("rfx_context_new", 0);
        number("rfx_context_reset", context, width, height);
        int result = number(
                "rfx_process_message",
                context,
                data,
                message.length,
                0,
                0,
                screen,
                PIXEL_FORMAT_BGRX32,
                4 * width,
                height,
                null);
        function("rfx_context_free").invokeVoid(new Object[] {context});
        assertEquals(1, result, this + ": rfx_process_message");
        return pixels(width, height);
    }

    /** Decodes a segment that {@link Rdp8Compressor} wrote as the connection's next. */
    byte[] bulk(byte[] segment) {
        data.setByte(0, SINGLE_SEGMENT);
        data.write(1, segment, 0, segment.length);
        PointerByReference message = new PointerByReference();
        IntByReference size = new IntByReference();
        int result = number("zgfx_decompress", zgfx, data, 1 + segment.length, message, size, 0);
        assertTrue(result >= 0, this + ": zgfx_decompress says " + result);
        byte[] bytes = message.getValue().getByteArray(0, size.getValue());
        Native.free(Pointer.nativeValue(message.getValue()));
        return bytes;
    }

    private void load(byte[] bytes, int width, int height) {
        data.write(0, bytes, 0, bytes.length);
        screen.setMemory(0, 4L * width * height, BEFORE);
    }

    private int[] pixels(int width, int height) {
        int[] pixels = screen.getIntArray(0, width * height);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= 0xffffff;
        }
        return pixels;
    }

    private Function function(String name) {
        return library.getFunction(name);
    }

    private Pointer pointer(String name, Object... arguments) {
        return function(name).invokePointer(arguments);
    }

    private int number(String name, Object... arguments) {
        return function(name).invokeInt(arguments);
    }

    @Override
    public void close() {
        function("clear_context_free").invokeVoid(new Object[] {clear});
        function("progressive_context_free").invokeVoid(new Object[] {progressive});
        function("zgfx_context_free").invokeVoid(new Object[] {zgfx});
        screen.close();
        data.close();
    }

    @Override
    public String toString() {
        return "libfreerdp" + version;
    }
}
