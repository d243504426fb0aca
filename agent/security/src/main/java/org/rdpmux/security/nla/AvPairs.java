// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * [MS-NLMP] 2.2.2.1 AV_PAIR: AvId (2 bytes), AvLen (2), Value, up to MsvAvEOL.
 *
 * @param pairs without the terminator, in order
 */
record AvPairs(List<Pair> pairs) {

    static final int EOL = 0;
    static final int NB_COMPUTER_NAME = 1;
    static final int NB_DOMAIN_NAME = 2;
    static final int DNS_COMPUTER_NAME = 3;
    static final int DNS_DOMAIN_NAME = 4;
    static final int FLAGS = 6;
    static final int TIMESTAMP = 7;
    static final int CHANNEL_BINDINGS = 10;

    /** Value bit of MsvAvFlags: the client's AUTHENTICATE_MESSAGE carries a message integrity code. */
    static final int FLAG_MIC = 2;

    /** Ids end at 10; clients append two or three of their own to ours. */
    private static final int MAX_PAIRS = 32;

    private static final int HEAD_SIZE = 4;

    /** One pair; the value is not copied. */
    record Pair(int id, byte[] value) {}

    /** Reads up to the terminator; what follows it is padding and the caller's business. */
    static AvPairs decode(ByteBuffer in) {
        in.order(ByteOrder.LITTLE_ENDIAN);
        List<Pair> pairs = new ArrayList<>();
        while (true) {
            if (in.remaining() < HEAD_SIZE) {
                throw new NlaException("AV_PAIRs end without MsvAvEOL");
            }
            int id = Short.toUnsignedInt(in.getShort());
            int length = Short.toUnsignedInt(in.getShort());
            if (id == EOL) {
                return new AvPairs(List.copyOf(pairs));
            }
            if (length > in.remaining()) {
                throw new NlaException(
                        "AV_PAIR " + id + " has " + length + " bytes but only " + in.remaining() + " are left");
            }
            if (pairs.size() == MAX_PAIRS) {
                throw new NlaException("more than " + MAX_PAIRS + " AV_PAIRs");
            }
            byte[] value = new byte[length];
            in.get(value);
            pairs.add(new Pair(id, value));
        }
    }

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Pair pair : pairs) {
            putShort(out, pair.id);
            putShort(out, pair.value.length);
            out.writeBytes(pair.value);
        }
        putShort(out, EOL);
        putShort(out, 0);
        return out.toByteArray();
    }

    /** The value of the first pair with {@code id}; null if there is none. */
    byte[] find(int id) {
        for (Pair pair : pairs) {
            if (pair.id == id) {
                return pair.value;
            }
        }
        return null;
    }

    /** Whether MsvAvFlags says that a message integrity code is there. */
    boolean promisesMic() {
        byte[] flags = find(FLAGS);
        if (flags == null) {
            return false;
        }
        if (flags.length != Integer.BYTES) {
            throw new NlaException("MsvAvFlags has " + flags.length + " bytes; expected 4");
        }
        return (flags[0] & FLAG_MIC) != 0;
    }

    private static void putShort(ByteArrayOutputStream out, int value) {
        out.write(value);
        out.write(value >> 8);
    }
}
