// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2", "64, 64", "301, 207", "720, 400"})
    void javasDecoderGetsEveryPixelBack(int width, int height) throws Exception {
        Random random = new Random(width);
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % width < width / 2 ? 0x204060 : random.nextInt(1 << 24);
        }
        byte[] png = Png.encode(pixels, width, height);
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
        assertEquals(width, read.getWidth());
        assertEquals(height, read.getHeight());
        int[] back = read.getRGB(0, 0, width, height, null, 0, width);
        for (int i = 0; i < back.length; i++) {
            back[i] &= 0xffffff;
        }
        assertArrayEquals(pixels, back);
    }
}
