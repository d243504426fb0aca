// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;

/**
 * Connect-Initial ([T125] 7, part 3; [MS-RDPBCGR] 2.2.1.3).
 *
 * @param target what the client would like; likewise {@code minimum} and {@code maximum}
 * @param userData the GCC Conference Create Request; not copied
 */
public record ConnectInitial(
        DomainParameters target, DomainParameters minimum, DomainParameters maximum, byte[] userData) implements Pdu {

    private static final String NAME = "Connect-Initial";
    /** callingDomainSelector and calledDomainSelector, OCTET STRINGs with one byte 1; upwardFlag, BOOLEAN true. */
    private static final byte[] SELECTORS = {4, 1, 1, 4, 1, 1, 1, 1, (byte) 0xff};

    public static ConnectInitial decode(ByteBuf in) {
        ByteBuf fields = Ber.readContents(in, Ber.CONNECT_INITIAL, NAME, "choice");
        Ber.readContents(fields, Ber.OCTET_STRING, NAME, "callingDomainSelector");
        Ber.readContents(fields, Ber.OCTET_STRING, NAME, "calledDomainSelector");
        Ber.readContents(fields, Ber.BOOLEAN, NAME, "upwardFlag");
        DomainParameters target = DomainParameters.decode(fields);
        DomainParameters minimum = DomainParameters.decode(fields);
        DomainParameters maximum = DomainParameters.decode(fields);
        ByteBuf contents = Ber.readContents(fields, Ber.OCTET_STRING, NAME, "userData");
        byte[] userData = new byte[contents.readableBytes()]; // bounded by the frame
        contents.readBytes(userData);
        return new ConnectInitial(target, minimum, maximum, userData);
    }

    private int contentsSize() {
        return SELECTORS.length
                + target.size()
                + minimum.size()
                + maximum.size()
                + Ber.headerSize(Ber.OCTET_STRING, userData.length)
                + userData.length;
    }

    @Override
    public int size() {
        return Ber.headerSize(Ber.CONNECT_INITIAL, contentsSize()) + contentsSize();
    }

    @Override
    public void encode(ByteBuf out) {
        Ber.writeHeader(out, Ber.CONNECT_INITIAL, contentsSize());
        out.writeBytes(SELECTORS);
        target.encode(out);
        minimum.encode(out);
        maximum.encode(out);
        Ber.writeHeader(out, Ber.OCTET_STRING, userData.length);
        out.writeBytes(userData);
    }
}
