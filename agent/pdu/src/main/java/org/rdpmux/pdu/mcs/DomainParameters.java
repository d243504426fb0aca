// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/** DomainParameters ([T125] 7, part 2): eight limits, unsigned 32 bits each, of which RDP heeds none. */
public record DomainParameters(
        int maxChannelIds,
        int maxUserIds,
        int maxTokenIds,
        int numPriorities,
        int minThroughput,
        int maxHeight,
        int maxMcsPduSize,
        int protocolVersion)
        implements Pdu {

    private static final String NAME = "DomainParameters";

    /** What clients call their target. */
    public static final DomainParameters TARGET = new DomainParameters(34, 2, 0, 1, 0, 1, 0xffff, 2);
    /** What clients call the least. */
    public static final DomainParameters MINIMUM = new DomainParameters(1, 1, 1, 1, 0, 1, 0x420, 2);
    /** What clients call the most. */
    public static final DomainParameters MAXIMUM = new DomainParameters(0xffff, 0xfc17, 0xffff, 1, 0, 1, 0xffff, 2);

    static DomainParameters decode(ByteBuf in) {
        ByteBuf fields = Ber.readContents(in, Ber.SEQUENCE, NAME, "sequence");
        DomainParameters parameters = new DomainParameters(
                Ber.readInteger(fields, Ber.INTEGER, NAME, "maxChannelIds"),
                Ber.readInteger(fields, Ber.INTEGER, NAME, "maxUserIds"),
                Ber.readInteger(fields, Ber.INTEGER, NAME, "maxTokenIds"),
                Ber.readInteger(fields, Ber.INTEGER, NAME, "numPriorities"),
                Ber.readInteger(fields, Ber.INTEGER, NAME, "minThroughput"),
                Ber.readInteger(fields, Ber.INTEGER, NAME, "maxHeight"),
                Ber.readInteger(fields, Ber.INTEGER, NAME, "maxMCSPDUsize"),
                Ber.readInteger(fields, Ber.INTEGER, NAME, "protocolVersion"));
        PduException.end(fields, NAME);
        return parameters;
    }

    private int[] values() {
        return new int[] {
            maxChannelIds,
            maxUserIds,
            maxTokenIds,
            numPriorities,
            minThroughput,
            maxHeight,
            maxMcsPduSize,
            protocolVersion
        };
    }

    private int contentsSize() {
        int size = 0;
        for (int value : values()) {
            size += Ber.integerSize(value);
        }
        return size;
    }

    @Override
    public int size() {
        return Ber.headerSize(Ber.SEQUENCE, contentsSize()) + contentsSize();
    }

    @Override
    public void encode(ByteBuf out) {
        Ber.writeHeader(out, Ber.SEQUENCE, contentsSize());
        for (int value : values()) {
            Ber.writeInteger(out, Ber.INTEGER, value);
        }
    }
}
