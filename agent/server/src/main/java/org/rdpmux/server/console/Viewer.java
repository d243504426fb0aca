// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.time.Instant;
import java.util.BitSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Screen;
import org.rdpmux.server.screen.ScreenChange;
import org.rdpmux.server.screen.TileGrid;
import org.rdpmux.server.screen.TileLane;

/**
 * One client as its console sees it, from joining to leaving: what it waits for, which part of the screen it does not have
 * yet, and when it can take more. While its window is closed the stale area grows, never a queue; when the window opens it
 * gets the newest bytes of some of the tiles.
 *
 * <p>Has more fields than most classes, since it is the one place for what the console knows of a client. Lives on the
 * console's thread, but for {@link #report} and {@link #outbox}, which any thread may use.
 */
final class Viewer {

    /** Share of a batch that tiles may have, whatever a video takes. */
    private static final int ROOM_BESIDE_VIDEO = 4;

    private static final BitSet NONE = new BitSet();

    private final ViewerOutbox outbox;
    private final ViewerInbox inbox;
    private final ViewerReport report;
    private final FrameBatch batch = new FrameBatch();
    private final PictureQuality quality = new PictureQuality();
    private ViewerStage stage = ViewerStage.JOINING;
    private ViewerCapabilities capabilities;
    private SendWindow window;
    /** Null while it shows nothing; likewise the lane. */
    private StaleArea area;

    private TileLane lane;
    private final KeptTiles kept = new KeptTiles();
    private final VideoFollower video = new VideoFollower();
    /** Whether only what its user types was chosen last. */
    private boolean echo;

    /** What the client is to be told of the pointer, or null. */
    private PointerShape pointer;

    private final OutputSuppression suppression = new OutputSuppression();
    private InputArbiter.Source source;
    private ConsoleLoop.Timer offerTimer;

    /** @param wake has the console's thread read this viewer's inbox @param output counts what it is sent */
    Viewer(long id, Executor clientLoop, Consumer<ToViewer> client, Consumer<Viewer> wake, OutputCounters output) {
        this.outbox = new ViewerOutbox(clientLoop, client);
        this.inbox = new ViewerInbox(() -> wake.accept(this));
        this.report = new ViewerReport(id, Instant.now(), output);
    }

    ViewerReport report() {
        return report;
    }

    ViewerOutbox outbox() {
        return outbox;
    }

    ViewerInbox inbox() {
        return inbox;
    }

    ViewerStage stage() {
        return stage;
    }

    boolean isShowing() {
        return stage == ViewerStage.SHOWING;
    }

    /** Whether it can be shown a screen, or see another one, without being waited for. */
    boolean takesScreen() {
        return stage == ViewerStage.SHOWING || stage == ViewerStage.BLANK;
    }

    // ---- stages ----

    /** The desktop's size is not known yet. @param timer offers some size if it stays so */
    void awaitOffer(ConsoleLoop.Timer timer) {
        offerTimer = timer;
    }

    /** The desktop's size is known, or nobody waits for it any longer: the client can go on with its connection. */
    void offer(TileGrid screen) {
        if (stage == ViewerStage.JOINING) {
            stage = ViewerStage.CONNECTING;
            cancelOffer();
            outbox.post(new ToViewer.DesktopSize(screen.width(), screen.height()));
        }
    }

    /**
     * The client has finished its connection, or its change of size, or is to be sent pixels in another way: it has none of
     * the screen. @return false if nobody waited for that
     */
    boolean activated(ToConsole.Activated activated, long now) {
        if (stage == ViewerStage.JOINING || stage == ViewerStage.GONE) {
            return false;
        }
        boolean draining = window != null && window.isDraining();
        boolean same = capabilities != null
                && capabilities.profile().equals(activated.capabilities().profile())
                && capabilities.frameLimit() == activated.capabilities().frameLimit();
        capabilities = activated.capabilities();
        if (!same) {
            window = new SendWindow(capabilities.frameLimit());
            if (draining) {
                window.waitForDrained(now); // what it was sent last may still be on its way
            }
        }
        stage = ViewerStage.BLANK;
        report.activated(activated);
        hide();
        return true;
    }

    /** Whether its desktop has, or has to be taken as if it had, the screen's size. */
    boolean fits(TileGrid screen) {
        return !capabilities.resizable()
                || capabilities.width() == screen.width() && capabilities.height() == screen.height();
    }

    /** Asks the client to change to the screen's size. */
    void resize(TileGrid screen) {
        stage = ViewerStage.RESIZING;
        outbox.post(new ToViewer.DesktopSize(screen.width(), screen.height()));
    }

    /** Begins to show a screen, all of which is stale. @param ofProfile a lane of this viewer's profile and the screen */
    void show(TileGrid screen, TileLane ofProfile, PointerShape shape) {
        stage = ViewerStage.SHOWING;
        area = new StaleArea(screen, capabilities.moves());
        lane = ofProfile;
        kept.restart(capabilities.cacheSlots());
        video.restart();
        pointer = shape;
    }

    /** Shows nothing until {@link #show}: the screen is another one. */
    void hide() {
        stage = stage == ViewerStage.SHOWING ? ViewerStage.BLANK : stage;
        area = null;
        lane = null;
        pointer = null;
    }

    /** The client has left. @return false if it had before */
    boolean leave() {
        boolean was = stage != ViewerStage.GONE;
        stage = ViewerStage.GONE;
        cancelOffer();
        hide();
        return was;
    }

    private void cancelOffer() {
        if (offerTimer != null) {
            offerTimer.cancel();
            offerTimer = null;
        }
    }

    ViewerCapabilities capabilities() {
        return capabilities;
    }

    /** Its keyboard and mouse; null before it has finished its connection. */
    InputArbiter.Source source() {
        return source;
    }

    void setSource(InputArbiter.Source newSource) {
        source = newSource;
    }

    // ---- what the client does not have ----

    /** The lane it is fed from; null while it shows nothing. */
    TileLane lane() {
        return lane;
    }

    void changed(ScreenChange change) {
        if (area != null) {
            area.add(change);
        }
    }

    /** What does not move any more is to be shown exactly, and what does as its link allows. @param moving tiles that do */
    void refine(BitSet moving, long now) {
        if (area != null) {
            area.refine(moving);
            kept.look(lane.screen(), area);
            double picture = (double) area.tilesOf(moving) * lane.movingTileBytes();
            int stale = area.largeTiles(kept.found(), lane.streams() ? moving : NONE);
            quality.update(window.rate(), picture, stale, now);
        }
    }

    /** How it is to be sent pixels at present. */
    EncoderProfile profile() {
        return quality.isLow() ? capabilities.profile().forSlowLink() : capabilities.profile();
    }

    /** Is fed from another lane from now on, which encodes the same screen. */
    void follow(TileLane other) {
        if (lane != other) {
            lane = other;
            video.restart();
        }
    }

    void pointer(PointerShape shape) {
        if (area != null) {
            pointer = shape;
        }
    }

    /** Number of stale tiles. */
    int staleTiles() {
        return area == null ? 0 : area.tiles();
    }

    /** Whether the next picture had better wait for the rest of the last. Who types or clicks is not to wait. */
    boolean lacksMuch(long now) {
        return lane != null && !window.isTyping(now) && area.lacksMuch(most(0));
    }

    /** Its user has done more than to move the pointer. */
    void typed(long now) {
        if (window != null) {
            window.typed(now);
        }
    }

    /** Whether moves would spare it much: it makes them, and has most of the screen that they start from. */
    boolean canUseMoves() {
        return capabilities.moves() && 2 * area.tiles() < area.grid().count();
    }

    /** True if the client was given all there was to give. */
    boolean hasAll() {
        return isShowing() && area.isEmpty();
    }

    // ---- what the client says of its output ----

    void refresh(ToConsole.Refresh refresh) {
        if (area != null) {
            refresh.areas().rectangles().forEach(area::add);
        }
    }

    void acknowledged(ToConsole.Acknowledged acknowledged, long now) {
        if (window != null) {
            window.acknowledged(acknowledged.frame(), acknowledged.queueDepth(), now);
            report.latency(window.latency());
        }
    }

    void roundTrip(ToConsole.RoundTrip roundTrip, long now) {
        report.roundTrip(roundTrip.nanos());
        if (window != null) {
            window.roundTrip(roundTrip.nanos(), now);
        }
    }

    void drained(ToConsole.Drained drained, long now) {
        report.drained(drained.bytes(), now);
        if (window != null) {
            window.drained(drained.bytes(), now);
        }
    }

    /** The client asks for silence (a minimised window), or wants to see again: then it gets everything. */
    void outputWanted(boolean wanted, long now) {
        if (!wanted) {
            suppression.begin(now);
            return;
        }
        if (isSuppressed(now) && area != null) {
            area.add(new Rect(0, 0, area.grid().width(), area.grid().height()));
        }
        suppression.end();
    }

    /** True if the client wants no output. Before it has seen a whole frame it always gets some. */
    boolean isSuppressed(long now) {
        return suppression.isDue(now) && (area == null || area.isSeen());
    }

    // ---- sending ----

    /** True if the client could take something now, be it only what its user types. */
    boolean isOpen(long now) {
        return isShowing() && !isSuppressed(now) && (window.isOpen(now) || window.isOpenForEcho(now));
    }

    /** True if there is something for the client and it can take it. */
    boolean isReady(long now) {
        return hasSome() && isOpen(now) && (window.isOpen(now) || area.hasSmall());
    }

    private boolean hasSome() {
        return isShowing() && (pointer != null || !area.isEmpty());
    }

    /** When {@link #isReady} or {@link #isSuppressed} may change without an event; {@link Screen#NEVER} if not. */
    long nextDeadline(long now) {
        boolean waits = hasSome() && !isSuppressed(now) && !window.isOpen(now);
        return Math.min(suppression.nextDeadline(now), waits ? window.nextDeadline() : Screen.NEVER);
    }

    /** Chooses the tiles for the next batch; see {@link #picked}. What its user types goes alone and soon. @return how many */
    int pick(long now) {
        echo = window.isTyping(now) && area.hasSmall();
        BitSet fromCache = kept.choose(!echo);
        int most = most(fromCache.cardinality());
        return echo ? area.pickSmall(most) : area.pick(fromCache, video.choose(lane, area, now), most);
    }

    /** Tiles that a batch has at most, beside those that the client keeps. */
    private int most(int fromCache) {
        return Math.max(1, (window.budget() - fromCache * FrameBatch.KEPT_BYTES) / lane.expectedBytes());
    }

    /** Whether the client keeps a tile that was chosen last: it need not be encoded. */
    boolean keeps(int tile) {
        return kept.isChosen(tile);
    }

    /** One of the tiles chosen last. */
    int picked(int index) {
        return area.picked(index);
    }

    /** The part of a tile that is stale. */
    int stalePart(int tile) {
        return area.part(tile);
    }

    /** Whether a tile may have a loss though it does not move. */
    boolean takesCoarse(int tile) {
        return quality.isCoarse() && area.isStale(tile);
    }

    /** What it leaves to its lane's video stream. */
    VideoFollower video() {
        return video;
    }

    /** Bytes that its next batch should have at most. */
    int budget() {
        return window.budget();
    }

    /** Sends the chosen tiles that fit the budget, behind the pointer, the moves and the video. @param alone in this lane */
    void send(TileLane tiles, boolean alone, long now) {
        batch.begin(capabilities.profile().codec(), area.grid(), area.moves(), pointer);
        batch.compressible(alone || quality.isSlow(window.rate()));
        area.movesSent();
        BitSet shown = new BitSet();
        if (tiles.video() != null && !echo) {
            video.send(tiles, area, batch, shown);
        }
        int budget = window.budget();
        int most = Math.max(budget, batch.totalBytes() + budget / ROOM_BESIDE_VIDEO);
        for (int i = 0; i < area.pickedCount() && batch.totalBytes() < most; i++) {
            if (!shown.get(area.picked(i))) {
                kept.send(tiles, area, area.picked(i), takesCoarse(area.picked(i)), batch);
            }
        }
        send(now);
    }

    private void send(long now) {
        pointer = null;
        batch.number(window.sent(batch.totalBytes(), now), window.rate());
        report.sent(batch, now);
        outbox.post(new ToViewer.Frame(batch)); // it is the client's from now on
    }
}
