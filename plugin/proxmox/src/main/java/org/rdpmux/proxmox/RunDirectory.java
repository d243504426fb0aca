// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.proxmox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rdpmux.proxmox.ProxmoxGuest.Qemu;

/**
 * Reads from Proxmox's directory which guests run: {@code VMID.pid} has the number of QEMU's process, and the process's
 * command line has the rest. A file that is left over from a process which ended, or whose number another process has by
 * now, is no guest.
 *
 * @param run where Proxmox keeps process numbers and sockets
 * @param configurations where it keeps {@code VMID.conf}, whose name counts more than the one that QEMU was started with
 * @param processes usually {@code /proc}
 */
record RunDirectory(Path run, Path configurations, Path processes) {

    /** More than a host runs. */
    static final int MAX_GUESTS = 10_000;

    private static final Pattern PID_FILE = Pattern.compile("([1-9][0-9]{0,8})\\.pid");

    /** A number and a line feed. */
    private static final int MAX_PID_FILE = 32;

    /** As much as the kernel lets a program be started with; a process can make it look like more. */
    private static final int MAX_COMMAND_LINE = 2 << 20;

    /** Of one guest, with a description and all its snapshots; the name stands before them. */
    private static final int MAX_CONFIGURATION = 64 << 10;

    private static final String NAME_KEY = "name:";

    /** Proxmox allows longer ones, people do not read them. */
    private static final int MAX_NAME = 64;

    /** Of {@code /proc/PID/stat}, counted from the field behind the command's name, which has number 3. */
    private static final int START_TIME = 22 - 3;

    private static final int MAX_STAT = 4096;

    /**
     * The guests that run now, by VMID.
     *
     * @throws IOException if the directory cannot be read
     */
    List<ProxmoxGuest> guests() throws IOException {
        List<ProxmoxGuest> guests = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(run, "*.pid")) {
            for (Path file : files) {
                Matcher name = PID_FILE.matcher(file.getFileName().toString());
                if (name.matches() && guests.size() < MAX_GUESTS) {
                    guest(Integer.parseInt(name.group(1)), file).ifPresent(guests::add);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        guests.sort(Comparator.comparingInt(ProxmoxGuest::vmid));
        return guests;
    }

    private Optional<ProxmoxGuest> guest(int vmid, Path file) {
        try {
            int pid = Integer.parseInt(read(file, MAX_PID_FILE).strip());
            Path process = processes.resolve(Integer.toString(pid));
            List<String> arguments =
                    List.of(read(process.resolve("cmdline"), MAX_COMMAND_LINE).split("\0"));
            // /var/run and /run are the same.
            if (after(arguments, "-pidfile")
                    .filter(path -> path.endsWith("/" + file.getFileName()))
                    .isEmpty()) {
                return Optional.empty();
            }
            Qemu qemu = new Qemu(
                    pid + "-" + startTime(process),
                    after(arguments, "-vnc")
                            .filter(value -> !value.equals("none"))
                            .isPresent(),
                    after(arguments, "-display")
                            .map(value -> List.of(value.split(",")))
                            .filter(words -> words.get(0).equals("dbus") && words.contains("p2p=on"))
                            .filter(words -> !words.contains("gl=on"))
                            .isPresent(),
                    after(arguments, "-k"));
            Optional<String> started = after(arguments, "-name").map(value -> value.split(",", 2)[0]);
            return Optional.of(guest(vmid, started, Optional.of(qemu)));
        } catch (AccessDeniedException e) {
            return Optional.of(guest(vmid, Optional.empty(), Optional.empty()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty(); // it has just ended, or is about to begin
        }
    }

    private ProxmoxGuest guest(int vmid, Optional<String> startedAs, Optional<Qemu> process) {
        String name = configuredName(vmid)
                .or(() -> startedAs)
                .map(text -> text.replaceAll("[^\\x21-\\x7e]", "?"))
                .map(text -> text.substring(0, Math.min(text.length(), MAX_NAME)))
                .filter(text -> !text.isEmpty())
                .orElse("vm" + vmid);
        return new ProxmoxGuest(vmid, name, process, run.resolve(vmid + ".qmp"));
    }

    /** Empty if it has none, or may not be read. */
    private Optional<String> configuredName(int vmid) {
        try {
            return read(configurations.resolve(vmid + ".conf"), MAX_CONFIGURATION)
                    .lines()
                    .takeWhile(line -> !line.startsWith("[")) // snapshots
                    .filter(line -> line.startsWith(NAME_KEY))
                    .map(line -> line.substring(NAME_KEY.length()).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String startTime(Path process) throws IOException {
        String stat = read(process.resolve("stat"), MAX_STAT);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        if (fields.length <= START_TIME) {
            throw new IOException("no start time");
        }
        return fields[START_TIME];
    }

    private static Optional<String> after(List<String> arguments, String option) {
        int at = arguments.indexOf(option);
        return at < 0 || at + 1 == arguments.size() ? Optional.empty() : Optional.of(arguments.get(at + 1));
    }

    /** Not from a pipe, which would wait for a writer. */
    private static String read(Path file, int limit) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is no file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(limit), StandardCharsets.ISO_8859_1);
        }
    }
}
