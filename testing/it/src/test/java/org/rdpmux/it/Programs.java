// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Runs real programs for a test and ends them again, by process id. One instance serves one test class and one thread.
 */
final class Programs implements AutoCloseable {

    private final Path directory;
    private final Deque<Cleanup> open = new ArrayDeque<>();
    private int logs;

    Programs(Path directory) {
        this.directory = directory;
    }

    /** A scratch directory of this test. */
    Path directory() {
        return directory;
    }

    /** The checkout's root: the folder that holds run.sh. */
    static Path root() {
        Path path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("run.sh"))) {
            path = path.getParent();
            if (path == null) {
                throw new IllegalStateException("not inside a checkout");
            }
        }
        return path;
    }

    /** Registers something to be done at the end, last first. */
    void atEnd(Cleanup cleanup) {
        open.push(cleanup);
    }

    /** Starts a program in the background; its output goes to a log file in {@link #directory()}. */
    Background start(String... command) {
        return start(new ProcessBuilder(command));
    }

    Background start(ProcessBuilder builder) {
        String name = Path.of(builder.command().get(0)).getFileName().toString();
        Path log = directory.resolve(++logs + "-" + name + ".log");
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Background background = new Background(name, process, log);
            atEnd(background::end);
            return background;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program to its end and gives its output; fails if it does not succeed within a minute. */
    static String run(String... command) {
        Result result = result(command);
        if (result.status() != 0) {
            throw new AssertionError(
                    Arrays.toString(command) + " ended with " + result.status() + ": " + result.output());
        }
        return result.output();
    }

    /** Runs a program to its end, whatever that is. */
    static Result result(String... command) {
        try {
            Path output = Files.createTempFile("rdpmux-it", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(output.toFile())
                        .start();
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(Arrays.toString(command) + " did not end: " + Files.readString(output));
                }
                return new Result(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a program that ended left. */
    record Result(int status, String output) {}

    /** Waits until the condition holds; fails with the description after the limit. */
    static void await(String what, Duration limit, BooleanSupplier condition) {
        awaitValue(what, limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /** Waits until the condition holds; what was seen instead stands in the failure. */
    static void await(String what, Duration limit, BooleanSupplier condition, Supplier<?> seen) {
        try {
            await(what, limit, condition);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; seen: " + seen.get(), e);
        }
    }

    /** Waits until there is a value; fails with the description after the limit. */
    static <T> T awaitValue(String what, Duration limit, Supplier<Optional<T>> supplier) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> value = supplier.get();
            if (value.isPresent()) {
                return value.get();
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
            }
            pause(Duration.ofMillis(20));
        }
    }

    /** Lets real time go by, where what is tested is that nothing happens meanwhile. */
    static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Ends what was started: the last first, since later things may hang on earlier ones, and each even if another failed. */
    @Override
    public void close() {
        Cleanup last = open.poll();
        if (last != null) {
            try {
                last.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                close();
            }
        }
    }

    /** Ends one thing. */
    interface Cleanup {
        void run() throws IOException;
    }

    /** A running program. */
    static final class Background {
        private final String name;
        private final Process process;
        private final Path log;

        private Background(String name, Process process, Path log) {
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

        String output() {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void awaitOutput(String text, Duration limit) {
            await(name + " says '" + text + "'; it said: " + output(), limit, () -> output().contains(text));
        }

        /** Sends a signal by name, such as {@code KILL} or {@code STOP}. */
        void signal(String signal) {
            run("kill", "-" + signal, Long.toString(pid()));
        }

        /** Waits for the end and gives the exit status. */
        int awaitEnd(Duration limit) {
            await(name + " ends", limit, () -> !process.isAlive());
            return process.exitValue();
        }

        /** Processor time used so far. */
        Duration cpu() {
            return process.toHandle().info().totalCpuDuration().orElseThrow();
        }

        /** Resident memory in kB. */
        long residentKilobytes() {
            return statusNumber("VmRSS:");
        }

        int openFiles() {
            try (var files = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
                return (int) files.count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private long statusNumber(String key) {
            try {
                List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"));
                return lines.stream()
                        .filter(l -> l.startsWith(key))
                        .map(l -> l.replaceAll("[^0-9]", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElseThrow();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Ends the program if it runs, politely at first. */
        void end() {
            if (process.isAlive()) {
                signal("CONT");
                process.destroy();
                try {
                    process.onExit().get(5, TimeUnit.SECONDS);
                } catch (TimeoutException e) {
                    process.destroyForcibly().onExit().join();
                } catch (ExecutionException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
