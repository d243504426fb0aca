// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RectTest {

    private static final Rect TEN = new Rect(10, 10, 10, 10);

    @Test
    void edgesAreExclusive() {
        assertEquals(20, TEN.right());
        assertEquals(20, TEN.bottom());
        assertEquals(100, TEN.area());
    }

    @Test
    void areaDoesNotOverflow() {
        assertEquals(1L << 60, new Rect(0, 0, 1 << 30, 1 << 30).area());
    }

    @ParameterizedTest
    @CsvSource({"0,0,true", "0,5,true", "5,0,true", "1,1,false"})
    void isEmptyWithoutWidthOrHeight(int width, int height, boolean empty) {
        assertEquals(empty, new Rect(3, 4, width, height).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"0,0,-1,1", "0,0,1,-1", "2147483647,0,1,1", "0,2147483647,1,1", "1,0,2147483647,1"})
    void refusesWhatHasNoEdges(int x, int y, int width, int height) {
        assertThrows(IllegalArgumentException.class, () -> new Rect(x, y, width, height));
    }

    @ParameterizedTest
    @CsvSource({"-2147483648,-2147483648,2147483647,2147483647", "2147483646,2147483646,1,1"})
    void takesTheWholeRangeOfInt(int x, int y, int width, int height) {
        Rect rect = new Rect(x, y, width, height);
        assertEquals((long) x + width, rect.right());
        assertEquals((long) y + height, rect.bottom());
    }

    @ParameterizedTest
    @CsvSource({
        "10,10,10,10,true",
        "12,12,3,3,true",
        "9,12,3,3,false",
        "12,9,3,3,false",
        "18,12,3,3,false",
        "12,18,3,3,false",
        "20,20,0,0,true"
    })
    void containsWhatDoesNotReachOut(int x, int y, int width, int height, boolean contained) {
        assertEquals(contained, TEN.contains(new Rect(x, y, width, height)));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,10,10,false",
        "0,0,11,11,true",
        "20,10,5,5,false",
        "19,19,5,5,true",
        "10,20,5,5,false",
        "12,12,2,2,true",
        "0,12,40,2,true"
    })
    void intersectsWhatSharesAPixel(int x, int y, int width, int height, boolean expected) {
        Rect other = new Rect(x, y, width, height);
        assertEquals(expected, TEN.intersects(other));
        assertEquals(expected, other.intersects(TEN));
    }

    @Test
    void touchingRectanglesHaveNothingInCommon() {
        assertEquals(Rect.EMPTY, TEN.intersection(new Rect(20, 10, 5, 5)));
    }

    @Test
    void intersectionHoldsThePixelsOfBoth() {
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            Rect a = new Rect(random.nextInt(8), random.nextInt(8), random.nextInt(8), random.nextInt(8));
            Rect b = new Rect(random.nextInt(8), random.nextInt(8), random.nextInt(8), random.nextInt(8));
            Rect common = a.intersection(b);
            for (int y = 0; y < 16; y++) {
                for (int x = 0; x < 16; x++) {
                    Rect pixel = new Rect(x, y, 1, 1);
                    boolean both = a.contains(pixel) && b.contains(pixel);
                    assertEquals(both, common.contains(pixel), a + " and " + b + " at " + x + "," + y);
                }
            }
            assertEquals(common, b.intersection(a));
        }
    }

    @Test
    void emptyIsEmpty() {
        assertTrue(Rect.EMPTY.isEmpty());
        assertFalse(TEN.isEmpty());
    }
}
