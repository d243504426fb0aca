// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rdpmux.pdu.gfx.Avc420Metablock;
import org.rdpmux.pdu.gfx.CacheToSurface;
import org.rdpmux.pdu.gfx.CreateSurface;
import org.rdpmux.pdu.gfx.DeleteSurface;
import org.rdpmux.pdu.gfx.EndFrame;
import org.rdpmux.pdu.gfx.EvictCacheEntry;
import org.rdpmux.pdu.gfx.GfxPdu;
import org.rdpmux.pdu.gfx.GfxRect;
import org.rdpmux.pdu.gfx.MapSurfaceToOutput;
import org.rdpmux.pdu.gfx.ResetGraphics;
import org.rdpmux.pdu.gfx.SolidFill;
import org.rdpmux.pdu.gfx.StartFrame;
import org.rdpmux.pdu.gfx.SurfaceToCache;
import org.rdpmux.pdu.gfx.SurfaceToSurface;
import org.rdpmux.pdu.gfx.WireToSurface1;
import org.rdpmux.testkit.codec.BitmapDecoder;
import org.rdpmux.testkit.codec.ClearCodecDecoder;
import org.rdpmux.testkit.codec.Rdp8Decompressor;

/**
 * A client's end of the graphics pipeline ([MS-RDPEGFX] 3.2): draws the one surface that the server maps. Takes nothing that
 * breaks the specification's rules, or those of clients that are stricter: it throws {@link IllegalStateException}.
 */
public final class GfxScreen {

    /** A frame of H.264, which this client does not decode. */
    public record Video(Avc420Metablock areas, byte[] unit) {}

    private record Kept(int width, int[] pixels) {}

    private final List<Video> videos = new ArrayList<>();
    private final Map<Integer, Kept> cache = new HashMap<>();
    private final Set<Integer> usedIds = new HashSet<>();
    private final List<Integer> shown = new ArrayList<>();
    private final Rdp8Decompressor bulk = new Rdp8Decompressor();
    private final ClearCodecDecoder clear = new ClearCodecDecoder();
    private int width;
    private int height;
    private int surface = -1;
    private boolean mapped;
    private boolean inFrame;
    private int frame;
    private int stored;
    private int fromCache;
    private int[] pixels = new int[0];

    /** One message of the channel, wrapped as it came. */
    public void message(ByteBuf wrapped) {
        ByteBuf message = bulk.unwrap(wrapped);
        while (message.isReadable()) {
            ByteBuf pdu = message.duplicate();
            draw(GfxPdu.decodeFromServer(message), pdu);
        }
    }

    private void draw(GfxPdu pdu, ByteBuf bytes) {
        if (pdu instanceof ResetGraphics reset) {
            require(!inFrame && surface < 0, "a reset with a surface, or within a frame");
            width = reset.width();
            height = reset.height();
        } else if (pdu instanceof CreateSurface create) {
            require(surface < 0 && usedIds.add(create.surfaceId()), "a second surface, or an id used before");
            require(create.width() == width && create.height() == height, "a surface of another size");
            surface = create.surfaceId();
            mapped = false;
            pixels = new int[width * height];
        } else if (pdu instanceof DeleteSurface delete) {
            require(!inFrame && delete.surfaceId() == surface, "a surface that is not there");
            surface = -1;
        } else if (pdu instanceof MapSurfaceToOutput map) {
            require(map.surfaceId() == surface, "a surface that is not there");
            mapped = true;
        } else if (pdu instanceof StartFrame start) {
            require(!inFrame && mapped, "a frame within another, or without a surface");
            inFrame = true;
            frame = start.frameId();
        } else if (pdu instanceof EndFrame end) {
            require(inFrame && end.frameId() == frame, "the end of another frame");
            inFrame = false;
            shown.add(frame);
        } else if (pdu instanceof EvictCacheEntry evict) {
            require(cache.remove(evict.cacheSlot()) != null, "a slot that is empty");
        } else {
            require(inFrame, "pixels outside a frame");
            drawPixels(pdu, bytes);
        }
    }

    private void drawPixels(GfxPdu pdu, ByteBuf bytes) {
        if (pdu instanceof SolidFill fill) {
            require(fill.surfaceId() == surface, "another surface");
            fill.rectangles().forEach(area -> fill(inside(area), fill.colour()));
        } else if (pdu instanceof SurfaceToSurface copy) {
            require(copy.surfaceId() == surface, "another surface");
            copy(inside(copy.from()), copy.x(), copy.y());
        } else if (pdu instanceof WireToSurface1 wire) {
            require(wire.surfaceId() == surface, "another surface");
            byte[] data = new byte[wire.dataLength()];
            bytes.skipBytes(WireToSurface1.FIXED_SIZE).readBytes(data);
            inside(wire.area());
            if (wire.codecId() == WireToSurface1.AVC420) {
                videos.add(video(data));
            } else {
                put(wire.area(), decode(wire, data));
            }
        } else if (pdu instanceof SurfaceToCache store) {
            require(store.surfaceId() == surface, "another surface");
            require(cache.put(store.cacheSlot(), keep(inside(store.from()))) == null, "a slot that is filled");
            stored++;
        } else if (pdu instanceof CacheToSurface draw) {
            Kept kept = cache.get(draw.cacheSlot());
            require(draw.surfaceId() == surface && kept != null, "another surface, or a slot that is empty");
            int rows = kept.pixels().length / kept.width();
            put(inside(new GfxRect(draw.x(), draw.y(), draw.x() + kept.width(), draw.y() + rows)), kept.pixels());
            fromCache++;
        } else {
            throw new IllegalStateException("not known to this client: " + pdu);
        }
    }

    private Video video(byte[] data) {
        ByteBuf stream = Unpooled.wrappedBuffer(data);
        Video video = new Video(Avc420Metablock.decode(stream), ByteBufUtil.getBytes(stream));
        video.areas().regions().forEach(this::inside);
        return video;
    }

    private int[] decode(WireToSurface1 wire, byte[] data) {
        int width = wire.area().right() - wire.area().left();
        int height = wire.area().bottom() - wire.area().top();
        if (wire.codecId() == WireToSurface1.CLEAR_CODEC) {
            return clear.decode(data, width, height);
        }
        require(wire.codecId() == WireToSurface1.PLANAR, "codec " + wire.codecId());
        return BitmapDecoder.decodePlanar(data, width, height);
    }

    private Kept keep(GfxRect area) {
        int row = area.right() - area.left();
        int[] kept = new int[row * (area.bottom() - area.top())];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = pixels[(area.top() + i / row) * width + area.left() + i % row];
        }
        return new Kept(row, kept);
    }

    private GfxRect inside(GfxRect area) {
        require(area.right() <= width && area.bottom() <= height, area + " is not inside " + width + "x" + height);
        return area;
    }

    private void fill(GfxRect area, int colour) {
        for (int y = area.top(); y < area.bottom(); y++) {
            for (int x = area.left(); x < area.right(); x++) {
                pixels[y * width + x] = colour;
            }
        }
    }

    private void put(GfxRect area, int[] source) {
        int row = area.right() - area.left();
        for (int y = area.top(); y < area.bottom(); y++) {
            for (int x = 0; x < row; x++) {
                int pixel = source[(y - area.top()) * row + x];
                require(pixel >= 0, "a bitmap with holes");
                pixels[y * width + area.left() + x] = pixel;
            }
        }
    }

    private void copy(GfxRect from, int x, int y) {
        int row = from.right() - from.left();
        int rows = from.bottom() - from.top();
        inside(new GfxRect(x, y, x + row, y + rows));
        int[] before = pixels.clone();
        for (int i = 0; i < rows; i++) {
            System.arraycopy(before, (from.top() + i) * width + from.left(), pixels, (y + i) * width + x, row);
        }
    }

    /** As with a second advertisement: the server must not name the surface again, nor what was kept. */
    public void forgetSurface() {
        surface = -1;
        cache.clear();
    }

    /** The desktop's pixels, {@code 0x00RRGGBB}, row by row. */
    public int[] pixels() {
        return pixels.clone();
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The frames that were shown, by number: what a client acknowledges. */
    public List<Integer> shown() {
        return List.copyOf(shown);
    }

    /** How many pieces of the picture it keeps. */
    public int kept() {
        return cache.size();
    }

    /** How many it was to keep, since it began. */
    public int stored() {
        return stored;
    }

    /** How many it drew again. */
    public int fromCache() {
        return fromCache;
    }

    /** The frames of H.264 that came, on all surfaces. */
    public List<Video> videos() {
        return List.copyOf(videos);
    }

    private static void require(boolean rule, String broken) {
        if (!rule) {
            throw new IllegalStateException(broken);
        }
    }
}
