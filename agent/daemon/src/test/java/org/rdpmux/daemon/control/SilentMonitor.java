// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rdpmux.control.HealthReport;

/** Has nothing to tell, at once. */
final class SilentMonitor implements Monitor {

    @Override
    public CompletionStage<Reply> metrics() {
        return CompletableFuture.completedFuture(new Reply.Metrics(new byte[0]));
    }

    @Override
    public CompletionStage<Reply> live() {
        return CompletableFuture.completedFuture(new Reply.Ok(new HealthReport(List.of())));
    }

    @Override
    public CompletionStage<Reply> ready() {
        return live();
    }
}
