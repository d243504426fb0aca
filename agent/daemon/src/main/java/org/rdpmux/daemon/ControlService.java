// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import org.rdpmux.control.ControlProtocol;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.control.ControlServer;
import org.rdpmux.daemon.service.Service;

/** Listens on the control socket while the agent runs. */
final class ControlService implements Service {

    private final EventLoopGroup loop;
    private final Path socket;
    private final String group;
    private final ControlServer.Handler requests;
    private ControlServer server;

    ControlService(EventLoopGroup loop, AgentConfig config, ControlServer.Handler requests) {
        this.loop = loop;
        this.socket = config.get(Key.RUNTIME_DIRECTORY).resolve("control.sock");
        this.group = config.get(Key.CONTROL_GROUP);
        this.requests = requests;
    }

    @Override
    public void start() throws IOException {
        server = ControlServer.listen(loop, socket, group, ControlProtocol.DEADLINE, requests);
    }

    @Override
    public void close() {
        server.close();
    }
}
