// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.caps.CapabilitySet;

/**
 * TS_CONFIRM_ACTIVE_PDU ([MS-RDPBCGR] 2.2.1.13.2.1), control header included: the client's capabilities.
 *
 * @param source the client's user channel
 * @param shareId of the Demand Active it answers
 * @param capabilities in the order in which they were sent
 */
public record ConfirmActive(int source, int shareId, List<CapabilitySet> capabilities) implements Pdu {

    private static final String NAME = "TS_CONFIRM_ACTIVE_PDU";
    /** originatorId: the server channel. */
    private static final int ORIGINATOR = 0x03ea;
    /** sourceDescriptor: 6 bytes, as the specification's example has it. */
    private static final String DESCRIPTOR = "MSTSC\0";
    /** shareId 4, originatorId 2, lengthSourceDescriptor 2, lengthCombinedCapabilities 2. */
    private static final int FIXED_SIZE = 10;
    /** numberCapabilities 2, pad2Octets 2. */
    private static final int COUNT_SIZE = 4;

    public ConfirmActive {
        capabilities = List.copyOf(capabilities);
    }

    /** Reads what follows a control header of type {@link ShareControlHeader#TYPE_CONFIRM_ACTIVE}. */
    public static ConfirmActive decode(ShareControlHeader control, ByteBuf in) {
        PduException.need(in, FIXED_SIZE, NAME, "shareId");
        int shareId = in.readIntLE(); // 4 bytes
        in.skipBytes(2); // originatorId: 2 bytes
        int descriptorLength = in.readUnsignedShortLE(); // lengthSourceDescriptor: 2 bytes, may be 0
        int combinedLength = in.readUnsignedShortLE(); // lengthCombinedCapabilities: 2 bytes, count and pad included
        PduException.need(in, descriptorLength, NAME, "sourceDescriptor");
        in.skipBytes(descriptorLength);
        PduException.range(combinedLength, COUNT_SIZE, 0xffff, NAME, "lengthCombinedCapabilities");
        PduException.need(in, combinedLength, NAME, "lengthCombinedCapabilities");
        ByteBuf combined = in.readSlice(combinedLength).skipBytes(COUNT_SIZE);
        return new ConfirmActive(control.source(), shareId, CapabilitySet.decodeAll(combined));
    }

    private int combinedLength() {
        return COUNT_SIZE + CapabilitySet.sizeOfAll(capabilities);
    }

    @Override
    public int size() {
        return ShareControlHeader.SIZE + FIXED_SIZE + DESCRIPTOR.length() + combinedLength();
    }

    @Override
    public void encode(ByteBuf out) {
        new ShareControlHeader(size(), ShareControlHeader.TYPE_CONFIRM_ACTIVE, source).encode(out);
        out.writeIntLE(shareId).writeShortLE(ORIGINATOR);
        out.writeShortLE(DESCRIPTOR.length()).writeShortLE(combinedLength());
        out.writeCharSequence(DESCRIPTOR, StandardCharsets.US_ASCII);
        out.writeShortLE(capabilities.size()).writeShortLE(0);
        CapabilitySet.encodeAll(capabilities, out);
    }
}
