// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.control.cli.ScreenImage.ScreenRegion;

class ScreenImageTest {

    private static ScreenImage image(int width, int height, int... pixels) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, width, height, pixels, 0, width);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return ScreenImage.decode(png.toByteArray(), "test");
    }

    @Test
    void pixelsDifferByMoreThanTheTolerance() throws Exception {
        ScreenImage wanted = image(2, 2, 0xff102030, 0xff102030, 0xff102030, 0xff102030);
        ScreenImage shown = image(2, 2, 0xff102030, 0xff112030, 0xff101f30, 0xff102033);
        assertEquals(3, wanted.differences(shown, 0));
        assertEquals(1, wanted.differences(shown, 2));
        assertEquals(0, wanted.differences(shown, 3));
        assertEquals(4, wanted.differences(image(4, 1, 1, 2, 3, 4), 255));
    }

    @Test
    void transparentPixelsMatchAnything() throws Exception {
        ScreenImage wanted = image(2, 1, 0x00102030, 0xff102030);
        assertEquals(0, wanted.differences(image(2, 1, 0xffffffff, 0xff102030), 0));
        assertEquals(1, wanted.differences(image(2, 1, 0xff102030, 0xffffffff), 0));
    }

    @Test
    void aRegionIsAPartOfAnImageOfTheWholeScreen() throws Exception {
        ScreenImage whole = image(3, 2, 0xff000001, 0xff000002, 0xff000003, 0xff000004, 0xff000005, 0xff000006);
        ScreenImage part = whole.part(ScreenRegion.parse("1,0,2,2"));
        assertEquals(0, part.differences(image(2, 2, 0xff000002, 0xff000003, 0xff000005, 0xff000006), 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1,2,3", "1,2,3,4,5", "-1,2,3,4", "1,2,0,4", "1,2,3,0", "1,2,3,x", "100000,0,1,1"})
    void refusesWhatIsNoRegion(String text) {
        assertThrows(IllegalArgumentException.class, () -> ScreenRegion.parse(text));
    }

    @Test
    void refusesWhatIsNoImage() {
        assertThrows(IOException.class, () -> ScreenImage.decode(new byte[] {1, 2, 3}, "test"));
    }
}
