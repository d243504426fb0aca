// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.PointerShape;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.pdu.fastpath.FastPathHeaders;
import org.rdpmux.pdu.fastpath.FastPathHeaders.Fragmentation;
import org.rdpmux.pdu.fastpath.FastPathOutput;
import org.rdpmux.pdu.fastpath.FastPathUpdate;
import org.rdpmux.pdu.fastpath.UpdateCode;
import org.rdpmux.server.connection.ClientProfile;
import org.rdpmux.server.connection.Share;

class PointerWriterTest {

    @Test
    void aLargeShapeComesInFragmentsThatMakeAWhole() {
        int[] pixels = new int[384 * 384];
        Arrays.fill(pixels, 0xff336699);
        List<FastPathUpdate> parts =
                updates(writer(true).shape(new PointerShape.Image(384, 384, 7, 8, pixels, new boolean[0])));
        assertEquals(Fragmentation.FIRST, parts.get(0).fragmentation());
        assertEquals(Fragmentation.LAST, parts.get(parts.size() - 1).fragmentation());
        parts.forEach(part -> assertEquals(UpdateCode.POINTER_LARGE, part.updateCode()));
        int total = parts.stream().mapToInt(part -> part.data().length).sum();
        assertEquals(20 + 384 * 384 * 4 + 384 * 48 + 1, total);
    }

    /** [MS-RDPBCGR] 2.2.9.1.2.1.6 Hidden, 2.2.9.1.2.1.5 Color or Default, 2.2.9.1.2.1.4 Position. */
    @Test
    void smallUpdatesAreAPduEach() {
        assertHex("008006" + "05" + "0000", writer(true).shape(new PointerShape.Hidden()));
        assertHex("00800a" + "08" + "0400" + "0500" + "0700", writer(true).position(5, 7));
    }

    @Test
    void aPositionStaysOnTheClientsDesktop() {
        assertHex("00800a" + "08" + "0400" + "0000" + "2f00", writer(true).position(-3, 4000));
    }

    @Test
    void clientsWithoutFastPathGetShareDataPdus() {
        ByteBuf out = writer(false).shape(new PointerShape.Hidden());
        assertTrue(FrameSplitter.isTpkt(out));
        assertEquals(out.readableBytes(), FrameSplitter.nextLength(out, FrameSplitter.MAX_LENGTH));
        out.release();
    }

    private static void assertHex(String expected, ByteBuf out) {
        assertEquals(expected, ByteBufUtil.hexDump(out));
        out.release();
    }

    private static List<FastPathUpdate> updates(ByteBuf out) {
        List<FastPathUpdate> updates = new ArrayList<>();
        while (out.isReadable()) {
            int length = FrameSplitter.nextLength(out, FastPathHeaders.MAX_PDU);
            updates.addAll(FastPathOutput.decode(out.readSlice(length)).updates());
        }
        out.release();
        return updates;
    }

    private static PointerWriter writer(boolean fastPath) {
        ClientProfile.Graphics graphics = new ClientProfile.Graphics(
                32,
                fastPath,
                true,
                true,
                true,
                false,
                false,
                1 << 20,
                new ClientProfile.Frames(false, false, 0),
                Optional.empty());
        ClientProfile profile = new ClientProfile(
                new ClientProfile.Identity("pc", "", 0, 0, 0, "", "me"),
                new ClientProfile.Desktop(64, 48, true, 64, 48),
                graphics,
                new ClientProfile.Pointer(20, 20, true, true),
                new ClientProfile.Input(true, true, true, true),
                Map.of());
        return new PointerWriter(profile, new Share(0x103ea, 1006, 1003), UnpooledByteBufAllocator.DEFAULT);
    }
}
