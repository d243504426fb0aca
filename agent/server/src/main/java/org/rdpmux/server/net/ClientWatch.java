// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks every now and then whether a client's machine still answers. Lives on the channel's loop. */
final class ClientWatch implements AutoCloseable {

    private final EpollSocketChannel socket;
    private final Consumer<Boolean> reachable;
    private final Consumer<String> dead;
    private final AckWatch watch = new AckWatch();
    private final EpollTcpInfo info = new EpollTcpInfo();
    private final long origin = System.nanoTime();
    private final Future<?> timer;
    private boolean silent;

    /**
     * @param reachable told when the client has become silent, and when it answers again
     * @param dead told why, once, when it will not come back
     */
    ClientWatch(EpollSocketChannel socket, Consumer<Boolean> reachable, Consumer<String> dead) {
        this.socket = socket;
        this.reachable = reachable;
        this.dead = dead;
        this.timer = socket.eventLoop()
                .scheduleAtFixedRate(
                        this::look, AckWatch.INTERVAL_NANOS, AckWatch.INTERVAL_NANOS, TimeUnit.NANOSECONDS);
    }

    private void look() {
        socket.tcpInfo(info);
        long sinceAck = TimeUnit.MILLISECONDS.toNanos(info.lastAckRecv());
        long waiting = info.unacked() + info.probes();
        AckWatch.State state = watch.on(waiting, sinceAck, System.nanoTime() - origin);
        if (silent != (state != AckWatch.State.ALIVE)) {
            silent = !silent;
            reachable.accept(!silent);
        }
        if (state == AckWatch.State.DEAD) {
            close();
            dead.accept(
                    "it has acknowledged nothing for " + TimeUnit.NANOSECONDS.toSeconds(AckWatch.DEAD_NANOS) + " s");
        }
    }

    @Override
    public void close() {
        timer.cancel(false);
    }
}
