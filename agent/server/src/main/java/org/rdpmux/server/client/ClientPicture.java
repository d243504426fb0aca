// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.rdpmux.server.channel.DynamicPath;
import org.rdpmux.server.client.OutputScheduler.Kind;
import org.rdpmux.server.connection.ClientProfile;
import org.rdpmux.server.connection.Share;
import org.rdpmux.server.console.FrameBatch;
import org.rdpmux.server.console.ToConsole;
import org.rdpmux.server.console.ViewerCapabilities;
import org.rdpmux.server.console.ViewerIdentity;
import org.rdpmux.server.console.ViewerInbox;
import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.EncoderProfile.Loss;

/**
 * How one client is sent pixels: through the graphics pipeline if it has one, otherwise as bitmap updates. A client that
 * announced the pipeline is given time to open it; one that does not, or closes it, gets bitmaps. The console is told each
 * time, and shows the whole screen anew. Lives on the client's loop. Its many fields are the two ways, and whom to tell.
 */
final class ClientPicture {

    /** How long a client that announced the pipeline may take to open it, before it gets bitmaps for the time being. */
    static final long PIPELINE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** What a client may have unacknowledged if it did not say. */
    private static final int DEFAULT_FRAME_LIMIT = 2;

    /** Likewise with the pipeline, whose clients acknowledge each frame, and where auto-detection stands in for that. */
    private static final int PIPELINE_FRAME_LIMIT = 16;

    private final EventExecutor loop;
    private final ClientOutput output;
    private final ViewerInbox console;
    private final AutoDetect network;
    /** Of the share that is active, or was last. */
    private ClientProfile profile;

    private ViewerIdentity identity;
    private BitmapWriter bitmaps;
    /** Null while the client has no pipeline. */
    private GfxWriter pipeline;
    /** What goes through the pipeline. */
    private EncoderProfile surface;

    private int cacheSlots;

    /** One of the two above; null while it is not decided, and while no share is active. */
    private PixelWriter writer;

    private ScheduledFuture<?> decision;

    /** @param network says of pictures that the client does not acknowledge that they have arrived */
    ClientPicture(EventExecutor loop, ClientOutput output, ViewerInbox console, AutoDetect network) {
        this.loop = loop;
        this.output = output;
        this.console = console;
        this.network = network;
    }

    /** A share is active. The pipeline, which is older than the share or opens later, has the last word. */
    void activated(ClientProfile newProfile, Share share, ViewerIdentity newIdentity) {
        profile = newProfile;
        identity = newIdentity;
        bitmaps = new BitmapWriter(profile, share, output.alloc());
        if (pipeline != null) {
            begin(profile.desktop().width(), profile.desktop().height());
        } else if (profile.graphics().pipeline()) {
            decision = loop.schedule(this::beginBitmaps, PIPELINE_NANOS, TimeUnit.NANOSECONDS);
        } else {
            beginBitmaps();
        }
    }

    /** No share is active any more. Idempotent. */
    void deactivated() {
        decided();
        writer = null;
    }

    /**
     * The client has opened the pipeline, or has forgotten all that it had there. A share is active.
     *
     * @param decodes how it may be sent pixels
     * @param slots see {@link ViewerCapabilities#cacheSlots}
     */
    void opened(DynamicPath path, EncoderProfile decodes, int slots) {
        decided();
        surface = decodes;
        cacheSlots = slots;
        if (pipeline == null) {
            pipeline = new GfxWriter(path, output.alloc());
        } else {
            pipeline.surfaceForgotten();
        }
        begin(profile.desktop().width(), profile.desktop().height());
    }

    /** The client has no pipeline, or not any more. */
    void closed() {
        pipeline = null;
        if (bitmaps != null && (decision != null || writer != null && writer != bitmaps)) {
            beginBitmaps();
        }
    }

    /** Changes the desktop's size. @return false if this takes a new share */
    boolean resize(int width, int height) {
        if (writer == null || writer != pipeline) {
            return false;
        }
        begin(width, height);
        return true;
    }

    /**
     * A batch as the client gets it; empty while nothing may be sent, and where the batch was made for the other way: the
     * console shows the whole screen anew.
     *
     * @param batch released in any case
     */
    ByteBuf write(FrameBatch batch) {
        if (writer == null || (writer == pipeline) != (batch.codec() == EncoderProfile.Codec.SURFACE)) {
            batch.release();
            return Unpooled.EMPTY_BUFFER;
        }
        return writer.write(batch);
    }

    private void decided() {
        if (decision != null) {
            decision.cancel(false);
            decision = null;
        }
    }

    private void begin(int width, int height) {
        writer = pipeline;
        if (!output.send(Kind.PIXELS, pipeline.reset(width, height))) {
            throw new RejectedExecutionException("it does not read what it is sent");
        }
        output.flush();
        tell(new ViewerCapabilities(width, height, true, surface, PIPELINE_FRAME_LIMIT, true, cacheSlots));
    }

    private void tell(ViewerCapabilities capabilities) {
        console.post(new ToConsole.Activated(identity, capabilities));
        network.roundTrip().ifPresent(nanos -> console.post(new ToConsole.RoundTrip(nanos)));
    }

    private void beginBitmaps() {
        decided();
        writer = bitmaps;
        ClientProfile.Graphics graphics = profile.graphics();
        EncoderProfile encoder = graphics.compression()
                ? EncoderProfile.bitmaps(graphics.bitsPerPixel(), graphics.skipAlpha(), graphics.luma())
                        .with(loss(graphics))
                : EncoderProfile.plain(graphics.bitsPerPixel());
        ClientProfile.Desktop desktop = profile.desktop();
        tell(new ViewerCapabilities(
                desktop.width(), desktop.height(), desktop.resizable(), encoder, bitmapFrameLimit(), false, 0));
    }

    private int bitmapFrameLimit() {
        if (!bitmaps.marksFrames()) {
            return network.answers() ? PIPELINE_FRAME_LIMIT : 0;
        }
        int announced = profile.graphics().frames().maxUnacknowledged();
        return announced > 0 ? announced : DEFAULT_FRAME_LIMIT;
    }

    /** Whether the client acknowledges what it is sent at present. */
    boolean isAcknowledged() {
        return writer != null && writer.marksFrames();
    }

    private static Loss loss(ClientProfile.Graphics graphics) {
        return graphics.surfaceCodec()
                .map(codec -> codec.rlgr3() ? Loss.REMOTEFX_RLGR3 : Loss.REMOTEFX_RLGR1)
                .orElse(Loss.NONE);
    }
}
