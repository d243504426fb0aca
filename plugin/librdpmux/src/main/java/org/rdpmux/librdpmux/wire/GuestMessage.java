// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import io.netty.buffer.ByteBuf;

/**
 * A message from the guest. On the wire it is a msgpack array of the type and its values.
 *
 * <p>Guests send their whole allocation (24 bytes with glibc) instead of what they filled in, so bytes after the array are
 * skipped unseen. A message is known by the length of its array together with its type, since with the other {@link
 * Numbering} the same type stands for another message.
 */
public sealed interface GuestMessage {

    /** Index of a message in the type list. */
    int UPDATE = 0;

    int SWITCH = 1;
    int SHUTDOWN = 5;

    /**
     * Pixels changed. A hint: real guests send areas beyond the screen, empty ones, and negative sizes.
     *
     * @param x any value, as are the others; what the guest meant as negative is negative or beyond 2^31
     */
    record Update(long x, long y, long width, long height) implements GuestMessage {}

    /**
     * The screen has this mode from now on, and the shared memory holds it.
     *
     * @param format a pixel format as the pixman library numbers it; not checked
     */
    record SwitchMode(long format, long width, long height) implements GuestMessage {}

    /** The guest ends. */
    record Shutdown() implements GuestMessage {}

    /** A message and the numbering its type belongs to. */
    record Numbered(GuestMessage message, Numbering numbering) {}

    /**
     * Reads the first object of a payload.
     *
     * @throws MalformedMessageException if it is not a message of this family
     */
    static Numbered decode(ByteBuf in) {
        int length = MsgPack.readArray(in);
        if (length == 0) {
            throw new MalformedMessageException("message: empty array");
        }
        long type = MsgPack.readUnsigned(in, "type");
        switch (length) {
            case 5: {
                Numbering numbering = numbering(type, UPDATE, length);
                long x = MsgPack.readUnsigned(in, "update x");
                long y = MsgPack.readUnsigned(in, "update y");
                long width = MsgPack.readUnsigned(in, "update width");
                long height = MsgPack.readUnsigned(in, "update height");
                return new Numbered(new Update(x, y, width, height), numbering);
            }
            case 4: {
                Numbering numbering = numbering(type, SWITCH, length);
                long format = MsgPack.readUnsigned(in, "switch format");
                long width = MsgPack.readUnsigned(in, "switch width");
                long height = MsgPack.readUnsigned(in, "switch height");
                return new Numbered(new SwitchMode(format, width, height), numbering);
            }
            case 1:
                return new Numbered(new Shutdown(), numbering(type, SHUTDOWN, length));
            default:
                throw new MalformedMessageException("message: no guest sends an array of " + length);
        }
    }

    private static Numbering numbering(long type, int index, int length) {
        for (Numbering numbering : Numbering.values()) {
            if (numbering.number(index) == type) {
                return numbering;
            }
        }
        throw new MalformedMessageException("message: type " + type + " in an array of " + length);
    }
}
