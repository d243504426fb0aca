// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.rdpmux.pdu.bitmap.BitmapData.Compression;
import org.rdpmux.pdu.bitmap.BitmapUpdate;
import org.rdpmux.pdu.fastpath.FastPathHeaders.Fragmentation;
import org.rdpmux.pdu.fastpath.FastPathUpdate;
import org.rdpmux.pdu.fastpath.UpdateCode;
import org.rdpmux.pdu.pointer.ColorPointer;
import org.rdpmux.pdu.pointer.LargePointer;
import org.rdpmux.pdu.pointer.PointerPixels;
import org.rdpmux.pdu.pointer.PointerShapeUpdate;
import org.rdpmux.pdu.pointer.PointerUpdate;
import org.rdpmux.pdu.surface.FrameMarker;

/** Turns output into screen, pointer and counts. Guarded by its client. */
final class OutputReader {

    private static final int OLD_CLIENTS_POINTERS = 20;

    private final ClientOptions.Graphics graphics;
    private final int sessionBits;
    private final List<String> violations;
    private final ClientScreen screen = new ClientScreen();
    private final Map<Integer, PointerShapeUpdate> pointerCache = new HashMap<>();
    private final ByteBuf fragments = Unpooled.buffer();
    private int fragmentedCode = -1;
    private PointerState pointer = PointerState.INITIAL;
    private long bitmaps;
    private long bitmapBytes;
    private long pointers;
    private long frameEnds;

    OutputReader(ClientOptions.Graphics graphics, List<String> violations) {
        this.graphics = graphics;
        this.violations = violations;
        sessionBits = graphics.bitsPerPixel() == 8 ? 16 : graphics.bitsPerPixel();
    }

    ClientScreen screen() {
        return screen;
    }

    PointerState pointer() {
        return pointer;
    }

    Counters counters(long bytes, long frames, long graphicsFrames, int activations) {
        return new Counters(bytes, frames, bitmaps, bitmapBytes, pointers, frameEnds + graphicsFrames, activations);
    }

    /** Reads a fast-path update; answers the number of a frame that has ended and wants acknowledging. */
    OptionalInt read(FastPathUpdate update) {
        if (!graphics.fastPath()) {
            violations.add("fast-path output for a client without it");
        }
        if (update.compressionFlags() != 0) {
            violations.add("bulk compression that was never negotiated");
            return OptionalInt.empty();
        }
        Fragmentation kind = update.fragmentation();
        if (kind == Fragmentation.SINGLE) {
            return process(update.updateCode(), Unpooled.wrappedBuffer(update.data()));
        }
        if (kind == Fragmentation.FIRST) {
            fragments.clear();
            fragmentedCode = update.updateCode();
        }
        if (fragmentedCode != update.updateCode()) {
            violations.add(kind + " fragment of update " + update.updateCode() + " amid update " + fragmentedCode);
        }
        fragments.writeBytes(update.data());
        if (fragments.readableBytes() > graphics.maxUpdateSize()) {
            violations.add("fragments of " + fragments.readableBytes() + " bytes, the client takes "
                    + graphics.maxUpdateSize());
        }
        if (kind != Fragmentation.LAST) {
            return OptionalInt.empty();
        }
        OptionalInt result = process(update.updateCode(), fragments);
        fragments.clear();
        fragmentedCode = -1;
        return result;
    }

    private OptionalInt process(int code, ByteBuf data) {
        switch (code) {
            case UpdateCode.BITMAP -> readBitmaps(data);
            case UpdateCode.SURFACE_COMMANDS -> {
                return readMarker(FrameMarker.decode(data));
            }
            case UpdateCode.SYNCHRONIZE, UpdateCode.PALETTE -> {}
            case UpdateCode.ORDERS -> violations.add("drawing orders for a client that supports none");
            default -> readPointer(PointerUpdate.decode(code, data));
        }
        return OptionalInt.empty();
    }

    private OptionalInt readMarker(FrameMarker marker) {
        if (!graphics.acknowledgeFrames()) {
            violations.add("frame marker for a client that takes none");
        }
        if (marker.action() == FrameMarker.BEGIN) {
            return OptionalInt.empty();
        }
        frameEnds++;
        return OptionalInt.of(marker.frameId());
    }

    void readBitmaps(ByteBuf data) {
        for (BitmapUpdate.Rectangle rectangle : BitmapUpdate.decode(data).rectangles()) {
            bitmaps++;
            bitmapBytes += rectangle.pixels().length;
            Compression expected = graphics.compressionHeader() ? Compression.WITH_HEADER : Compression.WITHOUT_HEADER;
            Compression compression = rectangle.data().compression();
            if (compression != Compression.NONE && compression != expected) {
                violations.add("bitmap " + compression + ", the client takes " + expected);
            }
            String wrong = screen.draw(rectangle, sessionBits);
            if (!wrong.isEmpty()) {
                violations.add(wrong);
            }
        }
    }

    void readPointer(PointerUpdate update) {
        pointers++;
        if (update instanceof PointerUpdate.Hidden) {
            pointer = new PointerState(PointerState.Kind.HIDDEN, Optional.empty(), pointer.position());
        } else if (update instanceof PointerUpdate.Default) {
            pointer = new PointerState(PointerState.Kind.DEFAULT, Optional.empty(), pointer.position());
        } else if (update instanceof PointerUpdate.Position position) {
            pointer = new PointerState(pointer.kind(), pointer.shape(), Optional.of(position));
        } else if (update instanceof PointerUpdate.Cached cached) {
            PointerShapeUpdate shape = pointerCache.get(cached.cacheIndex());
            if (shape == null) {
                violations.add("cached pointer " + cached.cacheIndex() + " was never sent");
            } else {
                show(shape);
            }
        } else if (update instanceof PointerShapeUpdate shape) {
            checkShape(shape).forEach(violations::add);
            pointerCache.put(shape.pixels().cacheIndex(), shape);
            show(shape);
        }
    }

    private void show(PointerShapeUpdate shape) {
        pointer = new PointerState(PointerState.Kind.SHAPE, Optional.of(shape), pointer.position());
    }

    private List<String> checkShape(PointerShapeUpdate shape) {
        List<String> wrong = new ArrayList<>();
        PointerPixels pixels = shape.pixels();
        boolean onlyColor = graphics.pointerCacheSize() == 0;
        int places = onlyColor ? OLD_CLIENTS_POINTERS : graphics.pointerCacheSize();
        if (pixels.cacheIndex() >= places) {
            wrong.add("pointer cache index " + pixels.cacheIndex() + " of " + places);
        }
        if (onlyColor && !(shape instanceof ColorPointer)) {
            wrong.add(shape.getClass().getSimpleName() + " for a client that takes colour pointers only");
        }
        int limit = shape instanceof LargePointer ? 384 : (graphics.largePointerFlags() & 1) != 0 ? 96 : 32;
        if (pixels.width() > limit || pixels.height() > limit) {
            wrong.add("pointer of " + pixels.width() + "x" + pixels.height() + " where " + limit + " is the limit");
        }
        if (shape instanceof LargePointer && (graphics.largePointerFlags() & 2) == 0) {
            wrong.add("large pointer for a client that takes none");
        }
        if (pixels.xorMask().length != PointerPixels.maskSize(pixels.width(), pixels.height(), shape.xorBpp())
                || pixels.andMask().length != PointerPixels.maskSize(pixels.width(), pixels.height(), 1)) {
            wrong.add("pointer masks of " + pixels.xorMask().length + " and " + pixels.andMask().length + " bytes for "
                    + pixels.width() + "x" + pixels.height() + " at " + shape.xorBpp());
        }
        return wrong;
    }
}
