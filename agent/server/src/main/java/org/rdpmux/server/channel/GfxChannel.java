// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.gfx.CacheImportReply;
import org.rdpmux.pdu.gfx.CapabilitySet;
import org.rdpmux.pdu.gfx.CapsAdvertise;
import org.rdpmux.pdu.gfx.CapsConfirm;
import org.rdpmux.pdu.gfx.FrameAcknowledge;
import org.rdpmux.pdu.gfx.GfxPdu;
import org.rdpmux.pdu.gfx.OtherPdu;
import org.rdpmux.pdu.gfx.SegmentedData;

/**
 * The graphics pipeline's channel ([MS-RDPEGFX]): agrees on a version and hands on what the client acknowledges. Pixels do not
 * pass here: who writes them asks {@link StaticChannels#path} for the way. Before a version is confirmed nothing may be sent. A
 * client may advertise again at any time, and forgets everything when it does. Used by one thread.
 */
public final class GfxChannel implements Channel {

    /** Bounds the offer of a client's cache: 5462 entries of 12 bytes. */
    private static final int MAX_MESSAGE = 80 << 10;

    private static final Set<Integer> VERSIONS = Set.of(
            CapabilitySet.VERSION_8,
            CapabilitySet.VERSION_8_1,
            CapabilitySet.VERSION_10,
            CapabilitySet.VERSION_10_1,
            CapabilitySet.VERSION_10_2,
            CapabilitySet.VERSION_10_3,
            CapabilitySet.VERSION_10_4,
            CapabilitySet.VERSION_10_5,
            CapabilitySet.VERSION_10_6,
            CapabilitySet.VERSION_10_7);

    /** Who uses the pipeline. */
    public interface Listener {

        /** A version was confirmed, for the first time or anew: the client has no surface and no picture. */
        void graphicsConfirmed(CapabilitySet set);

        /** The client has shown a frame. */
        void frameAcknowledged(FrameAcknowledge acknowledge);

        /** The client has no pipeline, or has none any more. */
        void graphicsClosed();
    }

    private CapabilitySet confirmed;
    private FrameAcknowledge acknowledged;
    /** The client has offered its cache since it advertised; once is enough. */
    private boolean offered;

    private boolean closed;
    private boolean news;

    @Override
    public String name() {
        return GfxPdu.CHANNEL;
    }

    @Override
    public Priority priority() {
        return Priority.HIGH;
    }

    @Override
    public int maxMessage() {
        return MAX_MESSAGE;
    }

    /** The client speaks first. */
    @Override
    public List<Pdu> open(long now) {
        return List.of();
    }

    @Override
    public List<Pdu> message(ByteBuf message, long now) {
        List<Pdu> replies = new ArrayList<>();
        while (message.isReadable()) {
            GfxPdu pdu = GfxPdu.decodeFromClient(message);
            if (pdu instanceof CapsAdvertise advertise) {
                if (!replies.isEmpty()) {
                    throw new PduException("RDPGFX_CAPS_ADVERTISE_PDU", "cmdId", "is not the first of its message");
                }
                confirmed = choose(advertise.sets());
                acknowledged = null;
                offered = false;
                news = true;
                replies.add(new Wrapped(new CapsConfirm(confirmed)));
            } else if (pdu instanceof FrameAcknowledge acknowledge) {
                acknowledged = acknowledge;
            } else if (pdu instanceof OtherPdu other && other.command() == GfxPdu.CACHE_IMPORT_OFFER) {
                if (!offered) {
                    offered = true;
                    replies.add(new Wrapped(new CacheImportReply()));
                }
            }
        }
        return replies;
    }

    /** The newest version that both ends know, without flags that contradict each other. */
    private static CapabilitySet choose(List<CapabilitySet> sets) {
        Optional<CapabilitySet> newest = sets.stream()
                .filter(set -> VERSIONS.contains(set.version()))
                .max(Comparator.comparingInt(CapabilitySet::version));
        CapabilitySet set = newest.orElseThrow(
                () -> new PduException("RDPGFX_CAPS_ADVERTISE_PDU", "capsSets", "no version that is known here"));
        boolean contradicts = set.has(CapabilitySet.FLAG_AVC_DISABLED) && set.version() >= CapabilitySet.VERSION_10;
        return contradicts ? new CapabilitySet(set.version(), set.flags() & ~CapabilitySet.FLAG_AVC_THIN_CLIENT) : set;
    }

    @Override
    public void close() {
        closed = true;
        confirmed = null;
        news = true;
    }

    /** Tells what has happened since the last call; to be called once the replies are on their way. */
    public void tell(Listener listener) {
        if (news) {
            news = false;
            if (closed) {
                listener.graphicsClosed();
            } else {
                listener.graphicsConfirmed(confirmed);
            }
        }
        if (acknowledged != null && confirmed != null) {
            listener.frameAcknowledged(acknowledged);
        }
        acknowledged = null;
    }

    /** A PDU as a message of its own. */
    private record Wrapped(GfxPdu pdu) implements Pdu {

        @Override
        public int size() {
            return SegmentedData.size(pdu.size());
        }

        @Override
        public void encode(ByteBuf out) {
            ByteBuf plain = out.alloc().heapBuffer(pdu.size());
            try {
                pdu.encode(plain);
                SegmentedData.write(out, plain);
            } finally {
                plain.release();
            }
        }
    }
}
