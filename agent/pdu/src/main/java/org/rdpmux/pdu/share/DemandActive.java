// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.caps.CapabilitySet;

/**
 * TS_DEMAND_ACTIVE_PDU ([MS-RDPBCGR] 2.2.1.13.1.1), control header included: the server's capabilities.
 *
 * @param source MCS channel id of the server
 * @param shareId names the share that begins
 * @param capabilities in the order in which they are sent
 */
public record DemandActive(int source, int shareId, List<CapabilitySet> capabilities) implements Pdu {

    private static final String NAME = "TS_DEMAND_ACTIVE_PDU";
    /** sourceDescriptor: 4 bytes. */
    private static final String DESCRIPTOR = "RDP\0";
    /** shareId 4, lengthSourceDescriptor 2, lengthCombinedCapabilities 2. */
    private static final int FIXED_SIZE = 8;
    /** numberCapabilities 2, pad2Octets 2. */
    private static final int COUNT_SIZE = 4;

    public DemandActive {
        capabilities = List.copyOf(capabilities);
    }

    /** Reads what follows a control header of type {@link ShareControlHeader#TYPE_DEMAND_ACTIVE}. */
    public static DemandActive decode(ShareControlHeader control, ByteBuf in) {
        PduException.need(in, FIXED_SIZE, NAME, "shareId");
        int shareId = in.readIntLE(); // 4 bytes
        int descriptorLength = in.readUnsignedShortLE(); // lengthSourceDescriptor: 2 bytes
        int combinedLength = in.readUnsignedShortLE(); // lengthCombinedCapabilities: 2 bytes, count and pad included
        PduException.need(in, descriptorLength, NAME, "sourceDescriptor");
        in.skipBytes(descriptorLength);
        PduException.range(combinedLength, COUNT_SIZE, 0xffff, NAME, "lengthCombinedCapabilities");
        PduException.need(in, combinedLength, NAME, "lengthCombinedCapabilities");
        ByteBuf combined = in.readSlice(combinedLength).skipBytes(COUNT_SIZE);
        in.skipBytes(Math.min(4, in.readableBytes())); // sessionId: 4 bytes, ignored by clients
        return new DemandActive(control.source(), shareId, CapabilitySet.decodeAll(combined));
    }

    private int combinedLength() {
        return COUNT_SIZE + CapabilitySet.sizeOfAll(capabilities);
    }

    @Override
    public int size() {
        return ShareControlHeader.SIZE + FIXED_SIZE + DESCRIPTOR.length() + combinedLength() + 4;
    }

    @Override
    public void encode(ByteBuf out) {
        new ShareControlHeader(size(), ShareControlHeader.TYPE_DEMAND_ACTIVE, source).encode(out);
        out.writeIntLE(shareId).writeShortLE(DESCRIPTOR.length()).writeShortLE(combinedLength());
        out.writeCharSequence(DESCRIPTOR, StandardCharsets.US_ASCII);
        out.writeShortLE(capabilities.size()).writeShortLE(0);
        CapabilitySet.encodeAll(capabilities, out);
        out.writeIntLE(0);
    }
}
