// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.service;

import java.io.IOException;
import java.util.List;
import org.rdpmux.daemon.config.AgentConfig;

/**
 * A part of the agent. {@link #start} and {@link #close} are called by the thread that starts and closes the agent, which is
 * not the agent thread; {@link #reload} and {@link #problems} on the agent thread.
 */
public interface Service extends AutoCloseable {

    /**
     * Begins; called once, after the services before it in the list.
     *
     * @throws IOException if the agent cannot run, with a sentence that says what to do
     */
    default void start() throws IOException {}

    /**
     * Puts another configuration into effect, as far as that needs no restart.
     *
     * @return sentences on what changed that people would not expect, or could not be changed
     */
    default List<String> reload(AgentConfig config) {
        return List.of();
    }

    /** What somebody should look at now, sentences. Returns at once. */
    default List<String> problems() {
        return List.of();
    }

    /** Ends, within seconds; called once, if it was started. The services after it in the list have ended. */
    @Override
    default void close() {}

    /** A service that is there from the beginning and only has to be ended. */
    static Service endedBy(Runnable close) {
        return new Service() {
            @Override
            public void close() {
                close.run();
            }
        };
    }
}
