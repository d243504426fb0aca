// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.BitSet;
import java.util.List;
import org.rdpmux.server.screen.TileLane;
import org.rdpmux.server.screen.TileParts;
import org.rdpmux.server.screen.VideoStream;

/**
 * What one viewer has of its lane's video stream, and which of the tiles chosen for its next batch it leaves to it. A viewer
 * takes part while it has all frames, or could begin with a key frame; otherwise it is sent tiles. Used by one thread.
 */
final class VideoFollower {

    /** The frame that the client has; 0 for none. */
    private long frame;

    private final BitSet left = new BitSet();

    /** The client has another surface, and nothing of the stream. */
    void restart() {
        frame = 0;
        left.clear();
    }

    /**
     * Leaves to the stream all stale tiles that it may have: its frames are made to fit.
     *
     * @return these; not to be changed
     */
    BitSet choose(TileLane lane, StaleArea area, long now) {
        VideoStream video = lane.video();
        left.clear();
        if (video != null && (video.canFollow(frame) || video.isKeyDue(now))) {
            BitSet stale = area.stale();
            for (int tile = stale.nextSetBit(0); tile >= 0; tile = stale.nextSetBit(tile + 1)) {
                left.set(tile, video.suits(tile, area.part(tile)));
            }
        }
        return left;
    }

    /** Whether a chosen tile is left to the stream. */
    boolean leaves(int tile) {
        return left.get(tile);
    }

    /** Whether it needs a key frame for what it leaves to the stream. */
    boolean needsKey(VideoStream video) {
        return !left.isEmpty() && !video.canFollow(frame);
    }

    /** Whether frames that the client can take now show a tile's newest pixels. */
    boolean isOnItsWay(VideoStream video, int tile) {
        return video.isOnItsWay(tile, frame);
    }

    /**
     * Sends the frames that the client has not, as far as it can take them. They show stale tiles only: those that it has may
     * be newer than the frame.
     *
     * @param shown becomes the tiles that are not to be sent now
     */
    void send(TileLane lane, StaleArea area, FrameBatch batch, BitSet shown) {
        VideoStream video = lane.video();
        List<VideoStream.Frame> frames = video.after(frame);
        boolean joins = !frames.isEmpty() && frames.get(0).number() != frame + 1;
        if (!joins || !left.isEmpty()) {
            frames.forEach(next -> send(next, area, batch, shown));
        }
        for (int tile = shown.nextSetBit(0); tile >= 0; tile = shown.nextSetBit(tile + 1)) {
            area.sent(tile, video.isCurrent(tile), TileParts.WHOLE, true);
        }
        // What neither a frame nor a tile has stays stale: the encoder has failed, or the client is too far behind.
        for (int tile = left.nextSetBit(0); tile >= 0; tile = left.nextSetBit(tile + 1)) {
            if (!lane.isFresh(tile, area.part(tile))) {
                shown.set(tile);
            }
        }
        left.clear();
    }

    private void send(VideoStream.Frame next, StaleArea area, FrameBatch batch, BitSet shown) {
        BitSet tiles = (BitSet) next.tiles().clone();
        tiles.and(area.stale());
        if (tiles.isEmpty()) {
            tiles.set(next.tiles().nextSetBit(0)); // a frame has to show something, and the next one builds on it
        }
        batch.add(next, area.grid().rectangles(tiles));
        shown.or(tiles);
        frame = next.number();
    }
}
