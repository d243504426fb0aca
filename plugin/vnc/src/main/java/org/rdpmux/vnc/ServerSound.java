// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.rdpmux.vnc.RfbException.violation;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.display.SoundBlocks;

/**
 * The guest's sound over RFB: QEMU's audio messages (QEMU Audio Client Message and QEMU Audio Server Message of the registry).
 * The server sends what the guest plays in the format that it is asked for, whatever the guest's sound card has.
 */
final class ServerSound {

    /** Of a message's data: six seconds, where QEMU sends 10 ms at a time and what it has put off. */
    static final int MAX_DATA = 1 << 20;

    private static final int END = 0;
    private static final int BEGIN = 1;
    private static final int DATA = 2;

    /** Bytes of a message up to its operation, and of one with data up to that. */
    private static final int HEADER = 4;

    private static final int DATA_HEADER = 8;

    private final SoundBlocks blocks;
    /** Whether the server has sound. */
    private boolean available;
    /** Whether somebody listens. */
    private boolean wanted;

    /** @param listener takes what the guest plays */
    ServerSound(Consumer<SoundBlock> listener) {
        this.blocks = new SoundBlocks(listener);
    }

    /** The server has said that it has sound. */
    void confirmed(ByteBuf out) {
        if (!available && wanted) {
            tell(out);
        }
        available = true;
    }

    void listen(boolean somebody, ByteBuf out) {
        if (wanted != somebody) {
            wanted = somebody;
            if (available) {
                tell(out);
            }
            if (!wanted) {
                blocks.end();
            }
        }
    }

    private void tell(ByteBuf out) {
        if (wanted) {
            ClientMessages.soundFormat(SoundBlock.CHANNELS, SoundBlock.RATE, out);
        }
        ClientMessages.sound(wanted, out);
    }

    /** Reads one message, from its type on, of a server that has said that it has sound. */
    RectangleReader reader() {
        if (!available) {
            throw violation("message", "type", "255 is unknown");
        }
        return new Message();
    }

    private final class Message implements RectangleReader {
        /** Bytes of data that are still to come; -1 before the header was read. */
        private int left = -1;

        @Override
        public boolean read(ByteBuf in) {
            if (left < 0 && !header(in)) {
                return false;
            }
            while (left >= SoundBlock.FRAME_BYTES && in.readableBytes() >= SoundBlock.FRAME_BYTES) {
                short leftSample = in.readShortLE();
                short rightSample = in.readShortLE();
                left -= SoundBlock.FRAME_BYTES;
                if (wanted) { // what was under way when nobody listened any more is passed over
                    blocks.add(leftSample, rightSample);
                }
            }
            if (left < SoundBlock.FRAME_BYTES) { // half a frame
                int rest = Math.min(left, in.readableBytes());
                in.skipBytes(rest);
                left -= rest;
            }
            return left == 0;
        }

        private boolean header(ByteBuf in) {
            if (in.readableBytes() < HEADER) {
                return false;
            }
            int at = in.readerIndex();
            int submessage = in.getUnsignedByte(at + 1);
            if (submessage != ClientMessages.QEMU_AUDIO) {
                throw violation("QEMU message", "submessage-type", submessage + " is unknown");
            }
            int operation = in.getUnsignedShort(at + 2);
            if (operation == DATA) {
                return in.readableBytes() >= DATA_HEADER && data(in);
            }
            if (operation != BEGIN && operation != END) {
                throw violation("QEMU Audio Server Message", "operation", operation + " is unknown");
            }
            in.skipBytes(HEADER);
            left = 0;
            if (operation == END) {
                blocks.end();
            }
            return true;
        }

        private boolean data(ByteBuf in) {
            long length = in.getUnsignedInt(in.readerIndex() + HEADER);
            if (length > MAX_DATA) {
                throw violation("QEMU Audio Server Message", "data-length", length + " is beyond " + MAX_DATA);
            }
            in.skipBytes(DATA_HEADER);
            left = (int) length;
            return true;
        }
    }
}
