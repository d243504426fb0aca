// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;

/** Reads what follows a rectangle's header, as its bytes arrive. */
@FunctionalInterface
interface RectangleReader {

    /**
     * Reads what it can. What it leaves in the buffer it wants to see again, with more behind it.
     *
     * @return true when the rectangle is complete
     */
    boolean read(ByteBuf in);

    /** A reader that throws away. */
    static RectangleReader skip(long length) {
        return new RectangleReader() {
            private long remaining = length;

            @Override
            public boolean read(ByteBuf in) {
                int n = (int) Math.min(remaining, in.readableBytes());
                in.skipBytes(n);
                remaining -= n;
                return remaining == 0;
            }
        };
    }
}
