// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.rdpmux.control.ControlApi;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.control.ControlServer;
import org.rdpmux.daemon.service.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on a control socket while the agent runs, and looks after the socket's file. */
final class ControlService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(ControlService.class);

    private final EventLoopGroup loop;
    private final ControlServer.Terms terms;
    private final ControlServer.Sources sources;
    private volatile ControlServer server;
    private volatile boolean started;
    private String problem = "";

    private ControlService(EventLoopGroup loop, ControlServer.Terms terms, ControlServer.Sources sources) {
        this.loop = loop;
        this.terms = terms;
        this.sources = sources;
    }

    /** The socket for everything. */
    static ControlService full(EventLoopGroup loop, AgentConfig config, ControlServer.Sources sources) {
        return new ControlService(loop, terms(config, ControlApi.SOCKET, Key.CONTROL_GROUP, false), sources);
    }

    /** The socket at which nothing can be changed. */
    static ControlService readOnly(EventLoopGroup loop, AgentConfig config, ControlServer.Sources sources) {
        return new ControlService(
                loop, terms(config, ControlApi.READ_ONLY_SOCKET, Key.CONTROL_READ_GROUP, true), sources);
    }

    private static ControlServer.Terms terms(AgentConfig config, String name, Key<String> group, boolean readOnly) {
        return new ControlServer.Terms(
                config.get(Key.RUNTIME_DIRECTORY).resolve(name),
                config.get(group),
                group.name(),
                readOnly,
                ControlApi.DEADLINE);
    }

    @Override
    public void start() throws IOException {
        server = listen();
        started = true;
    }

    private ControlServer listen() throws IOException {
        return ControlServer.listen(loop, terms, sources);
    }

    /** Makes the socket again if somebody removed it. On the agent thread. */
    void check() {
        Path socket = terms.socket();
        if (!started || server.isReachable()) {
            problem = "";
            return;
        }
        try {
            if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(socket + " is something else now");
            }
            server.close(); // Netty removes the file by its name
            Files.createDirectories(socket.getParent());
            server = listen();
            problem = "";
            LOG.warn("the control socket {} had been removed; it was made again", socket);
        } catch (IOException e) {
            if (problem.isEmpty()) {
                LOG.warn("the control socket was removed and cannot be made again: {}", e.getMessage());
            }
            problem = "nobody reaches the agent at " + socket + ": " + e.getMessage();
        }
    }

    @Override
    public List<String> reload(AgentConfig config) {
        check();
        return problems();
    }

    @Override
    public List<String> problems() {
        return problem.isEmpty() ? List.of() : List.of(problem);
    }

    @Override
    public void close() {
        server.close();
    }
}
