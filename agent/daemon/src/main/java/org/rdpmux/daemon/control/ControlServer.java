// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.PeerCredentials;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.rdpmux.control.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a control socket and hands requests over. The file's mode lets in root, the agent's user, and the members of
 * the socket's group if there is one; who connected is checked once more, since a file's mode is easily changed. May be used
 * from any thread.
 */
public final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    /** People and scripts at a time; each is served within milliseconds. */
    static final int MAX_CLIENTS = 32;

    /** So many more may root and the agent's user be, whom others cannot keep out then. */
    static final int RESERVED = 16;

    /** Connections that are told to try again; any more are closed without a word. */
    static final int MAX_CONNECTIONS = 256;

    /** Of Linux: {@code sun_path} has 108 bytes, the last of which is zero. */
    private static final int MAX_PATH_BYTES = 107;

    private final Path socket;
    private final Channel channel;
    private final Object file;

    /** Answers requests; called on the control thread, must not block. */
    @FunctionalInterface
    public interface Handler {
        /** Never fails: whatever goes wrong is a {@link Reply.Refused}. */
        CompletionStage<Reply> handle(Request request, Client client);
    }

    /**
     * What clients may ask for.
     *
     * @param requests carries them out
     * @param events for clients that watch them; belongs to the loop
     * @param monitor for monitoring systems
     */
    public record Sources(Handler requests, EventLog events, Monitor monitor) {}

    /**
     * A socket and who may do what there.
     *
     * @param socket its path
     * @param group whose members may connect; empty for none
     * @param key of the configuration that names the group
     * @param readOnly whether nothing can be changed there
     * @param deadline for a client to send a request and to take the answer
     */
    public record Terms(Path socket, String group, String key, boolean readOnly, Duration deadline) {}

    private ControlServer(Path socket, Channel channel) throws IOException {
        this.socket = socket;
        this.channel = channel;
        this.file = fileKey(socket);
    }

    /** Which file it is, whatever its name. */
    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Whether the socket's name still leads to this server. */
    public boolean isReachable() {
        try {
            return file.equals(fileKey(socket));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Begins to listen; a socket that another life left behind is replaced.
     *
     * @throws IOException if that is not possible, with a sentence
     */
    public static ControlServer listen(EventLoopGroup loop, Terms terms, Sources sources) throws IOException {
        Path socket = terms.socket();
        if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new IOException("the path of the control socket is too long for one: " + socket
                    + "; choose a shorter runtime.directory");
        }
        int ownUid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        AtomicInteger clients = new AtomicInteger();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<EpollDomainSocketChannel>() {
                    @Override
                    protected void initChannel(EpollDomainSocketChannel client) throws IOException {
                        int count = clients.incrementAndGet();
                        client.closeFuture().addListener(closed -> clients.decrementAndGet());
                        if (count > MAX_CONNECTIONS) {
                            client.close();
                            return;
                        }
                        PeerCredentials credentials = client.peerCredentials();
                        boolean trusted = credentials.uid() == 0 || credentials.uid() == ownUid;
                        Peer peer = Peer.of(credentials.pid(), credentials.uid(), trusted);
                        ApiRequests requests =
                                new ApiRequests(peer, terms.readOnly() ? Reach.LOOKING : Reach.EVERYTHING, sources);
                        HttpConnection.serve(client, requests, terms.deadline(), refusal(peer, terms, count));
                    }
                });
        Files.deleteIfExists(socket);
        // Under its own name at once: whoever asks the kernel which sockets live looks for that name.
        Channel channel = bind(bootstrap, socket);
        try {
            requireClosedToOthers(socket);
            admit(terms);
            return new ControlServer(socket, channel);
        } catch (IOException e) {
            channel.close().syncUninterruptibly();
            throw e;
        }
    }

    /** Until its mode is set, only the umask keeps others out; bin/rdpmux and the unit see to that. */
    private static void requireClosedToOthers(Path socket) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(socket);
        if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("the umask lets others write to what this process makes, such as " + socket
                    + "; start it with umask 022");
        }
    }

    private static Channel bind(ServerBootstrap bootstrap, Path path) throws IOException {
        try {
            return bootstrap
                    .bind(new DomainSocketAddress(path.toString()))
                    .syncUninterruptibly()
                    .channel();
        } catch (Exception e) { // Netty throws what it met, checked or not
            throw new IOException("cannot listen on the control socket " + path + ": " + e.getMessage(), e);
        }
    }

    private static void admit(Terms terms) throws IOException {
        Path socket = terms.socket();
        String group = terms.group();
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
        if (group.isEmpty()) {
            return;
        }
        try {
            GroupPrincipal principal =
                    socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
            Files.getFileAttributeView(socket, PosixFileAttributeView.class).setGroup(principal);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("there is no group '" + group + "', which " + terms.key() + " names", e);
        } catch (IOException e) {
            throw new IOException(
                    "the control socket cannot be given to the group '" + group + "': " + e.getMessage(), e);
        }
    }

    /** Empty if the peer may ask. */
    private static Optional<Reply.Refused> refusal(Peer peer, Terms terms, int clients) {
        if (!peer.trusted() && terms.group().isEmpty()) {
            LOG.warn("control socket: refused {}", peer);
            return Optional.of(new Reply.Refused(
                    HttpResponseStatus.FORBIDDEN,
                    "only root and the agent's own user may ask; " + terms.key() + " can name a group that may, too"));
        }
        return clients > (peer.trusted() ? MAX_CLIENTS + RESERVED : MAX_CLIENTS)
                ? Optional.of(new Reply.Refused(
                        HttpResponseStatus.SERVICE_UNAVAILABLE, "too many are asking at once; try again"))
                : Optional.empty();
    }

    public Path socket() {
        return socket;
    }

    /** Stops listening and removes the socket. Connections end with the loop they are served by. */
    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", socket, e.getMessage());
        }
    }
}
