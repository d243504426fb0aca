// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A client that sees a console, at one moment.
 *
 * @param id unique within the server, never used again
 * @param remote the client's address
 * @param clientName what the client calls its machine; unchecked text from the client without control characters
 * @param user who it says it is (without authentication) or who it is (with); may be empty
 * @param viewOnly its input is dropped
 * @param since when it began to see the console
 * @param width of its desktop in pixels
 * @param height likewise
 * @param bitsPerPixel 15, 16, 24 or 32
 * @param bytesSent to the socket, before encryption
 * @param framesSent frames sent whole
 * @param codecs what it was sent, in this form of its desktop
 * @param state whether it follows
 * @param latencyNanos from the sending of a frame to its acknowledgement, smoothed, if the client acknowledges frames, or
 *     answers auto-detection instead
 * @param roundTripNanos of a message to the client and its answer, smoothed, if it has network auto-detection or the echo channel
 */
public record ViewerStatus(
        long id,
        InetSocketAddress remote,
        String clientName,
        String user,
        boolean viewOnly,
        Instant since,
        int width,
        int height,
        int bitsPerPixel,
        long bytesSent,
        long framesSent,
        Set<Codec> codecs,
        State state,
        OptionalLong latencyNanos,
        OptionalLong roundTripNanos) {

    public ViewerStatus {
        Objects.requireNonNull(remote);
        Objects.requireNonNull(clientName);
        Objects.requireNonNull(user);
        Objects.requireNonNull(since);
        codecs = Collections.unmodifiableSet(codecs.isEmpty() ? EnumSet.noneOf(Codec.class) : EnumSet.copyOf(codecs));
        Objects.requireNonNull(state);
        Objects.requireNonNull(latencyNanos);
        Objects.requireNonNull(roundTripNanos);
    }

    /** How pixels were sent. */
    public enum Codec {
        UNCOMPRESSED("uncompressed"),
        INTERLEAVED("interleaved RLE"),
        PLANAR("planar"),
        SOLID("solid fill"),
        CLEAR("ClearCodec"),
        PROGRESSIVE("progressive"),
        REMOTEFX("RemoteFX"),
        H264("H.264");

        private final String text;

        Codec(String text) {
            this.text = text;
        }

        /** For people. */
        @Override
        public String toString() {
            return text;
        }
    }

    /** Whether a viewer follows the guest. */
    public enum State {
        /** It shows what the guest shows. */
        ACTIVE,
        /** Its client asked for no output (a minimised window). */
        SUSPENDED,
        /** It has not taken what was sent to it for a while; it will get the newest picture when it does. */
        SLOW
    }
}
