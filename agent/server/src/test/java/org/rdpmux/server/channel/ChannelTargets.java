// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.dvc.DynamicChannelPdu;
import org.rdpmux.pdu.gcc.ClientNetworkData.ChannelDef;

/** What must hold whatever a client sends on its channels, for tables, for mutations and for a fuzzer alike. */
final class ChannelTargets {

    private static final int DRDYNVC = 1004;
    private static final int CLIPRDR = 1005;
    private static final int BUDGET = 10_000;
    private static final int MAX_MESSAGE = 8_000;

    /** A PDU of the server is 1,600 bytes at most; a channel that answers its longest message needs six. */
    private static final int MOST_CHUNKS = 8;

    private ChannelTargets() {}

    /** A PDU is read or refused; what was read can be written, and reads the same again. */
    static void pdu(byte[] bytes) {
        try {
            DynamicChannelPdu pdu = DynamicChannelPdu.decodeFromClient(Unpooled.wrappedBuffer(bytes));
            ByteBuf again = Unpooled.buffer();
            pdu.encode(again);
            assertEquals(pdu.size(), again.readableBytes());
            assertEquals(pdu, DynamicChannelPdu.decodeFromClient(again));
        } catch (PduException refused) {
            assertTrue(!refused.getMessage().isBlank());
        }
    }

    /**
     * A conversation. Each step begins with a byte that says what happens: a whole message on drdynvc (its length 1 byte, its
     * bytes), a chunk (channel 1 byte, flags 1 byte, message's length 2 bytes, an eighth of its length 1 byte, bytes), a share's
     * end or begin, time that passes, output.
     */
    static void conversation(byte[] bytes) {
        Conversation conversation = new Conversation();
        ByteBuf script = Unpooled.wrappedBuffer(bytes);
        while (script.isReadable()) {
            conversation.step(script);
        }
        conversation.end();
    }

    private static final class Conversation {
        private final ReassemblyBudget budget = new ReassemblyBudget(BUDGET);
        private final EchoChannel echo = new EchoChannel();
        private final List<RecordingChannel> recording = List.of(
                new RecordingChannel("A", Priority.HIGH, MAX_MESSAGE),
                new RecordingChannel("B", Priority.LOW, MAX_MESSAGE),
                new RecordingChannel("cliprdr", Priority.LOW, MAX_MESSAGE));
        private final List<String> log = new ArrayList<>();
        private final StaticChannels channels = new StaticChannels(
                Map.of(DRDYNVC, new ChannelDef("drdynvc", 0), CLIPRDR, new ChannelDef("cliprdr", 0)),
                new DynamicChannels(List.of(echo, recording.get(0), recording.get(1)), budget, log::add),
                List.of(recording.get(2)),
                budget,
                log::add);
        private long now;
        private boolean active;

        private static byte[] take(ByteBuf script, int wanted) {
            byte[] bytes = new byte[Math.min(wanted, script.readableBytes())];
            script.readBytes(bytes);
            return bytes;
        }

        private static int number(ByteBuf script, int size) {
            int value = 0;
            for (byte each : take(script, size)) {
                value = value << 8 | each & 0xff;
            }
            return value;
        }

        void step(ByteBuf script) {
            List<Outgoing> out = new ArrayList<>();
            int most = MOST_CHUNKS;
            switch (script.readByte() & 7) {
                case 0 -> {
                    most = StaticChannels.MAX_HELD; // what was held
                    active = !active;
                    if (active) {
                        out.addAll(channels.activated(now));
                    } else {
                        channels.deactivated();
                    }
                }
                case 1 -> {
                    now += number(script, 1) * (EchoChannel.INTERVAL_NANOS / 10);
                    out.addAll(channels.tick(now));
                    assertTrue(channels.nextDeadline() > now);
                }
                case 2 -> {
                    for (Pdu pdu : echo.outputFlows(now)) {
                        out.addAll(channels.send(echo, pdu));
                    }
                }
                case 3, 4 -> {
                    int channel = DRDYNVC + number(script, 1) % 3;
                    int flags = number(script, 1);
                    ChannelPduHeader header = new ChannelPduHeader(number(script, 2), flags & 3 | (flags & 4) << 19);
                    out.addAll(channels.received(channel, header, take(script, number(script, 1) * 8), now));
                }
                default -> {
                    byte[] pdu = take(script, number(script, 1));
                    out.addAll(channels.received(DRDYNVC, new ChannelPduHeader(pdu.length, 3), pdu, now));
                }
            }
            check(out, most);
        }

        private void check(List<Outgoing> out, int most) {
            assertTrue(out.size() <= most, out.size() + " chunks");
            assertTrue(active || out.isEmpty(), "sent without a share");
            assertTrue(budget.taken() >= 0 && budget.taken() <= BUDGET, "keeps " + budget.taken());
            assertTrue(log.size() <= recording.size() + 2, "logged " + log);
            out.forEach(each -> Chunks.bytes(each.data()));
            echo.roundTripNanos().ifPresent(time -> assertTrue(time >= 0));
        }

        void end() {
            channels.close();
            assertEquals(0, budget.taken());
            recording.forEach(channel -> assertTrue(channel.isClosed(), channel.name()));
        }
    }
}
