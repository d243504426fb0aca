// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestSocketTest {

    @TempDir
    Path directory;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final AtomicBoolean alive = new AtomicBoolean(true);
    private final List<Object> accepted = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    private GuestSocket bind(ProcessIdentity process) {
        GuestSocket socket = new GuestSocket(directory.resolve("guest.sock"), process, who -> alive.get());
        socket.bind(loops.next(), accepted::add, refused::add).syncUninterruptibly();
        return socket;
    }

    @AfterEach
    void end() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void lateProcessesWithTheNumberOfTheGuestAreStrangers() throws Exception {
        GuestSocket socket = bind(RegistryFixture.SELF);
        try (ScriptedGuest script = ScriptedGuest.connect(socket.path())) {
            script.sendRaw("ff");
            Wait.until("the guest is let in", () -> accepted.size() == 1);
        }
        alive.set(false); // the guest has ended; whoever connects by its number now is another process
        try (ScriptedGuest script = ScriptedGuest.connect(socket.path())) {
            script.awaitClosed();
        }
        assertEquals(1, accepted.size());
        assertEquals(
                List.of("process " + RegistryFixture.SELF.pid() + " of user " + RegistryFixture.SELF.uid()), refused);
    }

    @Test
    void theSameProcessAsAnotherUserIsAStranger() throws Exception {
        ProcessIdentity self = RegistryFixture.SELF;
        GuestSocket socket = bind(new ProcessIdentity(self.pid(), self.startTime(), self.uid() + 1));
        try (ScriptedGuest script = ScriptedGuest.connect(socket.path())) {
            script.awaitClosed();
        }
        assertEquals(List.of(), accepted);
    }

    @Test
    void takesItsFileAway() {
        GuestSocket socket = bind(RegistryFixture.SELF);
        loops.next().submit(socket::close).syncUninterruptibly();
        Wait.until("the file is gone", () -> !Files.exists(socket.path()));
        assertFalse(Files.exists(socket.path()));
    }
}
