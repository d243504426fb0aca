// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegionTest {

    private static final int SIDE = 24;

    @Test
    void keepsDistantRectanglesApart() {
        Region region = new Region();
        region.add(new Rect(0, 0, 10, 10));
        region.add(new Rect(100, 100, 10, 10));
        assertEquals(List.of(new Rect(0, 0, 10, 10), new Rect(100, 100, 10, 10)), region.rectangles());
        assertEquals(200, region.area());
        assertEquals(new Rect(0, 0, 110, 110), region.bounds());
        assertFalse(region.intersects(new Rect(50, 50, 10, 10)));
    }

    @Test
    void joinsRectanglesThatMakeOne() {
        Region region = new Region();
        region.add(new Rect(0, 0, 10, 10));
        region.add(new Rect(0, 10, 10, 5));
        region.add(new Rect(10, 0, 5, 15));
        assertEquals(List.of(new Rect(0, 0, 15, 15)), region.rectangles());
    }

    @Test
    void equalSetsAreEqualHoweverTheyWereMade() {
        Region cross = new Region();
        cross.add(new Rect(0, 10, 30, 10));
        cross.add(new Rect(10, 0, 10, 30));
        Region same = new Region();
        same.add(new Rect(0, 0, 30, 30));
        same.subtract(new Rect(0, 0, 10, 10));
        same.subtract(new Rect(20, 0, 10, 10));
        same.subtract(new Rect(0, 20, 10, 10));
        assertNotEquals(cross, same);
        same.subtract(new Rect(20, 20, 10, 10));
        assertEquals(cross, same);
        assertEquals(cross.hashCode(), same.hashCode());
    }

    @Test
    void emptyRectanglesChangeNothing() {
        Region region = new Region();
        region.add(new Rect(5, 5, 0, 10));
        assertTrue(region.isEmpty());
        region.add(new Rect(5, 5, 1, 1));
        region.subtract(new Rect(5, 5, 10, 0));
        assertEquals(1, region.area());
        assertTrue(region.contains(new Rect(50, 50, 0, 0)));
        assertFalse(region.intersects(new Rect(5, 5, 0, 0)));
        region.intersect(Rect.EMPTY);
        assertTrue(region.isEmpty());
        assertEquals(Rect.EMPTY, region.bounds());
    }

    @Test
    void reachesTheEdgesOfTheNumberRange() {
        Region region = new Region();
        Rect corner = new Rect(Integer.MAX_VALUE - 1, Integer.MAX_VALUE - 1, 1, 1);
        region.add(corner);
        region.add(new Rect(Integer.MIN_VALUE, Integer.MIN_VALUE, 1, 1));
        assertEquals(2, region.area());
        assertTrue(region.contains(corner));
    }

    /** Every operation, on random rectangles, against a plain set of pixels. */
    @Test
    void agreesWithSetsOfPixels() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Region region = new Region();
            BitSet pixels = new BitSet(SIDE * SIDE);
            for (int step = 0; step < 40; step++) {
                Rect rect = randomRect(random);
                switch (random.nextInt(5)) {
                    case 0 -> {
                        region.subtract(rect);
                        pixels.andNot(pixels(rect));
                    }
                    case 1 -> {
                        if (random.nextInt(4) == 0) {
                            region.intersect(rect);
                            pixels.and(pixels(rect));
                        }
                    }
                    case 2 -> {
                        Region other = new Region();
                        other.add(rect);
                        other.add(randomRect(random));
                        region.add(other);
                        other.rectangles().forEach(r -> pixels.or(pixels(r)));
                    }
                    default -> {
                        region.add(rect);
                        pixels.or(pixels(rect));
                    }
                }
                assertSame(pixels, region, "seed " + seed + " step " + step);
                Rect probe = randomRect(random);
                BitSet inProbe = pixels(probe);
                inProbe.and(pixels);
                assertEquals(!inProbe.isEmpty(), region.intersects(probe));
                assertEquals(inProbe.cardinality() == probe.area(), region.contains(probe));
            }
        }
    }

    @Test
    void staysWithinItsLimitAndNeverLosesAPixel() {
        for (int limit : new int[] {2, 3, 8, 33}) {
            Random random = new Random(limit);
            Region region = new Region(limit);
            Region exact = new Region(100_000);
            for (int i = 0; i < 500; i++) {
                Rect rect = new Rect(random.nextInt(2000), random.nextInt(2000), 3, 3);
                region.add(rect);
                exact.add(rect);
                assertTrue(region.count() <= limit, region.count() + " rectangles");
            }
            exact.rectangles().forEach(rect -> assertTrue(region.contains(rect)));
        }
    }

    @Test
    void refusesALimitThatHoldsNoTwoRectangles() {
        assertThrows(IllegalArgumentException.class, () -> new Region(1));
    }

    private static void assertSame(BitSet pixels, Region region, String message) {
        BitSet covered = new BitSet(SIDE * SIDE);
        long area = 0;
        for (Rect rect : region.rectangles()) {
            BitSet of = pixels(rect);
            assertFalse(of.intersects(covered), message);
            covered.or(of);
            area += rect.area();
        }
        assertEquals(pixels, covered, message);
        assertEquals(area, region.area(), message);
    }

    private static Rect randomRect(Random random) {
        int x = random.nextInt(SIDE);
        int y = random.nextInt(SIDE);
        return new Rect(x, y, 1 + random.nextInt(SIDE - x), 1 + random.nextInt(SIDE - y));
    }

    private static BitSet pixels(Rect rect) {
        BitSet set = new BitSet(SIDE * SIDE);
        for (int y = rect.y(); y < rect.bottom(); y++) {
            set.set(y * SIDE + rect.x(), y * SIDE + rect.right());
        }
        return set;
    }
}
