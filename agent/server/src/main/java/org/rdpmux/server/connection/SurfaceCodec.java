// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.caps.BitmapCodecsCapability;
import org.rdpmux.pdu.caps.RemoteFxClientCapability;
import org.rdpmux.pdu.caps.RemoteFxClientCapability.Icap;

/**
 * How a client without the graphics pipeline takes RemoteFX, in surface commands.
 *
 * @param codecId as it calls the codec
 * @param imageMode whether in image mode, otherwise in video mode
 * @param rlgr3 whether encoded with RLGR3, otherwise with RLGR1
 */
public record SurfaceCodec(int codecId, boolean imageMode, boolean rlgr3) {

    private static final Predicate<Icap> USABLE = icap -> icap.version() == Icap.VERSION
            && icap.tileSize() == Icap.TILE_SIZE
            && icap.colourConversion() == Icap.ICT
            && icap.transform() == Icap.DWT
            && (icap.entropy() == Icap.RLGR1 || icap.entropy() == Icap.RLGR3);

    /** What can be used of a client's codecs. RLGR1 comes first: it takes one to four per cent fewer bytes. */
    static Optional<SurfaceCodec> of(BitmapCodecsCapability codecs) {
        return codecs.find(BitmapCodecsCapability.REMOTEFX).flatMap(codec -> {
            List<Icap> icaps = icaps(codec).stream().filter(USABLE).toList();
            return icaps.stream()
                    .filter(icap -> icap.entropy() == Icap.RLGR1)
                    .findFirst()
                    .or(() -> icaps.stream().findFirst())
                    .map(icap -> new SurfaceCodec(
                            codec.id(), (icap.flags() & Icap.IMAGE_MODE) != 0, icap.entropy() == Icap.RLGR3));
        });
    }

    /** None where the properties make no sense: that is no reason to part with a client that has other ways. */
    private static List<Icap> icaps(BitmapCodecsCapability.Codec codec) {
        try {
            return RemoteFxClientCapability.decode(Unpooled.wrappedBuffer(codec.properties()))
                    .icaps();
        } catch (PduException unreadable) {
            return List.of();
        }
    }
}
