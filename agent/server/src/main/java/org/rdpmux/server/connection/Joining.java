// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.info.ClientInfo;
import org.rdpmux.pdu.info.SecurityHeader;
import org.rdpmux.security.access.Authentication;

/** MCS is connected: the client attaches, joins what channels it likes, and sends its Client Info. */
record Joining(Negotiated negotiated, McsDomain domain, ClientCoreData core) implements ConnectionState {

    @Override
    public Step on(Inbound in) {
        if (in instanceof Inbound.Frame frame) {
            return onFrame(frame.pdu());
        }
        if (in instanceof Inbound.Disconnect disconnect) {
            return Farewell.withoutShare(core, disconnect.errorInfo());
        }
        throw unexpected(in);
    }

    private Step onFrame(ByteBuf frame) {
        McsDomain.Said said = domain.read(frame);
        if (said instanceof McsDomain.Said.Control control) {
            return new Step(this, Farewell.sends(control.answers()));
        }
        if (said instanceof McsDomain.Said.Data data) {
            return data.channelId() == McsDomain.IO_CHANNEL ? onInfo(data.payload()) : stay();
        }
        return Farewell.clientLeft();
    }

    private Step onInfo(ByteBuf payload) {
        SecurityHeader header = SecurityHeader.decode(payload);
        if (!header.has(SecurityHeader.SEC_INFO_PKT)) {
            throw new PduException(
                    "TS_SECURITY_HEADER", "flags", "0x" + Integer.toHexString(header.flags()) + " before Client Info");
        }
        ClientInfo info = ClientInfo.decode(payload);
        KnownClient client = KnownClient.of(negotiated, domain, core, info);
        if (negotiated.policy() == Authentication.TLS) {
            ClientCredentials credentials = new ClientCredentials(info.domain(), info.userName(), info.password());
            return new Step(new AwaitingVerdict(client), List.of(new Action.VerifyCredentials(credentials)));
        }
        Arrays.fill(info.password(), '\0');
        return client.letIn();
    }
}
