// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Runs real programs for a test class and ends them again, by process id: what a test starts when it has run, what {@code
 * @BeforeAll} starts when all have. A failure comes with what the programs said last, and their logs are kept in {@code
 * testing/it/target/failed}. Register it static; one thread.
 */
final class Programs
        implements BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {

    private static final int TOLD_LINES = 25;
    private static final int RUN_SECONDS = 300;

    private final Path directory;
    private final Deque<Cleanup> open = new ArrayDeque<>();
    private final List<Background> started = new ArrayList<>();
    private int opened;
    private int numbers;

    Programs() {
        directory = Wait.value("a directory", Programs::newShortDirectory);
    }

    private static Optional<Path> newShortDirectory() {
        String name = "rdpmux-" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 30), 36);
        try {
            return Optional.of(Files.createDirectory(Path.of("/tmp", name)));
        } catch (FileAlreadyExistsException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** A scratch directory of this class, with a path short enough for sockets. */
    Path directory() {
        return directory;
    }

    /** A new directory in it. */
    Path newDirectory(String name) {
        try {
            return Files.createDirectory(directory.resolve(name + "-" + ++numbers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        Background background = launch(builder);
        atEnd(background::end);
        return background;
    }

    /** Likewise; the caller ends it. */
    Background launch(ProcessBuilder builder) {
        String name = Path.of(builder.command().get(0)).getFileName().toString();
        Path log = directory.resolve(++numbers + "-" + name + ".log");
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Background background = new Background(name, process, log);
            started.add(background);
            return background;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program to its end and gives its output; fails if it does not succeed. */
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
                if (!process.waitFor(RUN_SECONDS, TimeUnit.SECONDS)) {
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

    // ---- with the test's life

    @Override
    public void beforeEach(ExtensionContext context) {
        opened = open.size();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        endDownTo(opened);
        started.removeIf(program -> !program.isAlive());
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        endDownTo(0);
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Ends what was started: the last first, since later things may hang on earlier ones, and each even if another failed. */
    private void endDownTo(int count) {
        if (open.size() > count) {
            try {
                open.pop().run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                endDownTo(count);
            }
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withWhatProgramsSaid(context, failure);
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withWhatProgramsSaid(context, failure);
    }

    private Throwable withWhatProgramsSaid(ExtensionContext context, Throwable failure) throws IOException {
        if (failure instanceof TestAbortedException) {
            return failure;
        }
        Path kept = failed(context.getRequiredTestClass().getSimpleName());
        StringBuilder text =
                new StringBuilder(failure + "\nThe programs' logs are in " + kept + " and say at the end:");
        for (Background program : started) {
            Files.copy(program.log, kept.resolve(program.log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            List<String> lines = program.output().lines().toList();
            text.append("\n--- ").append(program);
            lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size())
                    .forEach(line -> text.append('\n').append(line));
        }
        return new AssertionError(text.append("\n---").toString(), failure);
    }

    /** Where something is kept for people to look at what failed. */
    static Path failed(String name) throws IOException {
        return Files.createDirectories(
                root().resolve("testing/it/target/failed").resolve(name));
    }

    /** Ends one thing. */
    interface Cleanup {
        void run() throws IOException;
    }
}
