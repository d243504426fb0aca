// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads all VNC displays share: loops that read and decode, and openers that may block. All are daemons. */
final class VncThreads {

    /** Decoding is copying: a few threads saturate the memory of a host. */
    static final int MAX_LOOPS = 8;
    /** Openers wait for a hypervisor, not for a processor. */
    private static final int MAX_OPENERS = 4;
    /** More displays than this in line to be opened are more than a host has virtual machines. */
    private static final int MAX_WAITING = 1024;

    private final EventLoopGroup loops;
    private final ThreadPoolExecutor openers;

    private VncThreads() {
        int count = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), MAX_LOOPS));
        loops = new MultiThreadIoEventLoopGroup(
                count, new DefaultThreadFactory("vnc-display", true), EpollIoHandler.newFactory());
        openers = new ThreadPoolExecutor(
                MAX_OPENERS,
                MAX_OPENERS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                new DefaultThreadFactory("vnc-open", true));
        openers.allowCoreThreadTimeOut(true);
    }

    private static final class Holder {
        static final VncThreads SHARED = new VncThreads();
    }

    /** Costs nothing until a loop is asked for. */
    static Supplier shared() {
        return () -> Holder.SHARED;
    }

    /** Makes the threads when they are needed. */
    @FunctionalInterface
    interface Supplier {
        VncThreads get();
    }

    EventLoop nextLoop() {
        return loops.next();
    }

    /** Runs what may block; refuses with a RejectedExecutionException when too much is waiting. */
    Executor openers() {
        return openers;
    }
}
