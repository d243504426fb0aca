// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What {@code /proc} knows of processes. Reads are short and do not block. */
final class ProcessTable {

    /** More than the kernel lets a process map by default. */
    private static final int MAX_MAPS_LINES = 100_000;

    /** As much as the kernel lets a program be started with; a process can make it look like more. */
    static final int MAX_COMMAND_LINE = 2 << 20;

    private static final int STATE_FIELD = 0;
    private static final int START_TIME_FIELD = 19;
    private static final int EFFECTIVE_UID_COLUMN = 2;

    private final Path proc;

    ProcessTable(Path proc) {
        this.proc = proc;
    }

    ProcessTable() {
        this(Path.of("/proc"));
    }

    /** The process with this number, unless it is gone or a zombie. */
    Optional<ProcessIdentity> identify(int pid) {
        if (pid < 1) {
            return Optional.empty();
        }
        Path directory = proc.resolve(Integer.toString(pid));
        try {
            String stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
            // the command stands in parentheses and may contain any byte
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
            String state = fields[STATE_FIELD];
            if (state.equals("Z") || state.equals("X")) {
                return Optional.empty();
            }
            long startTime = Long.parseLong(fields[START_TIME_FIELD]);
            return Optional.of(new ProcessIdentity(pid, startTime, effectiveUser(directory)));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Not the directory's owner: that is root for a process that may not be traced, whoever runs it. */
    private static long effectiveUser(Path directory) throws IOException {
        for (String line : Files.readAllLines(directory.resolve("status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("Uid:")) {
                return Long.parseLong(line.split("\t")[EFFECTIVE_UID_COLUMN]);
            }
        }
        throw new IOException("no user in " + directory.resolve("status"));
    }

    /** Whether that very process still runs. */
    boolean isAlive(ProcessIdentity process) {
        return identify(process.pid())
                .filter(now -> now.startTime() == process.startTime())
                .isPresent();
    }

    /** Identifies this boot: start times of another boot mean nothing. */
    String bootId() {
        try {
            return Files.readString(proc.resolve("sys/kernel/random/boot_id")).trim();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** The process's arguments, as it would have them seen; empty if they are not to be had. */
    List<String> commandLine(int pid) {
        try (InputStream in =
                Files.newInputStream(proc.resolve(Integer.toString(pid)).resolve("cmdline"))) {
            String line = new String(in.readNBytes(MAX_COMMAND_LINE), StandardCharsets.ISO_8859_1);
            return List.of(line.split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * What a reader makes of the lines of the process's memory map, which are not to be kept: there may be very many.
     *
     * @throws IOException if they are not to be had: the process is gone, or is none of our business
     */
    <T> T maps(int pid, Function<Stream<String>, T> reader) throws IOException {
        try (Stream<String> lines =
                Files.lines(proc.resolve(Integer.toString(pid)).resolve("maps"), StandardCharsets.ISO_8859_1)) {
            return reader.apply(lines.limit(MAX_MAPS_LINES));
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** All processes' numbers. */
    List<Integer> pids() throws IOException {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[1-9]*")) {
            for (Path entry : entries) {
                pids.add(Integer.parseInt(entry.getFileName().toString()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NumberFormatException e) {
            throw new IOException("a name in " + proc + " is no number", e);
        }
        return pids;
    }
}
