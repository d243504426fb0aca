// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;
import org.rdpmux.pdu.gfx.FrameAcknowledge;
import org.rdpmux.server.ClipboardPolicy;
import org.rdpmux.server.channel.DynamicPath;
import org.rdpmux.server.connection.Action;
import org.rdpmux.server.screen.EncoderProfile;

/** A client's channels between its loop and its socket, byte for byte. */
class ClientChannelsTest {

    private static final int DRDYNVC = 1004;

    /** TPKT of 34 bytes, X.224 Data, MCS SendDataIndication of 20 from 1002 on 1004, CHANNEL_PDU_HEADER, DYNVC_CAPS. */
    private static final String CAPABILITIES =
            "03000022" + "02f080" + "68000103ec7014" + "0c00000003000000" + "50000200a803cc0c92245555";

    private static final ClientChannels.Offered OFFERED =
            new ClientChannels.Offered(false, true, false, ClipboardPolicy.OFF, false);

    private static final int FRAME = 4 + 3 + 7;

    /** What is offered of sound. */
    private static final String PCM = "010002004" + "4ac000010b1020004001000" + "0000";

    private static final SoundBlock BLOCK = new SoundBlock(new byte[8]);

    private final EmbeddedChannel socket = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ClientOutput output = new ClientOutput(socket.pipeline().firstContext(), () -> {});
    private final List<String> events = new ArrayList<>();
    private final ClientChannels channels = new ClientChannels(
            socket.eventLoop(), output, Map.of(DRDYNVC, new ChannelDef("drdynvc", 0)), OFFERED, new Events());

    private final class Events implements ClientChannels.Listener {
        @Override
        public void roundTrip(long nanos) {
            events.add("round trip " + (nanos >= 0 && nanos < TimeUnit.MINUTES.toNanos(1)));
        }

        @Override
        public void graphicsOpened(DynamicPath path, EncoderProfile decodes, int cacheSlots) {
            events.add("graphics opened at " + path + " for " + decodes.loss() + (decodes.video() ? " and video" : ""));
        }

        @Override
        public void graphicsClosed() {
            events.add("graphics closed");
        }

        @Override
        public void frameAcknowledged(FrameAcknowledge acknowledge) {
            events.add(acknowledge.toString());
        }

        @Override
        public void sizeWanted(int width, int height) {
            events.add("size wanted " + width + "x" + height);
        }

        @Override
        public void clipboard(ClipboardEvent event) {
            events.add("clipboard " + event);
        }

        @Override
        public void clipboardClosed() {
            events.add("clipboard closed");
        }

        @Override
        public void listens(boolean sound) {
            events.add("listens " + sound);
        }

        @Override
        public void note(String what) {
            events.add(what);
        }

        @Override
        public void failed(Throwable cause) {
            events.add(cause.getMessage());
        }
    }

    @AfterEach
    void close() {
        channels.close();
        output.clear();
        assertEquals(-1, socket.runScheduledPendingTasks(), "a timer was left");
        socket.finishAndReleaseAll();
    }

    /** All that was written to the socket since the last call. */
    private String written() {
        output.flush();
        StringBuilder hex = new StringBuilder();
        for (ByteBuf out = socket.readOutbound(); out != null; out = socket.readOutbound()) {
            hex.append(ByteBufUtil.hexDump(out));
            out.release();
        }
        return hex.toString();
    }

    private void receive(String pdu) {
        byte[] bytes = HexFormat.of().parseHex(pdu);
        channels.received(new Action.ChannelData(DRDYNVC, new ChannelPduHeader(bytes.length, 3), bytes));
    }

    /** The static channel's message in the only frame that was written since the last call. */
    private String message() {
        String frame = written();
        assertEquals(frame.length() / 2, Integer.parseInt(frame.substring(4, 8), 16), frame);
        return frame.substring(2 * (FRAME + ChannelPduHeader.SIZE));
    }

    @Test
    void opensWithTheFirstShareAndMeasuresTheRoundTrip() {
        assertEquals("", written());
        channels.activated();
        assertEquals(CAPABILITIES, written());
        receive("50000100");
        assertEquals("10014543484f00", message());
        receive("100100000000");
        assertEquals("30010100000000000000", message());
        receive("30010100000000000000");
        assertEquals(List.of("round trip true"), events);
        assertEquals("", written());
    }

    @Test
    void aTimerRunsOnlyWhileAnAnswerIsDue() {
        assertEquals(-1, socket.runScheduledPendingTasks());
        channels.activated();
        assertTrue(socket.runScheduledPendingTasks() > 0);
        receive("50000200");
        assertTrue(socket.runScheduledPendingTasks() > 0);
        receive("100100000000");
        assertEquals(-1, socket.runScheduledPendingTasks());
    }

    @Test
    void saysNothingBetweenShares() {
        channels.activated();
        written();
        channels.deactivated();
        receive("50000200");
        assertEquals("", written());
        channels.activated();
        assertEquals("10014543484f00", message());
        receive("100100000000");
        written();
        channels.deactivated();
        receive("30010100000000000000");
        assertEquals(List.of("round trip true"), events);
    }

    @Test
    void sendsNoRequestWithEachPicture() {
        channels.activated();
        receive("50000200");
        receive("100100000000");
        receive("30010100000000000000");
        written();
        channels.pictureSent();
        channels.pictureSent();
        assertEquals("", written());
    }

    @Test
    void aBrokenChannelIsNotedAndTheConnectionGoesOn() {
        channels.activated();
        receive("50000200");
        receive("100100000000");
        written();
        receive("3001ff");
        assertEquals("4001", message());
        assertEquals(1, events.size());
        assertTrue(events.get(0).startsWith("dynamic channel ECHO failed"), events::toString);
    }

    @Test
    void aClientThatReadsNothingOfWhatItsChannelsSayIsSentAway() {
        channels.activated();
        ByteBuf waits = socket.alloc().buffer(64 << 10).writeZero(64 << 10);
        written();
        assertTrue(output.send(OutputScheduler.Kind.REALTIME, waits));
        receive("50000200");
        assertEquals(List.of("it does not read what its channels say"), events);
    }

    /** The first two are what FreeRDP 2 says with {@code /gfx:AVC420} and with {@code /gfx:RFX}. */
    @ParameterizedTest
    @CsvSource({
        "2, 04000800 04000000 01000000 05010800 04000000 13000000, NONE and video",
        "3, 04000800 04000000 02000000 05010800 04000000 02000000 01070a00 04000000 22000000, PROGRESSIVE",
        "1, 05010800 04000000 10000000, PROGRESSIVE and video",
        "1, 05010800 04000000 01000000, NONE",
        "1, 01070a00 04000000 40000000, PROGRESSIVE and video",
        "1, 00010a00 10000000 00000000000000000000000000000000, PROGRESSIVE"
    })
    void aClientIsSentWhatItSaysThatItDecodes(int count, String sets, String decodes) {
        ClientChannels withGraphics = withGraphics();
        withGraphics.activated();
        receive(withGraphics, "50000200");
        receive(withGraphics, "100100000000");
        String all = sets.replace(" ", "");
        String size = HexFormat.of().toHexDigits((byte) (10 + all.length() / 2));
        receive(withGraphics, "300112000000" + size + "0000000" + count + "00" + all);
        assertEquals(List.of("graphics opened at " + new DynamicPath(DRDYNVC, 1, 0) + " for " + decodes), events);
        withGraphics.close();
    }

    private ClientChannels withGraphics() {
        return new ClientChannels(
                socket.eventLoop(),
                output,
                Map.of(DRDYNVC, new ChannelDef("drdynvc", 0)),
                new ClientChannels.Offered(true, true, false, ClipboardPolicy.OFF, false),
                new Events());
    }

    /** As FreeRDP does when its desktop is resized while it connects. */
    @Test
    void graphicsThatOpenWhileNoShareIsActiveAreToldWithTheNext() {
        ClientChannels withGraphics = withGraphics();
        withGraphics.activated();
        receive(withGraphics, "50000200");
        withGraphics.deactivated();
        receive(withGraphics, "100100000000"); // its end of the channel is open
        receive(withGraphics, "3001" + "1200000016000000" + "0100" + "01070a00" + "04000000" + "00000000");
        assertEquals(List.of(), events);
        withGraphics.activated();
        assertEquals(
                List.of("graphics opened at " + new DynamicPath(DRDYNVC, 1, 0) + " for PROGRESSIVE and video"), events);
        withGraphics.close();
    }

    @Test
    void layoutThatTheClientWouldLikeIsTold() {
        ClientChannels withSizes = new ClientChannels(
                socket.eventLoop(),
                output,
                Map.of(DRDYNVC, new ChannelDef("drdynvc", 0)),
                new ClientChannels.Offered(false, true, true, ClipboardPolicy.OFF, false),
                new Events());
        withSizes.activated();
        receive(withSizes, "50000200");
        receive(withSizes, "100200000000"); // the second channel is display control
        receive(
                withSizes,
                "3002" + "0200000038000000" + "2800000001000000" + "010000000000000000000000" + "2003000058020000"
                        + "00".repeat(20));
        assertEquals(List.of("size wanted 800x600"), events);
        withSizes.close();
    }

    /** More than the output takes of what has time, and no more of it there than a piece. */
    @Test
    void longTextGoesOutBehindWhatIsUrgent() {
        ClientChannels withClipboard = new ClientChannels(
                socket.eventLoop(),
                output,
                Map.of(DRDYNVC, new ChannelDef("cliprdr", 0)),
                new ClientChannels.Offered(false, false, false, new ClipboardPolicy(true, true, 1 << 20), false),
                new Events());
        withClipboard.activated();
        receive(withClipboard, "0200000000000000");
        receive(withClipboard, "04000000040000000d000000");
        assertEquals(
                List.of("clipboard " + ClipboardEvent.NOTHING, "clipboard " + new ClipboardEvent.Request()), events);
        written();
        withClipboard.deactivated();
        withClipboard.clipboard(new ClipboardEvent.Text("lost"));
        withClipboard.activated();
        assertEquals("0500020000000000", message(), "without a share there is no way for a text");
        receive(withClipboard, "04000000040000000d000000");
        withClipboard.clipboard(new ClipboardEvent.Text("a".repeat(150_000)));
        assertEquals(300_000 + 2 + 8, messageBytes(written()));
        receive(withClipboard, "04000000040000000d000000");
        withClipboard.clipboard(new ClipboardEvent.Text("b".repeat(150_000)));
        withClipboard.deactivated();
        withClipboard.close();
    }

    private ClientChannels withSound(Map<Integer, ChannelDef> announced) {
        return new ClientChannels(
                socket.eventLoop(),
                output,
                announced,
                new ClientChannels.Offered(false, false, false, ClipboardPolicy.OFF, true),
                new Events());
    }

    @Test
    void soundGoesOverTheStaticChannelWhileAShareIsActive() {
        ClientChannels withSound = withSound(Map.of(DRDYNVC, new ChannelDef("rdpsnd", 0)));
        withSound.activated();
        assertTrue(message().startsWith("07002600"), "the formats that are offered");
        receive(withSound, "07002600" + "00000000".repeat(3) + "0000" + "0100" + "00" + "0800" + "00" + PCM);
        assertTrue(message().startsWith("06000400"), "training");
        receive(withSound, "0600040000000000");
        assertEquals(List.of("listens true"), events);
        withSound.sound(BLOCK);
        assertTrue(message().startsWith("0d001400"), "a wave");
        withSound.deactivated();
        withSound.sound(BLOCK);
        withSound.activated();
        assertEquals("", written(), "what was played meanwhile is left out");
        withSound.sound(BLOCK);
        assertEquals("01", message().substring(16, 18), "the second block that was sent");
        withSound.close();
    }

    @Test
    void soundGoesOverTheDynamicChannelIfTheClientHasNoOther() {
        ClientChannels withSound = withSound(Map.of(DRDYNVC, new ChannelDef("drdynvc", 0)));
        withSound.activated();
        written();
        receive(withSound, "50000200");
        assertEquals(
                "1001" + HexFormat.of().formatHex("AUDIO_PLAYBACK_DVC".getBytes(StandardCharsets.US_ASCII)) + "00",
                message());
        receive(withSound, "100100000000");
        assertTrue(message().startsWith("3001" + "07002600"));
        withSound.close();
    }

    @Test
    void soundIsLeftOutWhileMuchOfItWaitsForTheSocket() {
        ClientChannels withSound = withSound(Map.of(DRDYNVC, new ChannelDef("rdpsnd", 0)));
        withSound.activated();
        receive(withSound, "07002600" + "00000000".repeat(3) + "0000" + "0100" + "00" + "0800" + "00" + PCM);
        receive(withSound, "0600040000000000");
        written();
        socket.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        SoundBlock block = new SoundBlock(new byte[3528]);
        for (int i = 0; i < 100; i++) {
            withSound.sound(block);
            receive(withSound, String.format("050004000000%02x00", i)); // as if it had come
        }
        assertEquals(List.of("listens true"), events);
        socket.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        int bytes = written().length() / 2;
        assertTrue(bytes > 30_000 && bytes < 40_000, bytes + " bytes");
        withSound.close();
    }

    /** Bytes that frames carry of messages. */
    private static int messageBytes(String frames) {
        int bytes = 0;
        for (int at = 0; at < frames.length(); ) {
            int length = Integer.parseInt(frames.substring(at + 4, at + 8), 16);
            bytes += length - FRAME - 1 - ChannelPduHeader.SIZE; // its length takes another byte
            at += 2 * length;
        }
        return bytes;
    }

    private static void receive(ClientChannels channels, String pdu) {
        byte[] bytes = HexFormat.of().parseHex(pdu);
        channels.received(new Action.ChannelData(DRDYNVC, new ChannelPduHeader(bytes.length, 3), bytes));
    }
}
