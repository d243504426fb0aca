// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.rdpmux.codec.FrameEncoder;
import org.rdpmux.codec.FrameEncoder.Encoding;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Move;
import org.rdpmux.testkit.codec.BitmapDecoder;
import org.rdpmux.testkit.codec.ClearCodecDecoder;

/** A client that draws what it is sent and does the rest when a script says so. */
final class ScriptedClient {

    /** What a pixel is before anything was drawn there; no guest has it. */
    private static final int NOTHING = 0xff000000;

    /** What a loss shows as; no guest has it, so that pixels that are never exact are seen in the end. */
    private static final int LOSS = 0x7f000000;

    /** Tiles that clients drew from what they keep, in all scripts. */
    static int fromCache;

    ViewerInbox inbox;
    int batches;

    private final EncoderProfile profile;
    private final boolean resizable;
    private final boolean moves;
    private final int frameLimit;
    /** By slot: what it keeps, as it was shown there; null where it keeps nothing. */
    private final int[][] kept;

    private Rect asked;
    private int width;
    private int height;
    private int[] picture;
    /** The video's last frame; 0 for none. */
    private int videoFrame;

    private int undrained = -1;
    private int lastFrame;
    private boolean silent;
    private boolean left;

    /** @param cacheSlots tiles that it keeps; with the graphics pipeline only */
    ScriptedClient(EncoderProfile profile, boolean resizable, boolean moves, int frameLimit, int cacheSlots) {
        this.profile = profile;
        this.resizable = resizable;
        this.moves = moves && resizable;
        this.frameLimit = frameLimit;
        this.kept = new int[resizable && profile.codec() == EncoderProfile.Codec.SURFACE ? cacheSlots : 0][];
    }

    void on(ToViewer message) {
        if (message instanceof ToViewer.Frame frame) {
            show(frame.batch());
        } else if (message instanceof ToViewer.DesktopSize size) {
            asked = new Rect(0, 0, size.width(), size.height());
        } else if (message instanceof ToViewer.Disconnect) {
            leave();
        }
    }

    void activate() {
        if (asked != null && !left) {
            if (picture == null || resizable) {
                width = asked.width();
                height = asked.height();
            }
            picture = new int[width * height];
            videoFrame = 0;
            Arrays.fill(picture, NOTHING);
            asked = null;
            inbox.post(new ToConsole.Activated(
                    new ViewerIdentity(new InetSocketAddress("127.0.0.1", 1), "pc", "me", false),
                    new ViewerCapabilities(width, height, resizable, profile, frameLimit, moves, kept.length)));
        }
    }

    void leave() {
        if (!left) {
            left = true;
            inbox.post(new ToConsole.Left());
        }
    }

    void drain() {
        if (undrained >= 0 && !left) {
            int bytes = undrained;
            undrained = -1;
            inbox.post(new ToConsole.Drained(bytes));
        }
    }

    /** @param how the last frame, an earlier one, the first again, one far ahead, or "no more"; 5 is for the last, too */
    void acknowledge(int how) {
        if (!left) {
            int depth = how == 4 ? SendWindow.ACKNOWLEDGEMENTS_SUSPENDED : 0;
            int[] frames = {lastFrame, lastFrame - 2, 1, lastFrame + 1000, lastFrame, lastFrame};
            inbox.post(new ToConsole.Acknowledged(frames[how], depth));
        }
    }

    void wantOutput(boolean wanted) {
        if (!left) {
            silent = !wanted;
            inbox.post(new ToConsole.OutputWanted(wanted));
        }
    }

    /** The window lost what it showed there. */
    void refresh(Rect area) {
        if (left || picture == null) {
            return;
        }
        Rect lost = area.intersection(new Rect(0, 0, width, height));
        for (int y = lost.y(); y < lost.bottom(); y++) {
            Arrays.fill(picture, y * width + lost.x(), y * width + lost.right(), NOTHING);
        }
        inbox.post(ToConsole.Refresh.of(List.of(area)));
    }

    /** Does all that the console waits for. */
    void catchUp() {
        activate();
        drain();
        acknowledge(0);
        if (silent) {
            wantOutput(true);
        }
    }

    private void show(FrameBatch batch) {
        if (undrained >= 0) {
            throw new IllegalStateException("a batch before the last one was drained");
        }
        batches++;
        lastFrame = batch.frame();
        if (!left) {
            batch.moves().forEach(this::move);
            batch.video().forEach(this::drawVideo);
            for (int i = 0; i < batch.count(); i++) {
                drawTile(batch, i);
            }
        }
        undrained = batch.totalBytes();
        batch.release();
    }

    private void move(Move move) {
        int[] before = picture.clone();
        Rect to = move.to();
        for (int y = to.y(); y < to.bottom(); y++) {
            int from = (y - move.dy()) * width + to.x() - move.dx();
            System.arraycopy(before, from, picture, y * width + to.x(), to.width());
        }
    }

    private void drawTile(FrameBatch batch, int index) {
        Rect rect = batch.area(index);
        int slot = batch.cacheSlot(index);
        if (batch.isKept(index)) {
            int[] pixels = kept[slot - 1];
            for (int i = 0; i < pixels.length; i++) {
                draw(rect.x() + i % rect.width(), rect.y() + i / rect.width(), pixels[i]);
            }
            fromCache++;
            return;
        }
        drawTile(rect, batch.encoding(index), batch.bytes(index));
        if (slot < 0) {
            Rect tile = batch.grid().rect(batch.tile(index));
            kept[-slot - 1] = IntStream.range(0, tile.width() * tile.height())
                    .map(i -> picture[(tile.y() + i / tile.width()) * width + tile.x() + i % tile.width()])
                    .toArray();
        }
    }

    private void drawTile(Rect rect, Encoding encoding, ByteBuf bytes) {
        byte[] pixels = ByteBufUtil.getBytes(bytes);
        if (encoding.isLossy()) {
            for (int i = 0; i < rect.width() * rect.height(); i++) {
                draw(rect.x() + i % rect.width(), rect.y() + i / rect.width(), LOSS);
            }
            return;
        }
        if (profile.codec() == EncoderProfile.Codec.SURFACE) {
            int[] shown = surfacePixels(rect, encoding, pixels);
            for (int i = 0; i < shown.length; i++) {
                draw(rect.x() + i % rect.width(), rect.y() + i / rect.width(), shown[i]);
            }
            return;
        }
        int pixelBytes = profile.depth().bytes();
        int stride = FrameEncoder.wireWidth(rect.width()) * pixelBytes;
        for (int y = 0; y < rect.height(); y++) {
            for (int x = 0; x < rect.width(); x++) {
                int at = (rect.height() - 1 - y) * stride + x * pixelBytes;
                int pixel = (pixels[at + 2] & 0xff) << 16 | (pixels[at + 1] & 0xff) << 8 | pixels[at] & 0xff;
                draw(rect.x() + x, rect.y() + y, pixel);
            }
        }
    }

    private static int[] surfacePixels(Rect rect, Encoding encoding, byte[] bytes) {
        switch (encoding) {
            case SOLID -> {
                int[] pixels = new int[rect.width() * rect.height()];
                Arrays.fill(pixels, Unpooled.wrappedBuffer(bytes).readIntLE());
                return pixels;
            }
            case CLEAR -> {
                return new ClearCodecDecoder().decode(bytes, rect.width(), rect.height());
            }
            default -> {
                return BitmapDecoder.decodePlanar(bytes, rect.width(), rect.height());
            }
        }
    }

    private void drawVideo(FrameBatch.VideoPart part) {
        videoFrame = DifferenceStream.decode(part.bytes(), videoFrame);
        for (Rect area : part.areas()) {
            for (int i = 0; i < area.width() * area.height(); i++) {
                draw(area.x() + i % area.width(), area.y() + i / area.width(), LOSS);
            }
        }
    }

    private void draw(int x, int y, int pixel) {
        if (x < width && y < height) {
            picture[y * width + x] = pixel;
        }
    }

    /** @return what differs, or null */
    String compare(Framebuffer guest) {
        if (left || picture == null) {
            return left ? null : "never saw anything";
        }
        if (resizable && (width != guest.width() || height != guest.height())) {
            return "its desktop is " + width + "x" + height + ", not " + guest.width() + "x" + guest.height();
        }
        int[] expected = new int[guest.width() * guest.height()];
        guest.read(guest.bounds(), expected, 0, guest.width());
        for (int y = 0; y < Math.min(height, guest.height()); y++) {
            for (int x = 0; x < Math.min(width, guest.width()); x++) {
                if (picture[y * width + x] != expected[y * guest.width() + x]) {
                    return "differs from the guest at " + x + "," + y;
                }
            }
        }
        return null;
    }
}
