// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * Sends entries to systemd's journal by its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): the key-value pairs of an
 * event become fields, {@code console} the field {@code RDPMUX_CONSOLE}. Never waits: what the journal does not take at once
 * goes the other way. Any thread.
 */
final class JournalAppender extends AppenderBase<ILoggingEvent> {

    /** Where the journal listens. */
    static final String SOCKET = "/run/systemd/journal/socket";

    /** Bytes of one value. An entry has to go into one datagram, of some 200 kB. */
    static final int MAX_VALUE = 32 * 1024;

    private final DomainSocketAddress journal;
    private final Appender<ILoggingEvent> otherwise;
    /** Null while it cannot be reached. */
    private Socket socket;

    JournalAppender(String path, Appender<ILoggingEvent> otherwise) {
        this.journal = new DomainSocketAddress(path);
        this.otherwise = otherwise;
    }

    @Override
    protected void append(ILoggingEvent event) {
        ByteBuf entry = entry(event);
        try {
            if (!send(entry) && !send(entry)) { // again: the journal may have a new socket
                otherwise.doAppend(event);
            }
        } finally {
            entry.release();
        }
    }

    private boolean send(ByteBuf entry) {
        if (!Epoll.isAvailable()) { // loads what sockets of this kind need
            return false;
        }
        try {
            if (socket == null) {
                socket = Socket.newSocketDomainDgram();
                socket.connect(journal);
            }
            return socket.send(entry.nioBuffer(), 0, entry.readableBytes()) > 0;
        } catch (IOException e) {
            close();
            return false;
        }
    }

    private static ByteBuf entry(ILoggingEvent event) {
        ByteBuf entry = Unpooled.directBuffer();
        field(entry, "MESSAGE", LogSetup.Layout.text(event));
        field(entry, "PRIORITY", Integer.toString(LogSetup.Layout.priority(event.getLevel())));
        field(entry, "SYSLOG_IDENTIFIER", "rdpmux");
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(
                    pair -> field(entry, "RDPMUX_" + pair.key.toUpperCase(Locale.ROOT), String.valueOf(pair.value)));
        }
        return entry;
    }

    /** Values that hold a line feed have their length in front. */
    private static void field(ByteBuf entry, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MAX_VALUE);
        ByteBufUtil.writeAscii(entry, name);
        if (value.indexOf('\n') < 0) {
            entry.writeByte('=');
        } else {
            entry.writeByte('\n').writeLongLE(length);
        }
        entry.writeBytes(bytes, 0, length).writeByte('\n');
    }

    @Override
    public void stop() {
        super.stop();
        close();
    }

    private synchronized void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // INVARIANT: closed even so; there is nobody to tell
            }
            socket = null;
        }
    }
}
