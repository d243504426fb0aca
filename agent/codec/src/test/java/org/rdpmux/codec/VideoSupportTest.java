// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VideoSupportTest {

    private static final class Provider implements VideoEncoderProvider {

        private final String name;
        private final byte[] frame;

        Provider(String name, byte[] frame) {
            this.name = name;
            this.frame = frame;
        }

        @Override
        public String load() {
            if (frame == null) {
                throw new VideoException("there is no " + name);
            }
            return name;
        }

        @Override
        public VideoEncoder newEncoder(int width, int height) {
            return new VideoEncoder() {
                @Override
                public I420Picture picture() {
                    return new I420Picture(width, height);
                }

                @Override
                public void encode(boolean key, int qp, ByteBuf out) {
                    out.writeBytes(frame);
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void takesTheFirstThatReallyEncodes() {
        VideoEncoderProvider works = new Provider("works", new byte[] {0, 0, 0, 1});
        VideoSupport support =
                VideoSupport.find(List.of(new Provider("absent", null), new Provider("stub", new byte[0]), works));
        assertEquals(Optional.of(works), support.provider());
        assertEquals("works", support.description());
    }

    @Test
    void saysWhyThereIsNone() {
        VideoSupport support =
                VideoSupport.find(List.of(new Provider("absent", null), new Provider("stub", new byte[0])));
        assertTrue(support.provider().isEmpty());
        assertEquals("there is no absent; stub encodes nothing", support.description());
    }
}
