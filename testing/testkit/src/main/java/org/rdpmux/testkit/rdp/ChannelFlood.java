// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Random;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.disp.DisplayControlPdu;
import org.rdpmux.pdu.disp.MonitorLayout;
import org.rdpmux.pdu.gfx.CapabilitySet;
import org.rdpmux.pdu.gfx.CapsAdvertise;
import org.rdpmux.pdu.gfx.FrameAcknowledge;
import org.rdpmux.pdu.gfx.GfxPdu;

/** What hostile clients say on their dynamic channels, as often as they can. */
public enum ChannelFlood {
    /** Forgets all that was sent, and has the whole screen sent anew. */
    ADVERTISE(GfxPdu.CHANNEL) {
        @Override
        Pdu next(Random random) {
            return new CapsAdvertise(List.of(new CapabilitySet(CapabilitySet.VERSION_8_1, 0)));
        }
    },
    /** Acknowledges frames that were never sent, with queues of any depth, or none any more. */
    ACKNOWLEDGE(GfxPdu.CHANNEL) {
        @Override
        Pdu next(Random random) {
            return new FrameAcknowledge(random.nextInt(), random.nextInt(), random.nextInt());
        }
    },
    /** Makes its window another size each time. */
    RESIZE(DisplayControlPdu.CHANNEL) {
        @Override
        Pdu next(Random random) {
            int width = MonitorLayout.MIN_SIDE + random.nextInt(2000);
            int height = MonitorLayout.MIN_SIDE + random.nextInt(2000);
            return new MonitorLayout(List.of(new MonitorLayout.Monitor(true, 0, 0, width, height, 0, 0, 0, 100, 100)));
        }
    },
    /** Sends what is no message of the channel. */
    GARBAGE(GfxPdu.CHANNEL) {
        @Override
        Pdu next(Random random) {
            byte[] bytes = new byte[random.nextInt(1500)];
            random.nextBytes(bytes);
            return new Bytes(bytes);
        }
    };

    private final String channel;

    ChannelFlood(String channel) {
        this.channel = channel;
    }

    /** The dynamic channel that is flooded. */
    public String channel() {
        return channel;
    }

    abstract Pdu next(Random random);

    /** Sends one message; the channel must have been opened. */
    public void send(RdpClient client, Random random) {
        client.sendDynamic(channel, next(random));
    }

    private record Bytes(byte[] bytes) implements Pdu {

        @Override
        public int size() {
            return bytes.length;
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeBytes(bytes);
        }
    }
}
