// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.dvc;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.rdpmux.pdu.PduException;

/**
 * DYNVC_CAPS_VERSION1, 2 and 3 ([MS-RDPEDYC] 2.2.1.1), from the server: the newest version it knows. Version 2 brings priority
 * classes, version 3 compression of data.
 *
 * @param version 1 to 3
 * @param priorityCharges of the four priority classes, 0 to 65535 each; empty in version 1. The smaller a class's charge, the
 *     more of the bandwidth it has: 65536 / charge percent
 */
public record Capabilities(int version, List<Integer> priorityCharges) implements DynamicChannelPdu {

    public static final int VERSION1 = 1;
    public static final int VERSION2 = 2;
    public static final int VERSION3 = 3;

    /** How many priority classes there are. */
    public static final int PRIORITY_CLASSES = 4;

    private static final String NAME = "DYNVC_CAPS";

    public Capabilities {
        priorityCharges = List.copyOf(priorityCharges);
        if (version < VERSION1 || version > VERSION3) {
            throw new IllegalArgumentException("version " + version);
        }
        if (priorityCharges.size() != (version == VERSION1 ? 0 : PRIORITY_CLASSES)
                || priorityCharges.stream().anyMatch(charge -> charge < 0 || charge > 0xffff)) {
            throw new IllegalArgumentException("priority charges " + priorityCharges);
        }
    }

    static Capabilities decode(ByteBuf in) {
        PduException.need(in, 3, NAME, "Version");
        in.skipBytes(1); // Pad: 1 byte
        int version = in.readUnsignedShortLE(); // 2 bytes
        PduException.range(version, VERSION1, VERSION3, NAME, "Version");
        if (version == VERSION1) {
            return new Capabilities(version, List.of());
        }
        PduException.need(in, 2 * PRIORITY_CLASSES, NAME, "PriorityCharge0");
        return new Capabilities(
                version,
                List.of( // 2 bytes each
                        in.readUnsignedShortLE(),
                        in.readUnsignedShortLE(),
                        in.readUnsignedShortLE(),
                        in.readUnsignedShortLE()));
    }

    @Override
    public int size() {
        return PduHeader.SIZE + 3 + 2 * priorityCharges.size();
    }

    @Override
    public void encode(ByteBuf out) {
        PduHeader.write(out, CAPABILITIES, 0, 0);
        out.writeByte(0).writeShortLE(version);
        priorityCharges.forEach(out::writeShortLE);
    }
}
