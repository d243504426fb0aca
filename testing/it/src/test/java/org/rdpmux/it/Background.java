// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program that runs beside the test, and its log. */
final class Background {

    final Path log;
    private final String name;
    private final Process process;

    Background(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has said so far. */
    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitOutput(String text) {
        Wait.until(this + " says '" + text + "'", () -> output().contains(text), this::output);
    }

    /** Sends a signal by name, such as {@code KILL} or {@code STOP}. */
    void signal(String signal) {
        Programs.run("kill", "-" + signal, Long.toString(pid()));
    }

    /** Writes a line to its standard input. */
    void enter(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Waits for the end and gives the exit status. */
    int awaitEnd() {
        Wait.until(this + " ends", () -> !process.isAlive());
        return process.exitValue();
    }

    /** Processor time used so far. */
    Duration cpu() {
        return process.toHandle().info().totalCpuDuration().orElseThrow();
    }

    /** Resident memory in kB. */
    long residentKilobytes() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int openFiles() {
        try (var files = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the program if it runs, politely at first: an X server that is killed leaves its socket behind. */
    void end() {
        if (process.isAlive()) {
            signal("CONT");
            process.destroy();
            CompletableFuture<Process> end = process.onExit();
            try {
                end.get(Wait.LIMIT.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                process.destroyForcibly();
                end.join();
            } catch (ExecutionException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public String toString() {
        return name + " (" + (process.isAlive() ? "runs" : "ended with " + process.exitValue()) + ")";
    }
}
