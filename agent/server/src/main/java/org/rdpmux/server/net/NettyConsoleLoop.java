// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.rdpmux.server.console.ConsoleLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A console's thread that is a Netty loop. */
final class NettyConsoleLoop implements ConsoleLoop {

    private static final Logger LOG = LoggerFactory.getLogger(NettyConsoleLoop.class);

    private static final Timer NEVER = () -> {};

    private final EventLoop loop;
    private final long origin = System.nanoTime();

    NettyConsoleLoop(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ignored) {
            // the server has ended
        }
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        try {
            Future<?> future = loop.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException ignored) {
            return NEVER;
        }
    }

    /** The future would keep to itself what it throws. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a console's timer failed", e);
            throw e;
        }
    }

    @Override
    public long now() {
        return System.nanoTime() - origin;
    }
}
