// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    /** Rows that the question for name and password ends in. Below it something turns. */
    private static final int QUESTION_ROWS = 300;
    /** What the window of Connections 43 has for the guest as it opens. */
    private static final int INNER_WIDTH = 980;

    private static final int INNER_HEIGHT = 640;

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
        guest.show(Scene.desktop(INNER_WIDTH, INNER_HEIGHT, 0));
        Background client = session(
                desktop,
                "gsettings set org.gnome.Connections first-run false; exec gnome-connections rdp://127.0.0.1:"
                        + agent.awaitPort("desk"));
        logIn(desktop, client);
        for (int seed = 0; seed < 3; seed++) {
            guest.show(Scene.desktop(INNER_WIDTH, INNER_HEIGHT, seed));
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
        Picture[] last = {desktop.picture().top(QUESTION_ROWS)};
        int[] looks = {0};
        Wait.until(
                "a window asks for name and password, and does not change any more",
                () -> {
                    Wait.pause(Duration.ofMillis(200));
                    Picture now = desktop.picture().top(QUESTION_ROWS);
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
