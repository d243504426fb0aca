// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.codec.FrameEncoder;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerShape;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.TileGrid;

/** A client that takes plain pixels and keeps the picture they make. */
final class FakeLink implements ViewerLink {

    static final EncoderProfile PLAIN = EncoderProfile.plain(32);

    final List<String> told = new ArrayList<>();
    final List<PointerShape> pointers = new ArrayList<>();
    ViewerPort port;
    EncoderProfile profile = PLAIN;
    int offeredWidth;
    int offeredHeight;
    int[] picture = new int[0];
    int tiles;
    int batches;
    /** If set, batches are drained as soon as they come. */
    boolean fast = true;

    private int undrained = -1;

    @Override
    public void offerDesktop(int width, int height) {
        told.add("offer " + width + "x" + height);
        offeredWidth = width;
        offeredHeight = height;
    }

    @Override
    public void resize(int width, int height) {
        told.add("resize " + width + "x" + height);
        offeredWidth = width;
        offeredHeight = height;
    }

    /** The client finishes its connection, or its change of size. */
    void activate(boolean resizable) {
        activate(resizable, offeredWidth, offeredHeight);
    }

    void activate(boolean resizable, int width, int height) {
        picture = new int[width * height];
        port.activated(
                new ViewerIdentity(new InetSocketAddress("127.0.0.1", 1), "pc", "me", false),
                new ViewerCapabilities(width, height, resizable, profile, 0));
    }

    @Override
    public void send(FrameBatch batch) {
        batches++;
        tiles += batch.count();
        if (batch.pointer() != null) {
            pointers.add(batch.pointer());
        }
        for (int i = 0; i < batch.count(); i++) {
            draw(batch.grid(), batch.tile(i), batch.bytes(i));
        }
        undrained = batch.totalBytes();
        batch.release();
        if (fast) {
            drain();
        }
    }

    void drain() {
        if (undrained >= 0) {
            int bytes = undrained;
            undrained = -1;
            port.drained(bytes);
        }
    }

    private void draw(TileGrid grid, int tile, ByteBuf bytes) {
        int width = grid.width(tile);
        int height = grid.height(tile);
        byte[] pixels = ByteBufUtil.getBytes(bytes);
        int pixelBytes = profile.depth().bytes();
        int stride = FrameEncoder.wireWidth(width) * pixelBytes;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = (height - 1 - y) * stride + x * pixelBytes;
                int to = (grid.y(tile) + y) * grid.width() + grid.x(tile) + x;
                if (to < picture.length) {
                    picture[to] = (pixels[at + 2] & 0xff) << 16 | (pixels[at + 1] & 0xff) << 8 | pixels[at] & 0xff;
                }
            }
        }
    }

    @Override
    public void warpPointer(int x, int y) {
        told.add("warp " + x + "," + y);
    }

    @Override
    public void locks(LockKeys leds) {
        told.add("locks " + leds);
    }

    @Override
    public void resumeInput() {
        told.add("resume");
    }

    @Override
    public void disconnect(DisconnectReason reason) {
        told.add("disconnect " + reason);
        port.leave();
    }
}
