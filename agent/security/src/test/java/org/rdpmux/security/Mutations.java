// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Damages bytes the way that breaks parsers, the same way for the same seed. */
public final class Mutations {

    private static final int MAX_MUTATIONS = 4;
    private static final int MAX_INSERTED = 300;
    private static final byte[] INTERESTING = {0, 1, 2, 0x7F, (byte) 0x80, (byte) 0x81, (byte) 0x84, (byte) 0xFE, -1};

    private final Random random;

    public Mutations(long seed) {
        random = new Random(seed);
    }

    /** A damaged copy. */
    public byte[] of(byte[] original) {
        byte[] result = original.clone();
        int count = 1 + random.nextInt(MAX_MUTATIONS);
        for (int i = 0; i < count; i++) {
            result = once(result);
        }
        return result;
    }

    /** Whether something with a chance of {@code 1 / n} happens now. */
    public boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private byte[] once(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(7)) {
            case 0 -> set(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
            case 1 -> set(bytes, at, INTERESTING[random.nextInt(INTERESTING.length)]);
            case 2 -> set(bytes, at, (byte) (bytes[at] + random.nextInt(9) - 4));
            case 3 -> Arrays.copyOf(bytes, at);
            case 4 -> insert(bytes, at, new byte[random.nextInt(MAX_INSERTED)]);
            case 5 -> insert(bytes, at, Arrays.copyOfRange(bytes, at, at + random.nextInt(bytes.length - at + 1)));
            default -> remove(bytes, at, 1 + random.nextInt(Math.min(8, bytes.length - at)));
        };
    }

    private static byte[] set(byte[] bytes, int at, byte value) {
        bytes[at] = value;
        return bytes;
    }

    private static byte[] insert(byte[] bytes, int at, byte[] piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.writeBytes(piece);
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }

    private static byte[] remove(byte[] bytes, int at, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.write(bytes, at + count, bytes.length - at - count);
        return out.toByteArray();
    }
}
