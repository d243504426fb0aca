// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Function;

/** What every PDU has to stand: a round trip, truncation at every length, and every byte of it wrong. */
public final class Hostile {

    private static final int[] MASKS = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff, 0x7f};

    private Hostile() {}

    public static byte[] encode(Pdu pdu) {
        ByteBuf out = Unpooled.buffer();
        pdu.encode(out);
        assertEquals(pdu.size(), out.readableBytes(), () -> "size() of " + pdu);
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    /** Encodes, decodes to the end, encodes again to the same bytes; returns what was decoded. */
    public static <T> T roundTrip(Pdu pdu, Function<ByteBuf, T> decode) {
        byte[] bytes = encode(pdu);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        T decoded = decode.apply(in);
        assertFalse(in.isReadable(), () -> in.readableBytes() + " bytes left by " + decoded);
        if (decoded instanceof Pdu again) {
            assertArrayEquals(bytes, encode(again));
        }
        return decoded;
    }

    /** Every shorter form must be refused as what it is: too short. */
    public static void refusesTruncation(byte[] bytes, Function<ByteBuf, ?> decode) {
        for (int length = 0; length < bytes.length; length++) {
            ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, length);
            int cut = length;
            assertThrows(PduException.class, () -> decode.apply(in), () -> "cut to " + cut);
        }
    }

    /** Cutting or changing any byte may be noticed as a PduException or not at all, but never otherwise. */
    public static void survivesDamage(byte[] bytes, Function<ByteBuf, ?> decode) {
        for (int length = 0; length < bytes.length; length++) {
            attempt(Unpooled.wrappedBuffer(bytes, 0, length), decode, "cut to " + length);
        }
        for (int at = 0; at < bytes.length; at++) {
            for (int mask : MASKS) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= (byte) mask;
                attempt(Unpooled.wrappedBuffer(damaged), decode, "byte " + at + " ^ 0x" + Integer.toHexString(mask));
                if (at + 1 < bytes.length) {
                    damaged[at + 1] = (byte) mask;
                    attempt(Unpooled.wrappedBuffer(damaged), decode, "bytes " + at + " and following");
                }
            }
        }
    }

    private static void attempt(ByteBuf in, Function<ByteBuf, ?> decode, String what) {
        try {
            decode.apply(in);
        } catch (PduException expected) {
            assertFalse(expected.getMessage().isBlank());
        } catch (RuntimeException e) {
            fail(what, e);
        }
    }

    /** All of the above. */
    public static <T> T check(Pdu pdu, Function<ByteBuf, T> decode) {
        T decoded = roundTrip(pdu, decode);
        survivesDamage(encode(pdu), decode);
        return decoded;
    }
}
