// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import java.util.concurrent.CompletionStage;

/** Answers monitoring systems. Called on the control loop; must not block, and ends within seconds whatever hangs. */
public interface Monitor {

    /** In the text format of Prometheus. Fails if the agent does not answer. */
    CompletionStage<byte[]> metrics();

    /** Whether the agent's threads answer; never fails. */
    CompletionStage<Reply> live();

    /** Whether clients can be served; never fails. */
    CompletionStage<Reply> ready();
}
