// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemdNotifierTest {

    private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("notify-test", true), EpollIoHandler.newFactory());

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterAll
    static void stopLoop() {
        LOOP.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** What systemd does. */
    private Channel listen(String address) {
        return new Bootstrap()
                .group(LOOP)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
                        heard.add(packet.content().toString(StandardCharsets.US_ASCII));
                    }
                })
                .bind(new DomainSocketAddress(address))
                .syncUninterruptibly()
                .channel();
    }

    private String next() throws InterruptedException {
        return heard.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void tellsWhatHappensThroughAFile(@TempDir Path directory) throws Exception {
        String path = directory.resolve("notify").toString();
        Channel systemd = listen(path);
        SystemdNotifier manager = new SystemdNotifier(LOOP, Optional.of(path));
        manager.start();
        assertEquals("READY=1", next());
        manager.reloading();
        String reloading = next();
        assertTrue(reloading.matches("RELOADING=1\nMONOTONIC_USEC=[0-9]+"), reloading);
        manager.close();
        assertEquals("STOPPING=1", next());
        systemd.close().syncUninterruptibly();
    }

    @Test
    void tellsWhatHappensThroughAnAbstractName() throws Exception {
        String name = "rdpmux-test-" + UUID.randomUUID();
        Channel systemd = listen("\0" + name);
        new SystemdNotifier(LOOP, Optional.of("@" + name)).ready();
        assertEquals("READY=1", next());
        systemd.close().syncUninterruptibly();
    }

    @Test
    void isQuietWhereNobodyListensOrWantsToKnow(@TempDir Path directory) {
        new SystemdNotifier(LOOP, Optional.empty()).ready();
        new SystemdNotifier(LOOP, Optional.of("not an address")).ready();
        new SystemdNotifier(LOOP, Optional.of(directory.resolve("none").toString())).ready();
        assertNull(heard.poll());
    }
}
