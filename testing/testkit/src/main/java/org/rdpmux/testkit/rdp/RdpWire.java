// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.pdu.Pdu;

/**
 * A socket that speaks RDP frames, in the clear and then in TLS. Whatever certificate the server has is accepted. One
 * thread may read while others write.
 */
public final class RdpWire implements Closeable {

    private static final int READ_SIZE = 16 * 1024;

    private final AtomicLong received = new AtomicLong();
    private final ByteBuf pending = Unpooled.buffer();
    private final byte[] chunk = new byte[READ_SIZE];
    private volatile Socket socket;

    private RdpWire(Socket socket) {
        this.socket = socket;
    }

    /** Connects; reads fail with a SocketTimeoutException after {@code timeout} without a byte. */
    public static RdpWire connect(InetSocketAddress address, Duration timeout) throws IOException {
        return connect(new InetSocketAddress(0), address, timeout);
    }

    /** As {@link #connect(InetSocketAddress, Duration)}, from an address of this machine; port 0 for any. */
    public static RdpWire connect(InetSocketAddress from, InetSocketAddress address, Duration timeout)
            throws IOException {
        Socket socket = new Socket();
        socket.bind(from);
        socket.connect(address, (int) timeout.toMillis());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) timeout.toMillis());
        return new RdpWire(socket);
    }

    /** Bytes read so far, without what TLS adds. */
    public long received() {
        return received.get();
    }

    /** Waits without limit from now on. */
    void waitForever() throws IOException {
        socket.setSoTimeout(0);
    }

    /** Does the TLS handshake; everything after it is encrypted. */
    public SSLSocket startTls() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
            Socket plain = socket;
            SSLSocket secure = (SSLSocket) context.getSocketFactory()
                    .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
            secure.setUseClientMode(true);
            secure.startHandshake();
            socket = secure;
            return secure;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS", e);
        }
    }

    /** Writes one PDU. */
    public void send(Pdu pdu) throws IOException {
        ByteBuf out = Unpooled.buffer(pdu.size());
        pdu.encode(out);
        send(out.array(), out.arrayOffset() + out.readerIndex(), out.readableBytes());
    }

    /** Writes bytes as they are. */
    public void send(byte[] bytes) throws IOException {
        send(bytes, 0, bytes.length);
    }

    private synchronized void send(byte[] bytes, int offset, int length) throws IOException {
        socket.getOutputStream().write(bytes, offset, length);
        socket.getOutputStream().flush();
    }

    /**
     * Reads one PDU as {@link FrameSplitter} cuts it.
     *
     * @throws EOFException if the server has closed the connection
     */
    public ByteBuf readFrame() throws IOException {
        while (true) {
            int length = FrameSplitter.nextLength(pending, FrameSplitter.MAX_LENGTH);
            if (length != FrameSplitter.INCOMPLETE && pending.readableBytes() >= length) {
                ByteBuf frame = Unpooled.copiedBuffer(pending.readSlice(length));
                pending.discardReadBytes();
                return frame;
            }
            int count = socket.getInputStream().read(chunk);
            if (count < 0) {
                throw new EOFException("closed by the server");
            }
            received.addAndGet(count);
            pending.writeBytes(chunk, 0, count);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
