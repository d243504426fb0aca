// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A virtual machine started as Proxmox VE starts it: with its directory of sockets and the command line of qemu-server, but
 * for {@code -daemonize} and for {@code -id}, which only Proxmox's own QEMU takes, and with software emulation. Nothing boots:
 * the firmware says so.
 */
final class ProxmoxVm {

    private final Programs programs;
    private final Path run;
    private final int vmid;
    private final String name;
    private Background qemu;

    /** @param run what stands for {@code /run/qemu-server} */
    ProxmoxVm(Programs programs, Path run, int vmid, String name) {
        this.programs = programs;
        this.run = run;
        this.vmid = vmid;
        this.name = name;
    }

    /** Starts it and waits until its sockets are there; those of an earlier run are removed. */
    ProxmoxVm start() {
        try {
            Files.deleteIfExists(file("qmp"));
            Files.deleteIfExists(file("vnc"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        qemu = programs.start(command().toArray(String[]::new));
        Wait.until("QEMU is up", () -> Files.exists(file("qmp")) && Files.exists(file("vnc")), qemu::output);
        return this;
    }

    private Path file(String extension) {
        return run.resolve(vmid + "." + extension);
    }

    private List<String> command() {
        return List.of(
                "qemu-system-x86_64",
                "-name",
                name + ",debug-threads=on",
                "-no-shutdown",
                "-chardev",
                "socket,id=qmp,path=" + file("qmp") + ",server=on,wait=off",
                "-mon",
                "chardev=qmp,mode=control",
                "-chardev",
                "socket,id=qmp-event,path=" + run.resolve("qmeventd.sock") + ",reconnect=5",
                "-mon",
                "chardev=qmp-event,mode=control",
                "-pidfile",
                file("pid").toString(),
                "-smbios",
                "type=1,uuid=3b7f1ad4-9f3c-4e0a-8f1c-1d2d6a6b7c8d",
                "-smp",
                "1,sockets=1,cores=1,maxcpus=1",
                "-nodefaults",
                "-boot",
                "menu=on,strict=on,reboot-timeout=1000",
                "-vnc",
                "unix:" + file("vnc") + ",password=on",
                "-cpu",
                "qemu64",
                "-m",
                "64",
                "-device",
                "piix3-usb-uhci,id=uhci,bus=pci.0,addr=0x1.0x2",
                "-device",
                "usb-tablet,id=tablet,bus=uhci.0,port=1",
                "-device",
                "VGA,id=vga,bus=pci.0,addr=0x2",
                "-machine",
                "type=pc");
    }

    /** Ends the process the hard way; its files stay. */
    void kill() {
        qemu.signal("KILL");
        qemu.awaitEnd();
    }

    /** Ends it as a shutdown does; it removes its file. */
    void stop() {
        qemu.signal("TERM");
        qemu.awaitEnd();
    }

    /** Has the monitor for itself until it is closed, as Proxmox does for a moment each time. */
    Monitor monitor() {
        return new Monitor();
    }

    /** A client of the monitor. */
    final class Monitor implements AutoCloseable {
        private final SocketChannel channel;
        private final BufferedReader answers;

        private Monitor() {
            try {
                channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                channel.connect(UnixDomainSocketAddress.of(file("qmp")));
                answers = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
                answers.readLine(); // the greeting
                execute("{\"execute\": \"qmp_capabilities\"}");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String execute(String command) {
            try {
                channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
                String line = answers.readLine();
                while (line != null && line.contains("\"event\"")) {
                    line = answers.readLine();
                }
                if (line == null || line.startsWith("{\"error\"")) {
                    throw new AssertionError("QEMU answers " + command + " with " + line);
                }
                return line;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The guest's screen as QEMU has it, by a client of the monitor that is done with it afterwards. */
    Picture screenshot() {
        Path file = file("png");
        try (Monitor monitor = monitor()) {
            monitor.execute("{\"execute\": \"screendump\", \"arguments\": {\"filename\": \"" + file
                    + "\", \"format\": \"png\"}}");
        }
        return Picture.readImage(file);
    }

    /** The security types that the VNC display offers those who connect to its socket: 2 is a password. */
    String securityTypes() {
        try (SocketChannel vnc = SocketChannel.open(UnixDomainSocketAddress.of(file("vnc")))) {
            ByteBuffer version = ByteBuffer.allocate(12);
            while (version.hasRemaining()) {
                vnc.read(version);
            }
            vnc.write(version.flip());
            ByteBuffer count = ByteBuffer.allocate(1);
            vnc.read(count);
            ByteBuffer types = ByteBuffer.allocate(count.get(0));
            while (types.hasRemaining()) {
                vnc.read(types);
            }
            return Arrays.toString(types.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
