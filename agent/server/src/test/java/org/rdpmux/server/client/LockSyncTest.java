// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.LockKeys;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.share.SetKeyboardIndicators;
import org.rdpmux.server.connection.Share;

class LockSyncTest {

    private static final LockKeys CAPS = new LockKeys(false, false, true);
    private static final LockKeys NUM = new LockKeys(false, true, false);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> told = new ArrayList<>();
    private final LockSync locks = new LockSync(channel.eventLoop(), leds -> told.add(hex(leds)));

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
        locks.guestHas(CAPS);
        locks.start();
        pass(LockSync.CLIENT_FIRST_MILLIS - 1);
        locks.clientHas(NUM);
        pass(10 * LockSync.CLIENT_FIRST_MILLIS);
        locks.guestHas(NUM);
        assertTold();
        locks.guestHas(CAPS);
        assertTold("0400");
    }

    @Test
    void aClientThatDoesNotSayIsTold() {
        locks.start();
        locks.guestHas(NUM);
        pass(LockSync.CLIENT_FIRST_MILLIS - 1);
        assertTold();
        pass(1);
        assertTold("0200");
        locks.guestHas(NUM);
        locks.guestHas(LockKeys.NONE);
        assertTold("0200", "0000");
    }

    @Test
    void nothingIsToldWhileNoShareIsActive() {
        locks.start();
        pass(LockSync.CLIENT_FIRST_MILLIS);
        locks.stop();
        locks.guestHas(CAPS);
        pass(10 * LockSync.CLIENT_FIRST_MILLIS);
        assertTold();
        locks.start();
        assertTold("0400");
    }

    @Test
    void aClientGetsItsTimeAnewIfItsFirstShareEndedBefore() {
        locks.start();
        locks.guestHas(CAPS);
        pass(LockSync.CLIENT_FIRST_MILLIS - 1);
        locks.stop();
        pass(1);
        locks.start();
        assertTold();
        pass(LockSync.CLIENT_FIRST_MILLIS);
        assertTold("0400");
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** LedFlags of all that has been sent. */
    private void assertTold(String... flags) {
        assertEquals(
                List.of(flags),
                told.stream().map(pdu -> pdu.substring(pdu.length() - 4)).toList());
    }

    /** [MS-RDPBCGR] 2.2.8.2.1: TPKT, X.224, MCS, share data header, UnitId and LedFlags. */
    @Test
    void theGuestsLedsAreASlowPathPduForEveryClient() {
        locks.start();
        locks.guestHas(new LockKeys(true, false, true));
        pass(LockSync.CLIENT_FIRST_MILLIS);
        assertEquals(
                List.of("03000024" + "02f080" + "680001" + "03eb" + "7016"
                        + "1600" + "1700" + "ea03" + "ea030100" + "00" + "01" + "0800" + "29" + "00" + "0000"
                        + "0000" + "0500"),
                told);
    }

    private static String hex(SetKeyboardIndicators leds) {
        Pdu pdu = new Share(0x103ea, 1006, 1003).frame(leds);
        ByteBuf out = Unpooled.buffer(pdu.size());
        pdu.encode(out);
        return ByteBufUtil.hexDump(out);
    }
}
