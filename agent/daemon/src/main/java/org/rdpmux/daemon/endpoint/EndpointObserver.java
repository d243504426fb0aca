// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.net.InetSocketAddress;
import org.rdpmux.server.ConsoleListener;

/** Hears what becomes of endpoints. Called on the agent thread; must not block. */
public interface EndpointObserver {

    /** An endpoint accepts clients. */
    void opened(ConsoleId console, InetSocketAddress address);

    /** It no longer does. */
    void closed(ConsoleId console, InetSocketAddress address);

    /** There is no endpoint for this console, for a reason that was not told before: a sentence. */
    void failed(ConsoleId console, String problem);

    /** What hears of the console's display and viewers, on the console's thread. */
    ConsoleListener listener(ConsoleId console);
}
