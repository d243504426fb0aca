// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.rdpmux.control.ControlProtocol;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.control.ControlServer;
import org.rdpmux.daemon.service.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the control socket while the agent runs, and looks after the socket's file. */
final class ControlService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(ControlService.class);

    private final EventLoopGroup loop;
    private final Path socket;
    private final String group;
    private final ControlServer.Handler requests;
    private volatile ControlServer server;
    private volatile boolean started;
    private String problem = "";

    ControlService(EventLoopGroup loop, AgentConfig config, ControlServer.Handler requests) {
        this.loop = loop;
        this.socket = config.get(Key.RUNTIME_DIRECTORY).resolve("control.sock");
        this.group = config.get(Key.CONTROL_GROUP);
        this.requests = requests;
    }

    @Override
    public void start() throws IOException {
        server = listen();
        started = true;
    }

    private ControlServer listen() throws IOException {
        return ControlServer.listen(loop, socket, group, ControlProtocol.DEADLINE, requests);
    }

    /** Makes the socket again if somebody removed it. On the agent thread. */
    void check() {
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
            problem = "rdpmuxctl does not reach the agent: " + e.getMessage();
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
