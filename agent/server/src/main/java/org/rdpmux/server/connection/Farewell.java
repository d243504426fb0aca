// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.info.ClientInfo;
import org.rdpmux.pdu.mcs.DisconnectProviderUltimatum;
import org.rdpmux.pdu.share.DeactivateAll;
import org.rdpmux.pdu.share.SaveSessionInfo;
import org.rdpmux.pdu.share.SetErrorInfo;
import org.rdpmux.pdu.x224.DataFrame;

/** How connections end once MCS is connected ([MS-RDPBCGR] 1.3.1.4). */
final class Farewell {

    /** Stands for a share that does not exist yet: clients do not look at its number. */
    private static final Share NO_SHARE = new Share(0, 0, McsDomain.IO_CHANNEL);

    private Farewell() {}

    static List<Action> sends(List<Pdu> pdus) {
        return pdus.stream().<Action>map(Action.Send::new).toList();
    }

    static Step clientLeft() {
        return Closed.with(List.of(), "the client left", true);
    }

    /** Ends a connection whose share was never activated. Deactivate All would confuse clients here. */
    static Step withoutShare(ClientCoreData core, int errorInfo) {
        return close(core, NO_SHARE, errorInfo, reason(errorInfo), List.of());
    }

    private static String reason(int errorInfo) {
        return "ended with error info 0x" + Integer.toHexString(errorInfo);
    }

    /** Tells a client that was not let in, once its share is active: only then do all of them show why. */
    static Step refused(KnownClient client, Share share) {
        return refused(client, share, deactivation(share));
    }

    /** Likewise for clients that show it only before. */
    static Step refusedBeforeShare(KnownClient client) {
        return refused(client, NO_SHARE, List.of());
    }

    private static Step refused(KnownClient client, Share share, List<Pdu> deactivation) {
        List<Action> actions = new ArrayList<>();
        if (client.wants(ClientInfo.INFO_LOGONERRORS)) {
            actions.add(new Action.Send(share.frame(SaveSessionInfo.logonFailed())));
        }
        int errorInfo = SetErrorInfo.SERVER_DENIED_CONNECTION;
        Step step = close(client.core(), share, errorInfo, "name and password rejected", deactivation);
        actions.addAll(step.actions());
        return new Step(step.next(), actions);
    }

    /** Ends a connection with an active share. */
    static Step withShare(ClientCoreData core, Share share, int errorInfo) {
        return close(core, share, errorInfo, reason(errorInfo), deactivation(share));
    }

    private static List<Pdu> deactivation(Share share) {
        return List.of(share.frame(new DeactivateAll(Share.SERVER_CHANNEL, share.shareId())));
    }

    private static Step close(ClientCoreData core, Share share, int errorInfo, String reason, List<Pdu> deactivation) {
        if (errorInfo == SetErrorInfo.NONE) {
            // The ultimatum alone would end clients for good: they take it for an administrator's wish.
            return Closed.with(List.of(), "ended without a farewell", true);
        }
        List<Pdu> pdus = new ArrayList<>();
        if (understandsErrorInfo(core)) {
            pdus.add(share.frame(new SetErrorInfo(errorInfo)));
        }
        pdus.addAll(deactivation);
        // Clients that know no error info go by this.
        int mcsReason = errorInfo == SetErrorInfo.LOGOFF_BY_USER
                ? DisconnectProviderUltimatum.RN_USER_REQUESTED
                : DisconnectProviderUltimatum.RN_PROVIDER_INITIATED;
        pdus.add(DataFrame.of(new DisconnectProviderUltimatum(mcsReason)));
        return Closed.with(sends(pdus), reason, true);
    }

    /** FreeRDP 3 does not announce that it reads the PDU; the flag is older than the version by which it is known. */
    private static boolean understandsErrorInfo(ClientCoreData core) {
        return core.tail().has(Tail.SUPPORT_ERRINFO_PDU)
                || Integer.compareUnsigned(core.version(), ClientCoreData.VERSION_RDP10) >= 0;
    }
}
