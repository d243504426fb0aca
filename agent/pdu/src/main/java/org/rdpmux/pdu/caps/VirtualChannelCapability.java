// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.caps;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.PduException;

/**
 * TS_VIRTUALCHANNEL_CAPABILITYSET ([MS-RDPBCGR] 2.2.7.1.10).
 *
 * @param flags 0 for no compression
 * @param chunkSize bytes of a chunk, {@link #DEFAULT_CHUNK_SIZE} if the field is missing
 */
public record VirtualChannelCapability(int flags, int chunkSize) implements CapabilitySet {

    /** CHANNEL_CHUNK_LENGTH. */
    public static final int DEFAULT_CHUNK_SIZE = 1600;
    /** More than this the specification does not allow. */
    private static final int MAX_CHUNK_SIZE = 16256;

    private static final String NAME = "TS_VIRTUALCHANNEL_CAPABILITYSET";

    public VirtualChannelCapability {
        if (chunkSize < 0 || chunkSize > MAX_CHUNK_SIZE) {
            throw new IllegalArgumentException("chunk size " + chunkSize);
        }
    }

    static VirtualChannelCapability decode(ByteBuf in) {
        PduException.need(in, 4, NAME, "flags");
        int flags = in.readIntLE(); // 4 bytes
        long chunkSize = in.readableBytes() < 4 ? DEFAULT_CHUNK_SIZE : in.readUnsignedIntLE(); // 0 or 4 bytes
        return new VirtualChannelCapability(flags, (int) Math.min(chunkSize, MAX_CHUNK_SIZE));
    }

    @Override
    public int type() {
        return VIRTUAL_CHANNEL;
    }

    @Override
    public int size() {
        return 8;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeIntLE(flags).writeIntLE(chunkSize);
    }
}
