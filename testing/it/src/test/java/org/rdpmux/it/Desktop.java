// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An X server without a screen, on which one RDP client runs full size at the top left corner, as its user would see it.
 * The server is larger than the guests of the tests, so that the X pointer can be parked outside the client's window.
 */
final class Desktop {

    static final int WIDTH = 1600;
    static final int HEIGHT = 1300;

    private final Programs programs;
    private final Path framebuffer;
    private final String display;

    Desktop(Programs programs) {
        this.programs = programs;
        try {
            Path directory = Files.createTempDirectory(programs.directory(), "xvfb");
            framebuffer = directory.resolve("Xvfb_screen0");
            String found = null;
            // Servers that choose a free display themselves may choose the same when several start at once.
            for (int attempt = 0; attempt < 10 && found == null; attempt++) {
                found = start(directory, ThreadLocalRandom.current().nextInt(100, 60_000));
            }
            display = Objects.requireNonNull(found, "no display was to be had");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts an X server and gives its display, or null if somebody has that already. */
    private String start(Path directory, int number) {
        Path socket = Path.of("/tmp/.X11-unix/X" + number);
        if (Files.exists(socket)) {
            return null;
        }
        String screen = WIDTH + "x" + HEIGHT + "x24";
        Programs.Background server = programs.start(
                "Xvfb",
                ":" + number,
                "-screen",
                "0",
                screen,
                "-fbdir",
                directory.toString(),
                "-nolisten",
                "tcp",
                "-noreset");
        Programs.await("Xvfb is ready or gone", Duration.ofSeconds(20), () -> accepts(socket) || !server.isAlive());
        return server.isAlive() ? ":" + number : null;
    }

    /** Whether a client would be let in: the socket's file is there earlier. */
    private static boolean accepts(Path socket) {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return client.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Its name, as {@code DISPLAY} has it. */
    String display() {
        return display;
    }

    /** Starts a client on this display. */
    Programs.Background start(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DISPLAY", display);
        builder.environment().put("HOME", programs.directory().toString());
        return programs.start(builder);
    }

    /** Runs xdotool: keys and buttons as a user's. */
    void type(String... xdotool) {
        List<String> command = new ArrayList<>(List.of("env", "DISPLAY=" + display, "xdotool"));
        command.addAll(List.of(xdotool));
        Programs.run(command.toArray(String[]::new));
    }

    /** Moves the X pointer out of the client's window, so that it is not in the picture. */
    void parkPointer() {
        type("mousemove", Integer.toString(WIDTH - 1), Integer.toString(HEIGHT - 1));
    }

    /** What stands in the top left corner now. */
    Picture picture(int width, int height) {
        return Picture.readWindowDump(framebuffer).cropped(width, height);
    }

    Picture picture() {
        return Picture.readWindowDump(framebuffer);
    }
}
