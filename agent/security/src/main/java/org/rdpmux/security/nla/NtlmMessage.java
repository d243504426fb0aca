// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the three messages of [MS-NLMP] 2.2.1 share: a signature, a type, and fields that point into a payload. */
final class NtlmMessage {

    static final int NEGOTIATE = 1;
    static final int CHALLENGE = 2;
    static final int AUTHENTICATE = 3;

    /** Signature (8 bytes), MessageType (4). */
    static final int HEAD_SIZE = 12;

    /** 2.2.2.10 VERSION: for debugging only, says the specification; the structure must be there. */
    static final byte[] VERSION = {10, 0, 0, 0, 0, 0, 0, 0x0F};

    /** Three messages of which the longest has two responses and four names; Windows announces 12 kB at most. */
    static final int MAX_SIZE = 12 * 1024;

    private static final byte[] SIGNATURE = "NTLMSSP\0".getBytes(StandardCharsets.US_ASCII);

    private NtlmMessage() {}

    /** A little-endian view of {@code message} behind its head, which must be of {@code type}. */
    static ByteBuffer open(byte[] message, int type, String structure, int minSize) {
        if (message.length < minSize || message.length > MAX_SIZE) {
            throw new NlaException(
                    structure + " has " + message.length + " bytes; expected " + minSize + " to " + MAX_SIZE);
        }
        if (!Arrays.equals(message, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw new NlaException(structure + " has no NTLMSSP signature");
        }
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).position(SIGNATURE.length);
        int found = in.getInt();
        if (found != type) {
            throw new NlaException(structure + ".MessageType is " + found + "; expected " + type);
        }
        return in;
    }

    /** A little-endian buffer of {@code size} bytes with the head of a message of {@code type} in it. */
    static ByteBuffer create(int size, int type) {
        return ByteBuffer.allocate(size)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(SIGNATURE)
                .putInt(type);
    }

    /**
     * Reads a field descriptor at {@code in}'s position (Len 2 bytes, MaxLen 2, BufferOffset 4) and copies what it points to.
     *
     * @param payload where the payload may begin: no field lies in the fixed part
     */
    static byte[] payload(ByteBuffer in, int payload, String field, int max) {
        int length = Short.toUnsignedInt(in.getShort());
        in.getShort();
        long offset = Integer.toUnsignedLong(in.getInt());
        if (length == 0) {
            return new byte[0];
        }
        if (length > max) {
            throw new NlaException(field + " has " + length + " bytes; at most " + max + " are allowed");
        }
        if (offset < payload || offset + length > in.limit()) {
            throw new NlaException(field + " points to " + length + " bytes at " + offset + " of " + in.limit());
        }
        byte[] value = new byte[length];
        in.get((int) offset, value);
        return value;
    }

    /** Writes a field descriptor. */
    static void putField(ByteBuffer out, int length, int offset) {
        out.putShort((short) length).putShort((short) length).putInt(offset);
    }
}
