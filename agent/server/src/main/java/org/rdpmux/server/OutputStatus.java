// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.rdpmux.server.ViewerStatus.Codec;

/**
 * What a console's viewers were sent, those that have left included, counted since the console was opened.
 *
 * @param frames handed to clients' sockets
 * @param bytes taken by the sockets, before encryption
 * @param codecBytes of pixels, as the encoders made them, by codec; a codec that was not used is not in it
 * @param delays how many frames took so long, in nanoseconds, from the first change that they show to the socket: one
 *     count for each of {@link #DELAY_NANOS}, and one for those that took longer
 * @param delayNanos of all these frames, summed
 */
public record OutputStatus(long frames, long bytes, Map<Codec, Long> codecBytes, List<Long> delays, long delayNanos) {

    /** Upper bounds of {@link #delays}: from what nobody sees to what everybody notices. */
    public static final List<Long> DELAY_NANOS =
            List.of(5_000_000L, 10_000_000L, 20_000_000L, 50_000_000L, 100_000_000L, 250_000_000L, 1_000_000_000L);

    public OutputStatus {
        codecBytes = Collections.unmodifiableMap(
                codecBytes.isEmpty() ? new EnumMap<>(Codec.class) : new EnumMap<>(codecBytes));
        delays = List.copyOf(delays);
    }
}
