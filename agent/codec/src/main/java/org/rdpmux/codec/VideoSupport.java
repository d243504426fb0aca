// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Whether video can be encoded here, and with what.
 *
 * @param provider makes encoders; none if video cannot be encoded
 * @param description for people: the library with its version, or why there is none
 */
public record VideoSupport(Optional<VideoEncoderProvider> provider, String description) {

    /** A picture to try an encoder with; the least that all of them take is smaller. */
    private static final int PROBE_SIDE = 64;

    /** No video. @param why for people */
    public static VideoSupport none(String why) {
        return new VideoSupport(Optional.empty(), why);
    }

    /** The first provider among the services that encodes a frame. Takes some milliseconds. */
    public static VideoSupport find() {
        return find(ServiceLoader.load(VideoEncoderProvider.class));
    }

    /** The first of these that encodes a frame: a library may be there and be a stub that does nothing. */
    static VideoSupport find(Iterable<VideoEncoderProvider> providers) {
        List<String> failures = new ArrayList<>();
        for (VideoEncoderProvider provider : providers) {
            try {
                String name = provider.load();
                probe(provider, name);
                return new VideoSupport(Optional.of(provider), name);
            } catch (VideoException e) {
                failures.add(e.getMessage());
            }
        }
        return none(failures.isEmpty() ? "there is no encoder" : String.join("; ", failures));
    }

    private static void probe(VideoEncoderProvider provider, String name) {
        ByteBuf out = Unpooled.buffer();
        try (VideoEncoder encoder = provider.newEncoder(PROBE_SIDE, PROBE_SIDE)) {
            encoder.encode(true, VideoEncoder.MAX_QP, out);
            if (!out.isReadable()) {
                throw new VideoException(name + " encodes nothing");
            }
        } finally {
            out.release();
        }
    }
}
