// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A message to the guest; see {@link GuestMessage} for its form. Unlike the guest's it is exactly as long as it is. */
public sealed interface HostMessage {

    /**
     * The pointer. Guests compare the flags as a whole, so that each message is a motion or one button and nothing else.
     *
     * @param x position in pixels, 0 or more; likewise y
     * @param flags one of {@link #MOVE} and the buttons' values with or without {@link #PRESSED}
     */
    record Mouse(int x, int y, int flags) implements HostMessage {
        public static final int MOVE = 0x0800;
        public static final int PRESSED = 0x8000;
        public static final int LEFT = 0x1000;
        public static final int RIGHT = 0x2000;
        public static final int MIDDLE = 0x4000;

        @Override
        public void encode(ByteBuf out, Numbering numbering) {
            MsgPack.writeArray(out, 4);
            MsgPack.writeUnsigned(out, numbering.number(2));
            MsgPack.writeUnsigned(out, x);
            MsgPack.writeUnsigned(out, y);
            MsgPack.writeUnsigned(out, flags);
        }
    }

    /**
     * A key.
     *
     * @param code QEMU's key number: scan code set 1, with bit 7 set for extended keys
     * @param flags {@link #DOWN} or {@link #UP}, with {@link #EXTENDED} for extended keys
     */
    record Keyboard(int code, int flags) implements HostMessage {
        public static final int DOWN = 0x4000;
        public static final int UP = 0x8000;
        public static final int EXTENDED = 0x0100;

        @Override
        public void encode(ByteBuf out, Numbering numbering) {
            MsgPack.writeArray(out, 3);
            MsgPack.writeUnsigned(out, numbering.number(3));
            MsgPack.writeUnsigned(out, code);
            MsgPack.writeUnsigned(out, flags);
        }
    }

    /** Acknowledges an update to guests of versions 1 and 2 over nanomsg, which know of no frame rate. */
    record Complete() implements HostMessage {
        @Override
        public void encode(ByteBuf out, Numbering numbering) {
            MsgPack.writeArray(out, 2);
            MsgPack.writeUnsigned(out, numbering.number(4));
            MsgPack.writeUnsigned(out, 1);
        }
    }

    /**
     * Acknowledges an update and sets the rate at which the guest looks for changes. Builds that know of no rate skip it.
     * A few builds of a single week expect the success as a boolean; they take this one as an acknowledge without a rate.
     *
     * @param framesPerSecond {@value #SLOWEST} to {@value #FASTEST}. Guests divide by it, and one keeps only intervals
     *     between 3 and 60 ms.
     */
    record CompleteAtRate(int framesPerSecond) implements HostMessage {
        public static final int SLOWEST = 17;
        public static final int FASTEST = 60;

        public CompleteAtRate {
            if (framesPerSecond < SLOWEST || framesPerSecond > FASTEST) {
                throw new IllegalArgumentException("frame rate " + framesPerSecond);
            }
        }

        @Override
        public void encode(ByteBuf out, Numbering numbering) {
            MsgPack.writeArray(out, 3);
            MsgPack.writeUnsigned(out, numbering.number(4));
            MsgPack.writeUnsigned(out, 1);
            MsgPack.writeUnsigned(out, framesPerSecond);
        }
    }

    void encode(ByteBuf out, Numbering numbering);

    /** The bytes of this message. */
    default byte[] toBytes(Numbering numbering) {
        byte[] bytes = new byte[20];
        ByteBuf out = Unpooled.wrappedBuffer(bytes).clear();
        encode(out, numbering);
        return java.util.Arrays.copyOf(bytes, out.writerIndex());
    }
}
