// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.proxmox;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The monitor of a QEMU that says what a test has it say, to one client after the other, and takes descriptors. */
final class ScriptedQemu {

    static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 0}}, \"capabilities\": [\"oob\"]}}\r\n";
    static final String DONE = "{\"return\": {}}\r\n";

    private static final int SHUT_RDWR = 2;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** The C library. */
    private interface C extends Library {
        C LIBC = Native.load("c", C.class);

        int socket(int domain, int type, int protocol) throws LastErrorException;

        int bind(int fd, byte[] address, int length) throws LastErrorException;

        int listen(int fd, int backlog) throws LastErrorException;

        int accept(int fd, Memory address, int[] length) throws LastErrorException;

        long recvmsg(int fd, Memory message, int flags) throws LastErrorException;

        long send(int fd, byte[] bytes, long length, int flags) throws LastErrorException;

        int shutdown(int fd, int how) throws LastErrorException;

        int close(int fd) throws LastErrorException;
    }

    /** What happens with a client, until it is sent away. */
    @FunctionalInterface
    interface Script {
        void play(Client client) throws IOException;
    }

    /** A command as it arrived, and the descriptor that came with it or -1. */
    record Command(String line, int descriptor) {}

    private final int listening;
    private final Thread thread;
    private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();

    ScriptedQemu(Path path, Script script) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        byte[] address = new byte[110];
        address[0] = 1; // AF_UNIX
        System.arraycopy(name, 0, address, 2, name.length);
        listening = C.LIBC.socket(1, 1, 0);
        C.LIBC.bind(listening, address, address.length);
        C.LIBC.listen(listening, 1);
        thread = new Thread(() -> serve(script), "qemu");
        thread.start();
    }

    private void serve(Script script) {
        try {
            while (true) {
                int fd = C.LIBC.accept(listening, null, null);
                try {
                    script.play(new Client(fd));
                } catch (IOException | LastErrorException e) {
                    // The client left.
                } finally {
                    C.LIBC.close(fd);
                }
            }
        } catch (LastErrorException e) {
            // The test ends.
        }
    }

    /** The next command that any client sent. */
    Command command() throws InterruptedException {
        Command command = commands.poll(30, TimeUnit.SECONDS);
        if (command == null) {
            throw new AssertionError("no command came");
        }
        return command;
    }

    boolean hasNoMoreCommands() {
        return commands.isEmpty();
    }

    /** Also closes the descriptors of commands that the test did not take. */
    void end() throws InterruptedException {
        C.LIBC.shutdown(listening, SHUT_RDWR);
        thread.join(TimeUnit.SECONDS.toMillis(30));
        C.LIBC.close(listening);
        commands.stream()
                .map(Command::descriptor)
                .filter(descriptor -> descriptor != QmpSocket.NO_DESCRIPTOR)
                .forEach(C.LIBC::close);
    }

    static void send(int fd, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        C.LIBC.send(fd, bytes, bytes.length, MSG_NOSIGNAL);
    }

    /** Receives one message; fails if there will be none. */
    static Command receive(int fd) throws IOException {
        Memory block = new Memory(96 + 4096); // msghdr, iovec, cmsghdr for one descriptor, text
        block.clear();
        block.setPointer(16, block.share(56));
        block.setLong(24, 1);
        block.setPointer(32, block.share(72));
        block.setLong(40, 24);
        block.setPointer(56, block.share(96));
        block.setLong(64, 4096);
        int length = (int) C.LIBC.recvmsg(fd, block, 0);
        if (length == 0) {
            throw new IOException("the other end left");
        }
        int descriptor = block.getLong(40) == 0 ? -1 : block.getInt(72 + 16);
        return new Command(new String(block.getByteArray(96, length), StandardCharsets.UTF_8), descriptor);
    }

    /** A client that is being served. */
    final class Client {
        private final int fd;

        Client(int fd) {
            this.fd = fd;
        }

        void say(String text) {
            send(fd, text);
        }

        /** Takes a command, which comes as one message, and keeps it for the test. */
        void take() throws IOException {
            commands.add(receive(fd));
        }

        /** Greets and carries out what it is told, until the client leaves. */
        void serve() throws IOException {
            say(GREETING);
            while (true) {
                take();
                say(DONE);
            }
        }
    }
}
