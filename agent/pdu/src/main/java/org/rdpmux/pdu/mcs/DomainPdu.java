// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.mcs;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/** A T.125 DomainMCSPDU: what MCS says once the domain is connected. Encoded by the packed encoding rules. */
public sealed interface DomainPdu extends Pdu
        permits ErectDomainRequest,
                AttachUserRequest,
                AttachUserConfirm,
                ChannelJoinRequest,
                ChannelJoinConfirm,
                SendData,
                DisconnectProviderUltimatum {

    /** User channels are numbered from here on, and so are all channels in what follows. */
    int FIRST_USER_CHANNEL = 1001;

    /**
     * Reads one PDU. Of {@link SendData} the header only: its payload is left in {@code in}.
     *
     * @throws PduException for PDUs that RDP does not use, too
     */
    static DomainPdu decode(ByteBuf in) {
        PduException.need(in, 1, "DomainMCSPDU", "choice");
        int first = in.readUnsignedByte(); // 1 byte: choice 6 bits, then the first bits of the PDU
        int options = first & 3;
        return switch (first >> 2) {
            case ErectDomainRequest.CHOICE -> ErectDomainRequest.decode(in);
            case DisconnectProviderUltimatum.CHOICE -> DisconnectProviderUltimatum.decode(options, in);
            case AttachUserRequest.CHOICE -> new AttachUserRequest();
            case AttachUserConfirm.CHOICE -> AttachUserConfirm.decode(options, in);
            case ChannelJoinRequest.CHOICE -> ChannelJoinRequest.decode(in);
            case ChannelJoinConfirm.CHOICE -> ChannelJoinConfirm.decode(options, in);
            case SendData.REQUEST_CHOICE -> SendData.decode(false, in);
            case SendData.INDICATION_CHOICE -> SendData.decode(true, in);
            default -> throw new PduException("DomainMCSPDU", "choice", "unexpected PDU " + (first >> 2));
        };
    }
}
