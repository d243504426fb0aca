// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

/** Has jobs encoded. */
public interface EncodeRunner {

    /**
     * Encodes a job's pieces, at once or on other threads.
     *
     * @param done called once, on any thread, if the job is not done when this returns; never if the runner is closed
     * @return true if the job is done
     */
    boolean run(EncodeJob job, Runnable done);
}
