// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.List;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.info.ClientInfo;
import org.rdpmux.pdu.info.SecurityHeader;
import org.rdpmux.pdu.license.LicenseErrorMessage;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.x224.DataFrame;

/**
 * What stays the same from Client Info to the end.
 *
 * @param logonNotify the client wants to be told of the logon
 */
record KnownClient(
        ConnectionConfig config,
        McsDomain domain,
        ClientCoreData core,
        ClientProfile.Identity identity,
        boolean logonNotify) {

    static KnownClient of(Negotiated negotiated, McsDomain domain, ClientCoreData core, ClientInfo info) {
        ClientProfile.Identity identity = new ClientProfile.Identity(
                core.clientName(),
                info.extra().clientAddress(),
                core.clientBuild(),
                core.keyboardLayout(),
                negotiated.cookie(),
                info.userName());
        return new KnownClient(negotiated.config(), domain, core, identity, info.has(ClientInfo.INFO_LOGONNOTIFY));
    }

    /** The client may come in: it gets its licence and waits for the desktop. */
    Step letIn() {
        SecurityHeader header = new SecurityHeader(SecurityHeader.SEC_LICENSE_PKT);
        LicenseErrorMessage license = LicenseErrorMessage.VALID_CLIENT;
        SendData mcs = SendData.indication(Share.SERVER_CHANNEL, McsDomain.IO_CHANNEL, header.size() + license.size());
        return new Step(
                new AwaitingDesktopSize(this),
                List.of(
                        new Action.Send(DataFrame.of(mcs, header, license)),
                        new Action.AskDesktopSize(core.desktopWidth(), core.desktopHeight())));
    }

    /** The share of the n-th activation. */
    Share share(int activation) {
        return new Share(activation << 16 | Share.SERVER_CHANNEL, domain.userChannel(), McsDomain.IO_CHANNEL);
    }
}
