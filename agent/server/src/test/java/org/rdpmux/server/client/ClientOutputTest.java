// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.LockKeys;
import org.rdpmux.server.connection.ClientProfile;
import org.rdpmux.server.connection.Share;

class ClientOutputTest {

    private static final LockKeys CAPS = new LockKeys(false, false, true);
    private static final LockKeys NUM = new LockKeys(false, true, false);

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ClientOutput output = new ClientOutput(channel.pipeline().firstContext(), bytes -> {});

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    /** Somebody left Caps Lock on; whoever connects says that its own is off, and the guest follows. */
    @Test
    void theGuestFollowsTheClientThatConnects() {
        output.locks(CAPS);
        output.start(writer());
        pass(ClientOutput.LOCKS_MILLIS - 1);
        output.clientLocks(NUM);
        pass(10 * ClientOutput.LOCKS_MILLIS);
        output.writabilityChanged();
        output.locks(NUM);
        assertEquals(List.of(), told());
        output.locks(CAPS);
        assertEquals(List.of("0400"), told());
    }

    @Test
    void aClientThatDoesNotSayIsTold() {
        output.start(writer());
        output.locks(NUM);
        pass(ClientOutput.LOCKS_MILLIS);
        assertEquals(List.of("0200"), told());
        output.locks(NUM);
        output.locks(LockKeys.NONE);
        assertEquals(List.of("0000"), told());
    }

    @Test
    void nothingIsToldWhileNoShareIsActive() {
        output.start(writer());
        pass(ClientOutput.LOCKS_MILLIS);
        output.stop();
        output.locks(CAPS);
        output.warp(1, 2);
        pass(10 * ClientOutput.LOCKS_MILLIS);
        assertEquals(List.of(), told());
        output.start(writer());
        assertEquals(List.of("0400"), told());
    }

    /** A client that has gone is not said to have left unread what it was sent. */
    @Test
    void nothingIsUnreadOnceTheClientHasGone() {
        output.start(writer());
        channel.close();
        assertEquals(0, output.unread());
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** LedFlags of what has been sent since the last call. */
    private List<String> told() {
        List<String> told = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            told.add(ByteBufUtil.hexDump(out, out.writerIndex() - 2, 2));
            out.release();
        }
        return told;
    }

    private static FrameWriter writer() {
        ClientProfile.Graphics graphics = new ClientProfile.Graphics(
                32, true, true, true, false, false, 0, new ClientProfile.Frames(false, false, 0));
        ClientProfile profile = new ClientProfile(
                new ClientProfile.Identity("pc", "", 0, 0, "", "me"),
                new ClientProfile.Desktop(64, 48, true, 64, 48),
                graphics,
                new ClientProfile.Pointer(20, 20, true, true),
                new ClientProfile.Input(true, true, true, true));
        return new FrameWriter(profile, new Share(0x103ea, 1006, 1003));
    }
}
