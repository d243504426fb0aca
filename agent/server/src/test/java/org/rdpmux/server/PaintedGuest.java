// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.access.SamFile;
import org.rdpmux.security.tls.CertificateStore;

/**
 * A server with one painted guest, for trying real clients by hand: {@code PaintedGuest PORT WIDTH HEIGHT [nla|tls
 * SAM-FILE]}, then commands
 * on standard input: {@code size W H}, {@code dump FILE}, {@code full FPS}, {@code box FPS}, {@code still},
 * {@code pointer SIDE}, {@code hide}, {@code arrow}, {@code locks LEDS}, {@code status}, {@code kick}, {@code quit}.
 */
public final class PaintedGuest {

    private PaintedGuest() {}

    public static void main(String[] arguments) throws Exception {
        PaintedDisplay.Canvas canvas =
                new PaintedDisplay.Canvas(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        Path state = Files.createTempDirectory("painted-guest");
        CertificateStore certificates = CertificateStore.inDirectory(state, List.of("localhost"), Instant.now());
        ScheduledExecutorService painter = Executors.newSingleThreadScheduledExecutor();
        try (RdpServer server = new RdpServer(ServerOptions.defaults(certificates::current))) {
            Console console = server.openConsole(
                    "painted", () -> new PaintedDisplay(canvas, event -> System.out.println("input " + event)));
            Endpoint endpoint = server.listen(
                    console,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
                    policy(Arrays.asList(arguments).subList(3, arguments.length)));
            System.out.println("listening on " + endpoint.address());
            obey(canvas, console, painter);
        } finally {
            painter.shutdownNow();
            try (var files = Files.list(state)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(state);
        }
    }

    private static EndpointPolicy policy(List<String> arguments) throws IOException {
        if (arguments.isEmpty()) {
            return EndpointPolicy.open();
        }
        CredentialStore users = SamFile.read(Path.of(arguments.get(1)));
        return arguments.get(0).equals("nla")
                ? EndpointPolicy.nla(users, "painted")
                : EndpointPolicy.tls(users, "painted");
    }

    private static void obey(PaintedDisplay.Canvas canvas, Console console, ScheduledExecutorService painter)
            throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ScheduledFuture<?> animation = null;
        int[] frame = new int[1];
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "size" -> canvas.resize(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "dump" -> canvas.dump(Path.of(words[1]));
                case "full", "box" -> {
                    long period = 1_000_000_000L / Integer.parseInt(words[1]);
                    Runnable paint = words[0].equals("full") ? () -> full(canvas, frame) : () -> box(canvas, frame);
                    animation = painter.scheduleAtFixedRate(paint, 0, period, TimeUnit.NANOSECONDS);
                }
                case "still" -> {
                    if (animation != null) {
                        animation.cancel(false);
                    }
                }
                case "pointer" -> canvas.pointer(pointer(Integer.parseInt(words[1])));
                case "hide" -> canvas.pointer(new PointerShape.Hidden());
                case "locks" -> {
                    int leds = Integer.parseInt(words[1]);
                    canvas.locks(new LockKeys((leds & 1) != 0, (leds & 2) != 0, (leds & 4) != 0));
                }
                case "arrow" -> canvas.pointer(new PointerShape.Default());
                case "status" -> {
                    System.out.println(console.status());
                    console.viewers().forEach(System.out::println);
                }
                case "kick" ->
                    console.viewers()
                            .forEach(viewer -> console.disconnect(viewer.id(), DisconnectReason.ADMINISTRATOR));
                case "quit" -> {
                    return;
                }
                default -> System.out.println("? " + line);
            }
            System.out.println("done " + line);
        }
    }

    /** The whole picture moves. */
    private static void full(PaintedDisplay.Canvas canvas, int[] frame) {
        synchronized (canvas) {
            var framebuffer = canvas.framebuffer();
            int[] pixels = framebuffer.pixels();
            int[] first = Arrays.copyOf(pixels, framebuffer.width());
            System.arraycopy(pixels, framebuffer.width(), pixels, 0, pixels.length - framebuffer.width());
            System.arraycopy(first, 0, pixels, pixels.length - framebuffer.width(), framebuffer.width());
            frame[0]++;
            canvas.damaged(framebuffer.bounds());
        }
    }

    private static void box(PaintedDisplay.Canvas canvas, int[] frame) {
        int x = frame[0]++ * 3 % (canvas.framebuffer().width() - 50);
        canvas.paint(new Rect(x, 20, 40, 40), 0xffcc00 + frame[0] % 255);
    }

    private static PointerShape pointer(int side) {
        int[] pixels = new int[side * side];
        for (int i = 0; i < pixels.length; i++) {
            int x = i % side;
            int y = i / side;
            pixels[i] = x <= y ? (x == 0 || x == y ? 0xffffffff : 0xff00aa00) : 0;
        }
        return new PointerShape.Image(side, side, side / 2, side / 2, pixels, new boolean[0]);
    }
}
