// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.librdpmux.GuestAccess;
import org.rdpmux.librdpmux.GuestRegistration;
import org.rdpmux.librdpmux.ProcessIdentity;
import org.rdpmux.librdpmux.ProtocolVersion;

/** A guest of version 5 that registered, of this process or of one that looks like QEMU. */
public record FakeGuest(String key, Optional<UUID> uuid, int port, Optional<String> credentials, int pid) {

    public static FakeGuest of(UUID uuid) {
        return new FakeGuest(uuid.toString(), Optional.of(uuid), 0, Optional.empty(), (int)
                ProcessHandle.current().pid());
    }

    static FakeGuest nameless(int number) {
        return new FakeGuest("process-" + number + "-1", Optional.empty(), 0, Optional.empty(), (int)
                ProcessHandle.current().pid());
    }

    FakeGuest port(int number) {
        return new FakeGuest(key, uuid, number, credentials, pid);
    }

    FakeGuest credentials(String file) {
        return new FakeGuest(key, uuid, port, Optional.of(file), pid);
    }

    FakeGuest pid(int number) {
        return new FakeGuest(key, uuid, port, credentials, number);
    }

    /** With a process whose command line has the UUID as QEMU's does; to be {@link #end ended}. */
    public FakeGuest runsDomain(Path directory) throws IOException {
        return pid(process(
                directory,
                "-name",
                "guest=named,debug-threads=on",
                "-uuid",
                uuid.orElseThrow().toString()));
    }

    /** The number of a process that sleeps, with these arguments. */
    static int process(Path directory, String... arguments) throws IOException {
        Path script = Files.writeString(directory.resolve("hypervisor"), "sleep 600 & wait\n");
        String[] command = new String[arguments.length + 2];
        command[0] = "sh";
        command[1] = script.toString();
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return (int) new ProcessBuilder(command).start().pid();
    }

    public static void end(GuestRegistration guest) {
        end(guest.process().pid());
    }

    static void end(int pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    public GuestRegistration build() {
        FakeGuest facts = this;
        return new GuestRegistration() {
            private volatile GuestAccess access = facts.credentials
                    .map(file -> GuestAccess.NONE.withFile(file).withAuthentication(true))
                    .orElse(GuestAccess.NONE);

            @Override
            public String key() {
                return facts.key;
            }

            @Override
            public int id() {
                return 1;
            }

            @Override
            public Optional<UUID> uuid() {
                return facts.uuid;
            }

            @Override
            public ProtocolVersion version() {
                return ProtocolVersion.V5;
            }

            @Override
            public ProcessIdentity process() {
                return new ProcessIdentity(pid, 1, 0);
            }

            @Override
            public int requestedPort() {
                return port;
            }

            @Override
            public GuestAccess access() {
                return access;
            }

            @Override
            public CompletableFuture<Void> changeAccess(UnaryOperator<GuestAccess> change) {
                return CompletableFuture.runAsync(() -> access = change.apply(access));
            }

            @Override
            public Path socket() {
                return Path.of("/run/guest.sock");
            }

            @Override
            public GuestDisplay openDisplay() {
                return FakeDisplay.of(800, 600);
            }
        };
    }
}
