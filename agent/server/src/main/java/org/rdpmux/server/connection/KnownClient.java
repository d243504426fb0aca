// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.info.ClientInfo;
import org.rdpmux.pdu.info.SecurityHeader;
import org.rdpmux.pdu.license.LicenseErrorMessage;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.x224.DataFrame;

/**
 * What stays the same from Client Info to the end.
 *
 * @param infoFlags of Client Info
 * @param refused true if it is not let in: its share is activated only for it to be told
 */
record KnownClient(
        ConnectionConfig config,
        McsDomain domain,
        ClientCoreData core,
        ClientProfile.Identity identity,
        int infoFlags,
        boolean refused) {

    static KnownClient of(Negotiated negotiated, McsDomain domain, ClientCoreData core, ClientInfo info) {
        ClientProfile.Identity identity = new ClientProfile.Identity(
                core.clientName(),
                info.extra().clientAddress(),
                core.version(),
                core.clientBuild(),
                core.keyboardLayout(),
                negotiated.cookie(),
                info.userName());
        return new KnownClient(negotiated.config(), domain, core, identity, info.flags(), false);
    }

    /** Whether a flag of Client Info is set. */
    boolean wants(int flag) {
        return (infoFlags & flag) != 0;
    }

    /** The client may come in: it gets its licence and waits for the desktop. Its network is measured from now on. */
    Step letIn() {
        List<Action> actions = new ArrayList<>();
        actions.add(new Action.AskDesktopSize(core.desktopWidth(), core.desktopHeight()));
        if (core.tail().has(Tail.SUPPORT_NETCHAR_AUTODETECT)) {
            domain.messageChannel().ifPresent(channel -> actions.add(new Action.DetectNetwork(channel)));
        }
        actions.add(license());
        return new Step(new AwaitingDesktopSize(this), actions);
    }

    /**
     * The client may not come in. Where it stands it would take the reason for a broken licence: it gets its licence and an
     * empty desktop of the size that it asked for, and is told then. What it sends meanwhile goes nowhere. Remmina says
     * nothing of a session that has begun, but what is built on FreeRDP 2 reads the reason right behind the licence.
     */
    Step refuse() {
        if (identity.isFreeRdp2()) {
            return behindLicense(Farewell.refusedBeforeShare(this));
        }
        KnownClient told = new KnownClient(config, domain, core, identity, infoFlags, true);
        return behindLicense(Activating.begin(told, 1, askedSize()));
    }

    private static Step behindLicense(Step step) {
        List<Action> actions = new ArrayList<>(List.of(license()));
        actions.addAll(step.actions());
        return new Step(step.next(), actions);
    }

    private static Action license() {
        SecurityHeader header = new SecurityHeader(SecurityHeader.SEC_LICENSE_PKT);
        LicenseErrorMessage license = LicenseErrorMessage.VALID_CLIENT;
        SendData mcs = SendData.indication(Share.SERVER_CHANNEL, McsDomain.IO_CHANNEL, header.size() + license.size());
        return new Action.Send(DataFrame.of(mcs, header, license));
    }

    /**
     * The size of the first share, for a guest of this size. Remmina goes on showing as much as it had asked for unless the
     * size changes later: what is built on FreeRDP 2 gets what it asked for, and the guest's size once the share is active.
     */
    Inbound.DesktopSize firstSize(Inbound.DesktopSize guest) {
        Inbound.DesktopSize asked = askedSize();
        return identity.isFreeRdp2()
                ? new Inbound.DesktopSize(asked.width(), asked.height(), guest.takesInput())
                : guest;
    }

    private Inbound.DesktopSize askedSize() {
        return Inbound.DesktopSize.nearest(core.desktopWidth(), core.desktopHeight());
    }

    /** The share of the n-th activation. */
    Share share(int activation) {
        return new Share(activation << 16 | Share.SERVER_CHANNEL, domain.userChannel(), McsDomain.IO_CHANNEL);
    }
}
