// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rdpmux.codec.TestImage.Kind;
import org.rdpmux.codec.TileClassifier.Content;
import org.rdpmux.testkit.codec.SampleTile;

class TileClassifierTest {

    private static final int SIDE = SampleTile.SIZE;

    private final TileClassifier classifier = new TileClassifier();

    private Content classify(int[] pixels) {
        return classifier.classify(pixels, 0, SIDE, SIDE, SIDE);
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhatTilesShow(SampleTile tile) {
        Content expected = switch (tile) {
            case FLAT -> Content.SOLID;
            case TEXT, SMOOTH_TEXT, WINDOW -> Content.SHARP;
            case PHOTO, VIDEO -> Content.SOFT;
        };
        assertEquals(expected, classify(tile.pixels()));
    }

    @ParameterizedTest
    @EnumSource
    void spoilsNothingThatIsSmallWithoutALoss(Kind kind) {
        Content expected = switch (kind) {
            case BLACK, WHITE, FLAT -> Content.SOLID;
            case PHOTO, NOISE, GRADIENT -> Content.SOFT; // the gradient's blue is a pattern
            default -> Content.SHARP;
        };
        for (int seed = 0; seed < 20; seed++) {
            TestImage image = TestImage.of(kind, SIDE, SIDE, seed);
            assertEquals(
                    expected,
                    classifier.classify(image.array(), image.offset(), image.stride(), SIDE, SIDE),
                    image.name());
        }
    }

    /** More colours than a palette holds do not make a photo of text. */
    @Test
    void takesColouredTextOnAGradientForText() {
        int[] text = SampleTile.SMOOTH_TEXT.pixels();
        Set<Integer> colours = new TreeSet<>();
        for (int i = 0; i < text.length; i++) {
            int covered = 0xf8 - (text[i] >> 8 & 0xff);
            int ground = 0x20 + i / SIDE;
            int blue = ground + (0xff - ground) * covered / 0xd8 * (1 + i % SIDE / 8) / 8;
            text[i] = ground << 16 | ground << 8 | Math.min(blue, 0xff);
            colours.add(text[i]);
        }
        assertTrue(colours.size() > 2 * Palette.MAX_COLOURS, colours.size() + " colours");
        assertEquals(Content.SHARP, classify(text));
    }

    @Test
    void takesAGradientOfAThousandColoursForSharp() {
        int[] gradient = new int[SIDE * SIDE];
        for (int i = 0; i < gradient.length; i++) {
            int x = i % SIDE;
            int y = i / SIDE;
            gradient[i] = 3 * x + y << 16 | x + 2 * y << 8 | 40 + x;
        }
        assertEquals(Content.SHARP, classify(gradient));
    }

    /** Half a tile of video beside a window is video; a stripe of it is not. */
    @Test
    void goesByWhatMostOfATileShows() {
        int[] video = SampleTile.VIDEO.pixels();
        Arrays.fill(video, 0, SIDE * 24, 0xf0f0f0);
        assertEquals(Content.SOFT, classify(video));
        Arrays.fill(video, 0, SIDE * 40, 0xf0f0f0);
        assertEquals(Content.SHARP, classify(video));
    }

    @Test
    void sendsSmallPartsOfAPhotoAsTheyAre() {
        int[] photo = SampleTile.PHOTO.pixels();
        assertEquals(Content.SOFT, classifier.classify(photo, 0, SIDE, 64, 16));
        assertEquals(Content.SHARP, classifier.classify(photo, 0, SIDE, 63, 16));
    }

    @Test
    void looksAtEveryPixelBeforeItSaysSolid() {
        for (int spot : new int[] {0, 1, SIDE, SIDE * SIDE - 1}) {
            int[] pixels = new int[SIDE * SIDE];
            pixels[spot] = 0x000100;
            assertEquals(Content.SHARP, classify(pixels), "at " + spot);
            pixels[spot] = 0xff000000;
            assertEquals(Content.SOLID, classify(pixels), "the top byte means nothing");
        }
        assertEquals(Content.SOLID, classifier.classify(new int[1], 0, 1, 1, 1));
    }
}
