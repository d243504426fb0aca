// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import io.netty.buffer.ByteBuf;

/**
 * Bytes that are not what the specification says they are. The only exception a decoder throws, too few bytes included;
 * the connection they came from cannot go on.
 */
public final class PduException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String structure;
    private final String field;

    public PduException(String structure, String field, String reason) {
        super(structure + "." + field + ": " + reason);
        this.structure = structure;
        this.field = field;
    }

    /** The specification's name of the structure that is wrong. */
    public String structure() {
        return structure;
    }

    /** The specification's name of the field that is wrong. */
    public String field() {
        return field;
    }

    /** Refuses the structure unless this many bytes are left to read. */
    public static void need(ByteBuf in, int bytes, String structure, String field) {
        if (bytes < 0 || in.readableBytes() < bytes) {
            throw new PduException(structure, field, "needs " + bytes + " bytes, has " + in.readableBytes());
        }
    }

    /** Refuses the structure unless it has been read to its end. */
    public static void end(ByteBuf in, String structure) {
        if (in.isReadable()) {
            throw new PduException(structure, "end", in.readableBytes() + " bytes too many");
        }
    }

    /** Refuses a field that has another value than the one it must have. */
    public static void expect(int actual, int expected, String structure, String field) {
        if (actual != expected) {
            throw new PduException(
                    structure,
                    field,
                    "is 0x" + Integer.toHexString(actual) + ", must be 0x" + Integer.toHexString(expected));
        }
    }

    /** Refuses a field outside the range, both ends included. */
    public static void range(long actual, long min, long max, String structure, String field) {
        if (actual < min || actual > max) {
            throw new PduException(structure, field, "is " + actual + ", must be " + min + " to " + max);
        }
    }
}
