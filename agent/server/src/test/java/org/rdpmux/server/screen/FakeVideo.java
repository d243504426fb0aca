// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.rdpmux.codec.I420Picture;
import org.rdpmux.codec.VideoEncoder;
import org.rdpmux.codec.VideoEncoderProvider;
import org.rdpmux.codec.VideoException;

/** Encodes a picture as so many bytes, remembers how it was told to, and counts encoders. */
public final class FakeVideo implements VideoEncoderProvider {

    public static final int FRAME_BYTES = 1000;

    /** Of all encoders: {@code key 26}, {@code next 26} and {@code closed}. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    public final AtomicInteger made = new AtomicInteger();
    public final AtomicInteger closed = new AtomicInteger();
    public volatile int frameBytes = FRAME_BYTES;
    public volatile boolean fails;
    public volatile boolean absent;

    @Override
    public String load() {
        return "fake";
    }

    @Override
    public VideoEncoder newEncoder(int width, int height) {
        if (absent) {
            throw new VideoException("told to be absent");
        }
        I420Picture picture = new I420Picture(width, height);
        made.incrementAndGet();
        return new VideoEncoder() {
            private boolean isClosed;

            @Override
            public I420Picture picture() {
                return picture;
            }

            @Override
            public void encode(boolean key, int qp, ByteBuf out) {
                if (isClosed) {
                    throw new IllegalStateException("closed");
                }
                if (fails) {
                    throw new IllegalStateException("told to fail");
                }
                calls.add((key ? "key " : "next ") + qp);
                out.writeZero(frameBytes);
            }

            @Override
            public void close() {
                isClosed = true;
                calls.add("closed");
                closed.incrementAndGet();
            }
        };
    }
}
