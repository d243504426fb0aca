// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Clients of a desktop: they draw their own frames around the picture, and are asked for passwords in windows. Run by {@code
 * testing/desktop-clients.sh}, which installs them. What they showed in the end is kept in {@code target/desktop-clients}.
 */
class DesktopClients {

    private static final int WIDTH = 1400;
    private static final int HEIGHT = 1000;
    /** Fewer than a caret that blinks leaves alone. */
    private static final int STILL_LOOKS = 4;

    private static final Picture PLAIN_WIDE = plain(1200, 300);
    private static final Picture PLAIN_TALL = plain(300, 1200);

    @RegisterExtension
    static Programs programs = new Programs();

    private static VncGuest guest;
    private static Agent agent;

    @BeforeAll
    static void start() {
        guest = new VncGuest(Scene.desktop(800, 600, 0));
        agent = new Agent(
                        programs, Map.of("libvirt.uri", "", "librdpmux.enabled", "no", "console.desk", guest.address()))
                .start();
    }

    @AfterAll
    static void close() throws IOException {
        guest.close();
    }

    private static Picture plain(int width, int height) {
        int[] pixels = new int[width * height];
        java.util.Arrays.fill(pixels, 0x20a060);
        return new Picture(width, height, pixels);
    }

    /** @param depth as Remmina numbers them: 63 to 66 take the graphics pipeline, 0 is RemoteFX */
    @ParameterizedTest
    @CsvSource({"66", "65", "64", "63", "0", "32", "24", "16"})
    void remminaShowsTheGuestExactlyThroughChangesOfSize(int depth) throws IOException {
        Desktop desktop = new Desktop(programs, WIDTH, HEIGHT);
        desktop.parkPointer();
        Path profile = programs.newDirectory("remmina").resolve("console.remmina");
        Files.writeString(profile, """
                [remmina]
                name=console
                protocol=RDP
                server=127.0.0.1:%d
                username=viewer
                colordepth=%d
                cert_ignore=1
                security=tls
                viewmode=1
                window_width=%d
                window_height=%d
                """.formatted(agent.awaitPort("desk"), depth, WIDTH, HEIGHT));
        Background client = session(
                desktop,
                "echo secret | remmina --update-profile " + profile + " --set-option password; exec remmina -c "
                        + profile);
        int bits = depth == 16 ? 16 : 32;
        for (int[] size : new int[][] {{800, 600}, {1280, 900}, {640, 480}}) {
            guest.show(Scene.desktop(size[0], size[1], size[0]));
            move();
            awaitShown(desktop, client, "remmina-" + depth, bits);
        }
    }

    /** It scales the picture into its window: exact is what has the window's size. */
    @Test
    void connectionsShowsAGuestOfItsWindowsSizeExactly() {
        Desktop desktop = new Desktop(programs, WIDTH, HEIGHT);
        guest.show(PLAIN_WIDE);
        Background client = session(
                desktop,
                "gsettings set org.gnome.Connections first-run false; exec gnome-connections rdp://127.0.0.1:"
                        + agent.awaitPort("desk"));
        logIn(desktop, client);
        int width = awaitExtent(desktop, client, true);
        guest.show(PLAIN_TALL);
        int height = awaitExtent(desktop, client, false);
        for (int seed = 0; seed < 3; seed++) {
            guest.show(Scene.desktop(width, height, seed));
            move();
            awaitShown(desktop, client, "connections", 32);
        }
    }

    private static Background session(Desktop desktop, String script) {
        Path runtime = programs.newDirectory("session");
        return desktop.start(List.of(
                "env",
                "XDG_RUNTIME_DIR=" + runtime,
                "GDK_BACKEND=x11",
                "NO_AT_BRIDGE=1",
                "dbus-run-session",
                "--",
                "sh",
                "-c",
                script));
    }

    /** Without a window manager, what the pointer is over has the keyboard. */
    private static void logIn(Desktop desktop, Background client) {
        Picture[] last = {desktop.picture()};
        int[] looks = {0};
        Wait.until(
                "a window asks for name and password, and does not change any more",
                () -> {
                    Wait.pause(Duration.ofMillis(200));
                    Picture now = desktop.picture();
                    boolean same = !now.isPlain() && now.difference(last[0]).isEmpty();
                    looks[0] = same ? looks[0] + 1 : 0;
                    last[0] = now;
                    return looks[0] > STILL_LOOKS;
                },
                client::output);
        desktop.type("mousemove", "560", "230");
        desktop.type("type", "viewer");
        desktop.type("key", "Tab");
        desktop.type("type", "secret");
        desktop.type("key", "Return");
        Wait.until(
                "somebody looks at the console",
                () -> !agent.console("desk").orElseThrow().viewers().isEmpty(),
                client::output);
        desktop.parkPointer();
    }

    private static void move() {
        for (int frame = 0; frame < 10; frame++) {
            Scene.SCROLL.paint(guest, frame);
            Scene.VIDEO.paint(guest, frame);
        }
    }

    /** How wide or high a plain guest stands there at most, once that stays so. */
    private static int awaitExtent(Desktop desktop, Background client, boolean across) {
        int[] last = {0, 0};
        return Wait.value(
                "the guest's colour",
                () -> {
                    int extent = desktop.picture().extent(0x20a060, across);
                    last[1] = extent == last[0] ? last[1] + 1 : 0;
                    last[0] = extent;
                    return extent > 0 && last[1] > 50 ? Optional.of(extent) : Optional.empty();
                },
                () -> {
                    keep(desktop, "connections-not");
                    return client.output();
                });
    }

    private static void awaitShown(Desktop desktop, Background client, String name, int bits) {
        Picture screen = guest.picture().map(pixel -> bits == 16 ? Clients.XFREERDP_16.shown(pixel) : pixel);
        try {
            Wait.until(client + " shows the guest", () -> desktop.picture().contains(screen), client::output);
        } finally {
            keep(desktop, name + "-" + screen.width() + "x" + screen.height());
        }
    }

    private static void keep(Desktop desktop, String name) {
        try {
            Path kept = Files.createDirectories(Programs.root().resolve("testing/it/target/desktop-clients"));
            desktop.picture().save(kept.resolve(name + ".png"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
