// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import java.util.concurrent.CompletionStage;

/** Answers monitoring systems. Called on the control loop; must not block, and ends within seconds whatever hangs. */
public interface Monitor {

    /** {@link Reply.Metrics}, or why there are none. Fails only where the agent does. Who asks meanwhile gets the same answer. */
    CompletionStage<Reply> metrics();

    /** Whether the agent's threads answer; never fails. */
    CompletionStage<Reply> live();

    /** Whether clients can be served; never fails. */
    CompletionStage<Reply> ready();
}
