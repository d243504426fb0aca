// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import org.rdpmux.server.connection.Action;

/**
 * Where a session hands what its client sends on static virtual channels. What a channel answers goes through {@link
 * ClientOutput#send} as {@link OutputScheduler.Kind#REALTIME} or {@link OutputScheduler.Kind#BULK}. Used on the client's
 * loop.
 */
public interface ChannelReceiver {

    /** For clients whose channels all stay unused: passes everything over. */
    ChannelReceiver NONE = chunk -> {};

    void received(Action.ChannelData chunk);
}
