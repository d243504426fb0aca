// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerShape;

/**
 * What QEMU does not send. The bytes are those of TigerVNC 1.12 ({@code Xtigervnc -retro -geometry 160x100}, with a password,
 * over TCP) to a client that moved the pointer once, while a window opened and was moved twice: CopyRect, ZRLE, LastRect,
 * AlphaCursor (first empty, while the server drew the pointer itself), ExtendedDesktopSize and QEMU's LED state and key
 * events. The picture is what {@code import -window root} saw in the end.
 */
@ExtendWith(NoLeaks.class)
class CapturedServerTest {

    private static InputStream open(String name) {
        return CapturedServerTest.class.getResourceAsStream(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100_000})
    void followsTigerVnc(int pieces) throws IOException {
        byte[] capture;
        try (InputStream in = open("tigervnc.rfb")) {
            capture = in.readAllBytes();
        }
        Wire wire = new Wire("secret12".toCharArray(), false, true);
        for (int at = 0; at < capture.length; at += pieces) {
            wire.receive(Arrays.copyOfRange(capture, at, Math.min(capture.length, at + pieces)));
        }
        assertEquals(0, wire.held());
        assertEquals(1, wire.seen.resizes);
        assertArrayEquals(picture(), wire.seen.screen());
        assertEquals(List.of(new LockKeys(false, false, false)), wire.seen.locks);
        assertEquals(2, wire.seen.pointers.size());
        assertInstanceOf(PointerShape.Hidden.class, wire.seen.pointers.get(0));
        assertIsTheXOfOld(assertInstanceOf(PointerShape.Image.class, wire.seen.pointers.get(1)));
        wire.client.close();
    }

    private static int[] picture() throws IOException {
        try (InputStream in = open("tigervnc.png")) {
            BufferedImage image = ImageIO.read(in);
            int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            return Arrays.stream(pixels).map(pixel -> pixel & 0xffffff).toArray();
        }
    }

    /** Black with a white edge, the hot spot where the two strokes cross. */
    private static void assertIsTheXOfOld(PointerShape.Image shape) {
        assertEquals(List.of(16, 16, 7, 7), List.of(shape.width(), shape.height(), shape.hotX(), shape.hotY()));
        int[] pixels = shape.pixels();
        assertEquals(0xff000000, pixels[7 * 16 + 7]);
        assertEquals(0, pixels[8], "between the strokes");
        assertEquals(
                List.of(0, 0xff000000, 0xffffffff),
                Arrays.stream(pixels)
                        .boxed()
                        .distinct()
                        .sorted((a, b) -> Integer.compareUnsigned(a, b))
                        .toList());
    }
}
