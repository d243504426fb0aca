// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import org.rdpmux.display.ArrayFramebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;

/** A display that somebody paints on: for trying clients out. Several may show one {@link Canvas}. */
public final class PaintedDisplay implements GuestDisplay {

    /** What is shown, whoever looks. */
    public static final class Canvas {
        private ArrayFramebuffer framebuffer;
        private Listener listener;
        private PointerShape pointer = new PointerShape.Default();
        private LockKeys locks;

        public Canvas(int width, int height) {
            framebuffer = testPicture(width, height);
        }

        public synchronized void resize(int width, int height) {
            framebuffer = testPicture(width, height);
            if (listener != null) {
                listener.resized(framebuffer);
            }
        }

        public synchronized void pointer(PointerShape shape) {
            pointer = shape;
            if (listener != null) {
                listener.pointer(shape);
            }
        }

        public synchronized void locks(LockKeys leds) {
            locks = leds;
            if (listener != null) {
                listener.locks(leds);
            }
        }

        public synchronized ArrayFramebuffer framebuffer() {
            return framebuffer;
        }

        public synchronized void paint(Rect area, int colour) {
            for (int y = area.y(); y < area.bottom(); y++) {
                int from = y * framebuffer.width() + area.x();
                Arrays.fill(framebuffer.pixels(), from, from + area.width(), colour);
            }
            damaged(area);
        }

        public synchronized void damaged(Rect area) {
            if (listener != null) {
                listener.damaged(area);
            }
        }

        /** Writes what is shown as a portable pixmap. */
        public synchronized void dump(Path file) throws IOException {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                String header = "P6\n" + framebuffer.width() + " " + framebuffer.height() + "\n255\n";
                out.write(header.getBytes(StandardCharsets.US_ASCII));
                for (int pixel : framebuffer.pixels()) {
                    out.write(pixel >> 16);
                    out.write(pixel >> 8);
                    out.write(pixel);
                }
            }
        }

        private synchronized void listen(Listener newListener) {
            listener = newListener;
            if (listener != null) {
                listener.resized(framebuffer);
                listener.pointer(pointer);
                if (locks != null) {
                    listener.locks(locks);
                }
            }
        }
    }

    private final Canvas canvas;
    private final Consumer<InputEvent> input;

    public PaintedDisplay(Canvas canvas, Consumer<InputEvent> input) {
        this.canvas = canvas;
        this.input = input;
    }

    @Override
    public void start(Listener listener) {
        canvas.listen(listener);
    }

    @Override
    public void setActive(boolean active) {
        // damage costs nothing here
    }

    @Override
    public void send(InputEvent event) {
        input.accept(event);
    }

    @Override
    public void close() {
        canvas.listen(null);
    }

    @Override
    public String kind() {
        return "painted";
    }

    /** Gradients, lines of one pixel, blocks, noise, and a frame along the edge. */
    static ArrayFramebuffer testPicture(int width, int height) {
        ArrayFramebuffer picture = new ArrayFramebuffer(width, height);
        Random random = new Random(1);
        int[] pixels = picture.pixels();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel;
                if (x == 0 || y == 0 || x == width - 1 || y == height - 1) {
                    pixel = 0xff0000;
                } else if (y < height / 4) {
                    pixel = (x * 255 / width) << 16 | (y * 1020 / height) << 8 | 0x40;
                } else if (y < height / 2) {
                    pixel = (x / 16 + y / 16) % 2 == 0 ? 0xffffff : 0x2040a0;
                } else if (y < height * 3 / 4) {
                    pixel = x % 3 == 0 ? 0x00ff00 : y % 5 == 0 ? 0 : 0xc0c0c0;
                } else {
                    pixel = x < width / 2 ? random.nextInt(1 << 24) : 0x336699;
                }
                pixels[y * width + x] = pixel;
            }
        }
        return picture;
    }
}
