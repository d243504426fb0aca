// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointerShapeTest {

    private static final boolean[] NONE = {};

    private static PointerShape.Image image(int first, boolean... inverted) {
        return new PointerShape.Image(2, 1, 1, 0, new int[] {first, 2}, inverted);
    }

    @Test
    void equalShapesAreEqualValues() {
        assertEquals(image(1), image(1));
        assertEquals(image(1).hashCode(), image(1).hashCode());
        assertEquals(image(1, true, false), image(1, true, false));
        assertEquals(new PointerShape.Hidden(), new PointerShape.Hidden());
    }

    @Test
    void everyPartMakesADifference() {
        PointerShape.Image one = image(1);
        assertNotEquals(one, image(3));
        assertNotEquals(one, image(1, true, false));
        assertNotEquals(one, new PointerShape.Image(2, 1, 0, 0, new int[] {1, 2}, NONE));
        assertNotEquals(one, new PointerShape.Image(1, 2, 0, 1, new int[] {1, 2}, NONE));
        assertNotEquals(one, new PointerShape.Hidden());
    }

    @ParameterizedTest
    @CsvSource({
        "0,1,0,0,0",
        "1,0,0,0,0",
        "385,1,0,0,385",
        "1,385,0,0,385",
        "2,2,2,0,4",
        "2,2,0,2,4",
        "2,2,-1,0,4",
        "2,2,0,-1,4",
        "2,2,0,0,3",
        "2,2,0,0,5"
    })
    void refusesWhatIsNoPointer(int width, int height, int hotX, int hotY, int pixels) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new PointerShape.Image(width, height, hotX, hotY, new int[pixels], NONE));
    }

    @Test
    void refusesMaskOfAnotherSize() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new PointerShape.Image(2, 1, 0, 0, new int[2], new boolean[] {true}));
    }

    @Test
    void takesTheLargest() {
        int max = PointerShape.Image.MAX_SIZE;
        assertEquals(max, new PointerShape.Image(max, max, max - 1, max - 1, new int[max * max], NONE).width());
    }
}
