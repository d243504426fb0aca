// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.h264;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Map;

/** A surface of a FreeRDP client with its H.264 decoder. For one thread. */
final class FreeRdpDecoder implements AutoCloseable {

    private static final int PIXEL_FORMAT_BGRX32 = 32 << 24 | 4 << 16 | 0x0888;

    /** Without RTLD_GLOBAL, so that the libraries of two versions do not take each other's functions. */
    private static final int RTLD_LAZY = 1;

    private final NativeLibrary library;
    private final Pointer context;
    private final Memory surface;
    private final int width;
    private final int height;

    private FreeRdpDecoder(NativeLibrary library, int width, int height) {
        this.library = library;
        this.width = width;
        this.height = height;
        context = library.getFunction("h264_context_new").invokePointer(new Object[] {0});
        assumeTrue(context != null, library.getName() + " was built without a decoder");
        library.getFunction("h264_context_reset").invokeInt(new Object[] {context, width, height});
        surface = new Memory(4L * width * height);
        surface.clear();
    }

    /** Skips the test where the library is not installed. @param version 2 or 3 */
    static FreeRdpDecoder open(int version, int width, int height) {
        String name = "libfreerdp" + version + ".so." + version;
        try {
            return new FreeRdpDecoder(
                    NativeLibrary.getInstance(name, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY)), width, height);
        } catch (UnsatisfiedLinkError absent) {
            assumeTrue(false, name + " is not installed");
            throw absent;
        }
    }

    /** Decodes the next access unit and gives what the surface shows then, {@code 0x00RRGGBB}. */
    int[] decode(byte[] unit) {
        try (Memory data = new Memory(unit.length + 64L);
                Memory all = new Memory(8)) {
            data.clear();
            data.write(0, unit, 0, unit.length);
            all.write(0, new short[] {0, 0, (short) width, (short) height}, 0, 4);
            int result = library.getFunction("avc420_decompress").invokeInt(new Object[] {
                context, data, unit.length, surface, PIXEL_FORMAT_BGRX32, 4 * width, width, height, all, 1
            });
            assertEquals(1, result, library.getName() + ": avc420_decompress");
        }
        int[] pixels = surface.getIntArray(0, width * height);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= 0xffffff;
        }
        return pixels;
    }

    @Override
    public void close() {
        library.getFunction("h264_context_free").invokeVoid(new Object[] {context});
        surface.close();
    }
}
