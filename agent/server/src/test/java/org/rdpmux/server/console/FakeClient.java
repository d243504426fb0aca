// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rdpmux.codec.FrameEncoder;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.TileGrid;

/** A client that takes plain pixels and keeps the picture they make; where it is shown a video that is {@link #VIDEO}. */
final class FakeClient {

    static final EncoderProfile PLAIN = EncoderProfile.plain(32);

    /** No guest has it. */
    static final int VIDEO = 0x7f000000;

    final List<String> told = new ArrayList<>();
    final List<PointerShape> pointers = new ArrayList<>();
    /** What the guest played. */
    final List<SoundBlock> heard = new ArrayList<>();

    ViewerInbox inbox;
    Viewer viewer;
    EncoderProfile profile = PLAIN;
    int frameLimit;
    boolean moves;
    int offeredWidth;
    int offeredHeight;
    int[] picture = new int[0];
    int tiles;
    int batches;
    /** Frames of a video. */
    int frames;

    int keyFrames;
    /** That the last of these showed. */
    int framePixels;
    /** The last batch's number. */
    int lastBatch;
    /** Of the last batch. */
    boolean compressible;
    /** If set, batches are drained as soon as they come. */
    boolean fast = true;

    private int undrained = -1;

    void on(ToViewer message) {
        if (message instanceof ToViewer.Frame frame) {
            show(frame.batch());
        } else if (message instanceof ToViewer.DesktopSize size) {
            told.add("size " + size.width() + "x" + size.height());
            offeredWidth = size.width();
            offeredHeight = size.height();
        } else if (message instanceof ToViewer.PointerWarped warp) {
            told.add("warp " + warp.x() + "," + warp.y());
        } else if (message instanceof ToViewer.Locks locks) {
            told.add("locks " + locks.leds());
        } else if (message instanceof ToViewer.Clipboard clipboard) {
            told.add("clipboard " + clipboard.event());
        } else if (message instanceof ToViewer.Sound sound) {
            heard.addAll(sound.blocks());
        } else if (message instanceof ToViewer.ResumeInput) {
            told.add("resume");
        } else if (message instanceof ToViewer.Disconnect disconnect) {
            told.add("disconnect " + disconnect.reason());
            post(new ToConsole.Left());
        }
    }

    void post(ToConsole message) {
        inbox.post(message);
    }

    boolean type(ViewerInput input) {
        return inbox.post(new ToConsole.Input(input));
    }

    /** The client finishes its connection, or its change of size. */
    void activate(boolean resizable) {
        activate(resizable, offeredWidth, offeredHeight);
    }

    void activate(boolean resizable, int width, int height) {
        picture = new int[width * height];
        post(new ToConsole.Activated(
                new ViewerIdentity(new InetSocketAddress("127.0.0.1", 1), "pc", "me", false),
                new ViewerCapabilities(width, height, resizable, profile, frameLimit, moves, 0)));
    }

    private void show(FrameBatch batch) {
        batches++;
        compressible = batch.isCompressible();
        tiles += batch.count();
        if (batch.pointer() != null) {
            pointers.add(batch.pointer());
        }
        lastBatch = batch.frame();
        for (FrameBatch.VideoPart part : batch.video()) {
            frames++;
            keyFrames += part.key() ? 1 : 0;
            framePixels = part.areas().stream()
                    .mapToInt(area -> area.width() * area.height())
                    .sum();
            part.areas().forEach(area -> fill(batch.grid(), area));
        }
        for (int i = 0; i < batch.count(); i++) {
            draw(batch.grid(), batch.area(i), batch.bytes(i));
        }
        undrained = batch.totalBytes();
        batch.release();
        if (fast) {
            drain();
        }
    }

    private void fill(TileGrid grid, Rect area) {
        for (int y = area.y(); y < area.bottom(); y++) {
            Arrays.fill(picture, y * grid.width() + area.x(), y * grid.width() + area.right(), VIDEO);
        }
    }

    /** Says that it has shown the last batch. */
    void acknowledge() {
        post(new ToConsole.Acknowledged(lastBatch, 0));
    }

    void drain() {
        if (undrained >= 0) {
            int bytes = undrained;
            undrained = -1;
            post(new ToConsole.Drained(bytes));
        }
    }

    private void draw(TileGrid grid, Rect area, ByteBuf bytes) {
        int width = area.width();
        int height = area.height();
        byte[] pixels = ByteBufUtil.getBytes(bytes);
        int pixelBytes = profile.depth().bytes();
        int stride = FrameEncoder.wireWidth(width) * pixelBytes;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = (height - 1 - y) * stride + x * pixelBytes;
                int to = (area.y() + y) * grid.width() + area.x() + x;
                if (to < picture.length) {
                    picture[to] = (pixels[at + 2] & 0xff) << 16 | (pixels[at + 1] & 0xff) << 8 | pixels[at] & 0xff;
                }
            }
        }
    }
}
