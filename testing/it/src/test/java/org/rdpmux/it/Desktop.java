// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An X server without a screen, on which one RDP client runs full size at the top left corner, as its user would see it.
 * The server is larger than the guest, so that the X pointer can be parked outside the client's window.
 */
final class Desktop {

    private static final int WIDTH = 1600;
    private static final int HEIGHT = 1300;

    private final Programs programs;
    private final int width;
    private final int height;
    private final Path directory;
    private final Path input;
    private final String display;

    /** Large enough for the guests of most tests. */
    Desktop(Programs programs) {
        this(programs, WIDTH, HEIGHT);
    }

    Desktop(Programs programs, int width, int height) {
        this.programs = programs;
        this.width = width;
        this.height = height;
        directory = programs.newDirectory("desktop");
        // Servers that choose a free display themselves may choose the same when several start at once.
        display =
                Wait.value("a display", () -> start(ThreadLocalRandom.current().nextInt(100, 60_000)));
        try {
            input = Files.writeString(directory.resolve("input"), "yes\n".repeat(20));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts an X server and gives its display, unless somebody has that already. */
    private Optional<String> start(int number) {
        Background server = programs.start(
                "Xvfb",
                ":" + number,
                "-screen",
                "0",
                width + "x" + height + "x24",
                "-fbdir",
                directory.toString(),
                "-displayfd", // says the number when it is ready
                "1",
                "-nolisten",
                "tcp",
                "-noreset",
                "-extension", // newer ones offer visuals with red and blue swapped; rdesktop takes those at 16 bits
                "GLX",
                "-r"); // a key that a busy machine lets go late is not typed twice
        Wait.until(
                "Xvfb is ready or gone",
                () -> !server.isAlive() || server.output().lines().anyMatch(Integer.toString(number)::equals),
                server::output);
        return server.isAlive() ? Optional.of(":" + number) : Optional.empty();
    }

    /** Its name, as {@code DISPLAY} has it. */
    String display() {
        return display;
    }

    /** Starts a client on this display. To what it asks, such as whether it shall trust a certificate, it hears yes. */
    Background start(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(input.toFile());
        builder.environment().put("DISPLAY", display);
        builder.environment().put("HOME", directory.toString());
        Background client = programs.launch(builder);
        programs.atEnd(() -> {
            client.end();
            // xfreerdp 2 forgets it when it is ended by a signal
            String left = String.format("com.freerdp.xfreerdp.tsmf_%016X", client.pid());
            Files.deleteIfExists(Path.of("/dev/shm", left));
        });
        return client;
    }

    /** Runs xdotool: keys and buttons as a user's. */
    void type(String... xdotool) {
        List<String> command = new ArrayList<>(List.of("env", "DISPLAY=" + display, "xdotool"));
        command.addAll(List.of(xdotool));
        Programs.run(command.toArray(String[]::new));
    }

    /** Moves the X pointer out of the client's window, so that it is not in the picture. */
    void parkPointer() {
        type("mousemove", Integer.toString(width - 1), Integer.toString(height - 1));
    }

    /** What stands in the top left corner now. */
    Picture picture(int width, int height) {
        return Picture.readWindowDump(directory.resolve("Xvfb_screen0"), width, height);
    }

    Picture picture() {
        return picture(width, height);
    }
}
