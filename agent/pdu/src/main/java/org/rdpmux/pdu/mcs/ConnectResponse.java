// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * Connect-Response ([T125] 7, part 4; [MS-RDPBCGR] 2.2.1.4).
 *
 * @param result 0 if the domain is connected
 * @param parameters those in force
 * @param userData the GCC Conference Create Response; not copied
 */
public record ConnectResponse(int result, DomainParameters parameters, byte[] userData) implements Pdu {

    private static final String NAME = "Connect-Response";
    private static final int RESULT_SIZE = 3;
    private static final int CALLED_CONNECT_ID_SIZE = 3;

    public ConnectResponse {
        if (result < 0 || result > 15) {
            throw new IllegalArgumentException("result " + result);
        }
    }

    public static ConnectResponse decode(ByteBuf in) {
        ByteBuf fields = Ber.readContents(in, Ber.CONNECT_RESPONSE, NAME, "choice");
        int result = Ber.readInteger(fields, Ber.ENUMERATED, NAME, "result");
        PduException.range(result, 0, 15, NAME, "result");
        Ber.readInteger(fields, Ber.INTEGER, NAME, "calledConnectId");
        DomainParameters parameters = DomainParameters.decode(fields);
        ByteBuf contents = Ber.readContents(fields, Ber.OCTET_STRING, NAME, "userData");
        byte[] userData = new byte[contents.readableBytes()]; // bounded by the frame
        contents.readBytes(userData);
        return new ConnectResponse(result, parameters, userData);
    }

    private int contentsSize() {
        return RESULT_SIZE
                + CALLED_CONNECT_ID_SIZE
                + parameters.size()
                + Ber.headerSize(Ber.OCTET_STRING, userData.length)
                + userData.length;
    }

    @Override
    public int size() {
        return Ber.headerSize(Ber.CONNECT_RESPONSE, contentsSize()) + contentsSize();
    }

    @Override
    public void encode(ByteBuf out) {
        Ber.writeHeader(out, Ber.CONNECT_RESPONSE, contentsSize());
        Ber.writeInteger(out, Ber.ENUMERATED, result);
        Ber.writeInteger(out, Ber.INTEGER, 0);
        parameters.encode(out);
        Ber.writeHeader(out, Ber.OCTET_STRING, userData.length);
        out.writeBytes(userData);
    }
}
