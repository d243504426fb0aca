// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.rdpmux.daemon.access.AccessControl;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.ConfigReader;
import org.rdpmux.daemon.config.ConfigurationException;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.consoles.Displays;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.librdpmux.LibrdpmuxService;
import org.rdpmux.libvirt.DomainWatcher;
import org.rdpmux.qemudbus.QemuDisplayFactory;
import org.rdpmux.security.access.Logfmt;
import org.rdpmux.server.RdpServer;
import org.rdpmux.vnc.VncDisplayFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The rdpmux command: reads the command line, starts the agent, and ends it when a signal says so. */
@Command(
        name = "rdpmux",
        description = {
            "Gives every virtual machine of this host an RDP server.",
            "Runs in the foreground; SIGTERM and SIGINT end it, SIGHUP makes it read its configuration again."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:ended in good order", "1:cannot run; it says why", "2:wrong usage", "78:wrong configuration"
        })
public final class Main implements Callable<Integer> {

    /** EX_CONFIG of sysexits.h, which systemd shows by name. */
    static final int WRONG_CONFIGURATION = 78;

    private static final Path DEFAULT_FILE = Path.of("/etc/rdpmux/rdpmux.conf");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The configuration. Default: /etc/rdpmux/rdpmux.conf, and the defaults where that is missing.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets one key of the configuration, stronger than the file. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--check-config",
            description =
                    "Only says whether the configuration is right, and what clients will not like about certificates.")
    private boolean check;

    @Option(
            names = "--rehearse",
            hidden = true,
            description = "Starts and ends: the launcher archives what is loaded by then, for quicker starts.")
    private boolean rehearse;

    /** Runs until a signal ends it. */
    public static void main(String[] args) {
        LogSetup.install(System.getenv("JOURNAL_STREAM") != null);
        FatalErrors.endTheProcess();
        int status = new CommandLine(new Main()).execute(args);
        if (status != 0) {
            System.exit(status);
        }
        // Otherwise the shutdown hook runs already, or nothing but the JVM is left to end.
    }

    @Override
    public Integer call() throws Exception {
        AgentConfig config;
        try {
            config = read();
        } catch (ConfigurationException e) {
            e.problems().forEach(problem -> System.err.println("rdpmux: " + problem));
            return WRONG_CONFIGURATION;
        }
        if (check) {
            System.out.println("rdpmux: the configuration is right"
                    + config.file().map(path -> ": " + path).orElse(": there is no file, the defaults hold"));
            Clock clock = Clock.systemDefaultZone();
            Stream.concat(
                            HostCertificate.check(config, clock).stream(),
                            AccessControl.checkCertificates(config, clock).stream())
                    .forEach(problem -> System.err.println("rdpmux: warning: " + Logfmt.shown(problem)));
            return 0;
        }
        LogSetup.level(config.get(Key.LOG_LEVEL));
        return run(config);
    }

    private AgentConfig read() throws ConfigurationException {
        Optional<Path> chosen = Optional.ofNullable(file)
                .map(Path::toAbsolutePath)
                .or(() -> Optional.of(DEFAULT_FILE).filter(Files::exists));
        return ConfigReader.read(chosen, overrides);
    }

    private int run(AgentConfig config) throws InterruptedException {
        Logger log = LoggerFactory.getLogger(Main.class);
        Shutdown shutdown = new Shutdown();
        Runtime.getRuntime().addShutdownHook(new Thread(shutdown::requested, "shutdown"));
        try {
            prepareRuntimeDirectory(config.get(Key.RUNTIME_DIRECTORY));
            try (Agent agent = Agent.start(this::read, parts())) {
                HangUp.handle(agent::reloadAndLog);
                if (!rehearse) {
                    shutdown.awaitRequest();
                }
            }
            shutdown.succeeded();
            return 0;
        } catch (ConfigurationException e) {
            e.problems().forEach(log::error);
            return WRONG_CONFIGURATION;
        } catch (IOException e) {
            log.error("{}", e.getMessage());
            return 1;
        } finally {
            shutdown.done();
        }
    }

    /** Between the JVM, which ends when its hooks have returned, and the main thread, which has the agent to close. */
    private static final class Shutdown {
        private final CountDownLatch requested = new CountDownLatch(1);
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile boolean success;

        /** The hook. An end on request is a success; without halt, the status would be that of the signal. */
        void requested() {
            requested.countDown();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (success) {
                Runtime.getRuntime().halt(0);
            }
        }

        void awaitRequest() throws InterruptedException {
            requested.await();
        }

        void succeeded() {
            success = true;
        }

        void done() {
            done.countDown();
        }
    }

    private static void prepareRuntimeDirectory(Path directory) throws IOException {
        try {
            Files.createDirectories(directory);
            if (!Files.isWritable(directory)) {
                throw new AccessDeniedException(directory.toString());
            }
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "no permission to write to " + directory
                            + ": run this as root, or choose another runtime.directory",
                    e);
        } catch (IOException e) {
            throw new IOException(
                    "cannot make the runtime directory " + directory + " (" + StateDirectory.sentence(e)
                            + "): mend that, or choose another runtime.directory",
                    e);
        }
    }

    private static Agent.Parts parts() {
        return new Agent.Parts(
                pixels -> new Displays(Map.of(
                        VncDisplayFactory.TYPE,
                        new VncDisplayFactory(pixels),
                        QemuDisplayFactory.TYPE,
                        new QemuDisplayFactory(pixels))),
                RdpServer::new,
                DomainWatcher::new,
                LibrdpmuxService::new,
                Clock.systemDefaultZone(),
                Optional.ofNullable(System.getenv("NOTIFY_SOCKET")),
                LogSetup::level);
    }

    /** The version of the distribution. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"rdpmux " + ProcessInfo.version()};
        }
    }
}
