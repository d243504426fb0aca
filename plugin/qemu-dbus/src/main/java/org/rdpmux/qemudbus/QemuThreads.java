// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads all D-Bus displays share: loops that read and copy, and openers that may block. All are daemons. */
final class QemuThreads {

    /** Reading is copying: a few threads saturate the memory of a host. */
    private static final int MAX_LOOPS = 8;
    /** Openers wait for a hypervisor, not for a processor. */
    private static final int MAX_OPENERS = 4;
    /** More displays than this in line to be opened are more than a host has virtual machines. */
    private static final int MAX_WAITING = 1024;

    private final MultiThreadIoEventLoopGroup loops;
    private final ThreadPoolExecutor openers;

    private QemuThreads() {
        int count = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), MAX_LOOPS));
        loops = new MultiThreadIoEventLoopGroup(
                count, new DefaultThreadFactory("dbus-display", true), EpollIoHandler.newFactory());
        openers = new ThreadPoolExecutor(
                MAX_OPENERS,
                MAX_OPENERS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING),
                new DefaultThreadFactory("dbus-open", true));
        openers.allowCoreThreadTimeOut(true);
    }

    private static final class Holder {
        static final QemuThreads SHARED = new QemuThreads();
    }

    /** Made with the first display that starts. */
    static QemuThreads shared() {
        return Holder.SHARED;
    }

    IoEventLoop nextLoop() {
        return loops.next();
    }

    /** Runs what may block; refuses with a RejectedExecutionException when too much is waiting. */
    Executor openers() {
        return openers;
    }
}
