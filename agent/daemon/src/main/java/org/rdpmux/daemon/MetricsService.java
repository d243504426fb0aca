// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.control.ControlServer;
import org.rdpmux.daemon.control.MetricsServer;
import org.rdpmux.daemon.service.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for monitoring systems, if the configuration names an address. Consoles are served whether or not that works. */
final class MetricsService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsService.class);

    private final EventLoopGroup loop;
    private final Optional<InetSocketAddress> address;
    private final ControlServer.Sources sources;
    private Optional<MetricsServer> server = Optional.empty();
    private boolean closed;
    private String problem = "";

    MetricsService(EventLoopGroup loop, AgentConfig config, ControlServer.Sources sources) {
        this.loop = loop;
        this.address = config.get(Key.METRICS_LISTEN);
        this.sources = sources;
    }

    @Override
    public void start() {
        listen();
    }

    /** Tries again if the address could not be had. From any thread. */
    synchronized void listen() {
        if (address.isEmpty() || server.isPresent() || closed) {
            return;
        }
        try {
            server = Optional.of(MetricsServer.listen(loop, address.get(), sources));
            problem = "";
        } catch (IOException e) {
            if (problem.isEmpty()) {
                LOG.warn("{}; it is tried again", e.getMessage());
            }
            problem = e.getMessage() + "; choose another " + Key.METRICS_LISTEN;
        }
    }

    @Override
    public synchronized List<String> problems() {
        return problem.isEmpty() ? List.of() : List.of(problem);
    }

    @Override
    public synchronized void close() {
        closed = true;
        server.ifPresent(MetricsServer::close);
    }
}
