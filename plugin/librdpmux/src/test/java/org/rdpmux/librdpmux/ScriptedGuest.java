// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** A guest's connection that says just what a test wants it to say. */
final class ScriptedGuest implements AutoCloseable {

    private static final String SP_HEADER = "0053500000100000";
    private static final String ZMTP_HANDSHAKE = "ff00000000000000017f03014e554c4c" + "00".repeat(48)
            + "04290552454144590b536f636b65742d54797065000000064445414c4552084964656e7469747900000000";
    private static final int ZMTP_HANDSHAKE_BYTES = 64 + 43;

    private final SocketChannel channel;
    private final String uuid;
    private final Deque<Byte> unread = new ArrayDeque<>();

    private ScriptedGuest(SocketChannel channel, String uuid) {
        this.channel = channel;
        this.uuid = uuid;
    }

    /** A connection on which nothing was said yet. */
    static ScriptedGuest connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        channel.configureBlocking(false);
        return new ScriptedGuest(channel, null);
    }

    static ScriptedGuest overNanomsg(Path socket) throws IOException {
        ScriptedGuest guest = connect(socket);
        guest.sendRaw(SP_HEADER);
        guest.expectRaw(SP_HEADER);
        return guest;
    }

    static ScriptedGuest overZeroMq(Path socket, String uuid) throws IOException {
        SocketChannel channel = connect(socket).channel;
        ScriptedGuest guest = new ScriptedGuest(channel, uuid);
        guest.sendRaw(ZMTP_HANDSHAKE);
        guest.take(ZMTP_HANDSHAKE_BYTES);
        return guest;
    }

    void sendRaw(String hex) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        Wait.until("the host reads", () -> {
            channel.write(bytes);
            return !bytes.hasRemaining();
        });
    }

    /** Writes as much as the host takes within a while, or until it has enough; how many bytes that is. */
    int flood(byte[] bytes, long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining() && System.nanoTime() < deadline) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            return buffer.position(); // closed, since the answers were not read
        }
        return buffer.position();
    }

    /** A message as its framing has it. */
    String framed(String payload) {
        String hex = payload + "00".repeat(Math.max(0, 24 - payload.length() / 2));
        if (uuid == null) {
            return "01" + "%016x".formatted(hex.length() / 2) + hex;
        }
        String name = HexFormat.of().formatHex(uuid.getBytes(StandardCharsets.US_ASCII));
        return "0124" + name + "00" + "%02x".formatted(hex.length() / 2) + hex;
    }

    void send(String payload) throws IOException {
        sendRaw(framed(payload));
    }

    /** The next payload from the host. */
    String receive() {
        if (uuid == null) {
            byte[] head = take(9);
            return HexFormat.of().formatHex(take(head[8]));
        }
        byte[] head = take(2 + 36 + 2);
        if (!new String(head, 2, 36, StandardCharsets.US_ASCII).equals(uuid)) {
            throw new AssertionError("a message for another guest");
        }
        return HexFormat.of().formatHex(take(head[39]));
    }

    private void expectRaw(String hex) {
        String came = HexFormat.of().formatHex(take(hex.length() / 2));
        if (!came.equals(hex)) {
            throw new AssertionError(came + " came, not " + hex);
        }
    }

    private byte[] take(int count) {
        Wait.until(count + " bytes came", () -> {
            if (unread.size() < count && !read()) {
                throw new AssertionError("the host closed the connection");
            }
            return unread.size() >= count;
        });
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            taken.write(unread.remove());
        }
        return taken.toByteArray();
    }

    /** Whether nothing waits to be read just now. */
    boolean isQuiet() throws IOException {
        read();
        return unread.isEmpty();
    }

    /** Waits until the host ends the connection; what it said before is dropped. */
    void awaitClosed() {
        Wait.until("the host closes the connection", () -> {
            unread.clear();
            return !read();
        });
    }

    /** Reads what there is; false at the end. */
    private boolean read() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        int count;
        try {
            count = channel.read(buffer);
        } catch (IOException e) {
            return false;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            unread.add(buffer.get());
        }
        return count >= 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
