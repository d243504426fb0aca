// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.gcc.ClientCoreData;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.pdu.mcs.DisconnectProviderUltimatum;
import org.rdpmux.pdu.share.DeactivateAll;
import org.rdpmux.pdu.share.SetErrorInfo;
import org.rdpmux.pdu.x224.DataFrame;

/** How connections end once MCS is connected ([MS-RDPBCGR] 1.3.1.4). */
final class Farewell {

    private Farewell() {}

    static List<Action> sends(List<Pdu> pdus) {
        return pdus.stream().<Action>map(Action.Send::new).toList();
    }

    static Step clientLeft() {
        return Closed.with(List.of(), "the client left", true);
    }

    /** Ends a connection whose share was never activated. Deactivate All would confuse clients here. */
    static Step withoutShare(ClientCoreData core, int errorInfo) {
        return withoutShare(core, errorInfo, reason(errorInfo));
    }

    static Step withoutShare(ClientCoreData core, int errorInfo, String reason) {
        // The share does not exist yet, and clients do not look at its number.
        return close(core, new Share(0, 0, McsDomain.IO_CHANNEL), errorInfo, reason, List.of());
    }

    private static String reason(int errorInfo) {
        return "ended with error info 0x" + Integer.toHexString(errorInfo);
    }

    /** Ends a connection with an active share. */
    static Step withShare(ClientCoreData core, Share share, int errorInfo) {
        return close(
                core,
                share,
                errorInfo,
                reason(errorInfo),
                List.of(share.frame(new DeactivateAll(Share.SERVER_CHANNEL, share.shareId()))));
    }

    private static Step close(ClientCoreData core, Share share, int errorInfo, String reason, List<Pdu> deactivation) {
        List<Pdu> pdus = new ArrayList<>();
        if (core.tail().has(Tail.SUPPORT_ERRINFO_PDU)) {
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
}
