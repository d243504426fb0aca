// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import io.netty.buffer.ByteBuf;
import org.rdpmux.codec.I420Picture;
import org.rdpmux.codec.VideoEncoder;
import org.rdpmux.codec.VideoEncoderProvider;
import org.rdpmux.codec.VideoException;

/**
 * A video for tests that goes wrong at once if a frame is missed or shown twice: each frame says which one it builds on. Every
 * third encoder fails after some frames.
 */
final class DifferenceStream implements VideoEncoder {

    private static final int FRAMES_OF_A_BROKEN_ONE = 5;

    /** Makes them. */
    static final class Provider implements VideoEncoderProvider {

        private int made;

        @Override
        public String load() {
            return "differences";
        }

        @Override
        public VideoEncoder newEncoder(int width, int height) {
            return new DifferenceStream(new I420Picture(width, height), ++made % 3 == 0);
        }
    }

    /** Of all videos. */
    static int frames;

    private final I420Picture picture;
    private final boolean breaks;
    private int frame;

    private DifferenceStream(I420Picture picture, boolean breaks) {
        this.picture = picture;
        this.breaks = breaks;
    }

    @Override
    public I420Picture picture() {
        return picture;
    }

    @Override
    public void encode(boolean key, int qp, ByteBuf out) {
        if (breaks && frame == FRAMES_OF_A_BROKEN_ONE) {
            throw new VideoException("the test says so");
        }
        out.writeInt(key || frame == 0 ? 0 : frame);
        out.writeInt(++frame);
        frames++;
    }

    /** Shows a frame. @param last the one that was shown before, 0 for none @return the one that is shown now */
    static int decode(ByteBuf bytes, int last) {
        int before = bytes.getInt(bytes.readerIndex());
        if (before != 0 && before != last) {
            throw new IllegalStateException("a frame that builds on " + before + " after " + last);
        }
        return bytes.getInt(bytes.readerIndex() + 4);
    }

    @Override
    public void close() {}
}
