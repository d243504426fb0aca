// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A set of pixels, kept as rectangles that do not overlap. Changeable; used by one thread at a time.
 *
 * <p>The rectangles stand in bands: those of one band share top and bottom, bands follow each other downwards, the
 * rectangles of a band from left to right with gaps between them, and two bands that touch differ. So equal sets have
 * equal rectangles, and every operation is one walk over both operands.
 *
 * <p>A region never holds more than its limit of rectangles: beyond it {@link #add} covers more pixels than it was given,
 * first the gaps within bands, then those between bands. What uses a region as damage may be told too much, never too
 * little. {@link #subtract} and {@link #intersect} are exact as long as the limit is not reached.
 */
public final class Region {

    /** The limit of a region made without one. */
    public static final int DEFAULT_LIMIT = 256;

    private static final int UNION = 0;
    private static final int DIFFERENCE = 1;
    private static final int INTERSECTION = 2;

    private final int limit;
    /** Four values each: left, top, right, bottom. */
    private int[] edges;

    private int count;
    /** Where an operation writes its result; the arrays then change places. */
    private int[] result;

    private int resultCount;
    private int stripTop;
    private int stripBottom;
    /** Second operand of the operations with one rectangle. */
    private final int[] single = new int[4];

    public Region() {
        this(DEFAULT_LIMIT);
    }

    /** @param limit most rectangles it will hold, 2 or more */
    public Region(int limit) {
        if (limit < 2) {
            throw new IllegalArgumentException("limit of " + limit + " rectangles");
        }
        this.limit = limit;
        this.edges = new int[16];
        this.result = new int[16];
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public void clear() {
        count = 0;
    }

    /** Number of rectangles. */
    public int count() {
        return count;
    }

    /** One of the rectangles, from top to bottom and left to right. */
    public Rect get(int index) {
        int i = Objects.checkIndex(index, count) * 4;
        return new Rect(edges[i], edges[i + 1], edges[i + 2] - edges[i], edges[i + 3] - edges[i + 1]);
    }

    /** The rectangles, from top to bottom and left to right. */
    public List<Rect> rectangles() {
        List<Rect> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(get(i));
        }
        return all;
    }

    /** Number of pixels. */
    public long area() {
        long area = 0;
        for (int i = 0; i < count * 4; i += 4) {
            area += (long) (edges[i + 2] - edges[i]) * (edges[i + 3] - edges[i + 1]);
        }
        return area;
    }

    /** The smallest rectangle around all pixels; {@link Rect#EMPTY} if there are none. */
    public Rect bounds() {
        if (count == 0) {
            return Rect.EMPTY;
        }
        int left = Integer.MAX_VALUE;
        int right = Integer.MIN_VALUE;
        for (int i = 0; i < count * 4; i += 4) {
            left = Math.min(left, edges[i]);
            right = Math.max(right, edges[i + 2]);
        }
        int top = edges[1];
        return new Rect(left, top, right - left, edges[count * 4 - 1] - top);
    }

    /** True if all pixels of a rectangle are in the region; also for an empty rectangle. */
    public boolean contains(Rect rect) {
        if (rect.isEmpty()) {
            return true;
        }
        long covered = 0;
        for (int i = 0; i < count; i++) {
            covered += get(i).intersection(rect).area();
        }
        return covered == rect.area();
    }

    public boolean intersects(Rect rect) {
        for (int i = 0; i < count * 4; i += 4) {
            if (edges[i] < rect.right()
                    && rect.x() < edges[i + 2]
                    && edges[i + 1] < rect.bottom()
                    && rect.y() < edges[i + 3]) {
                return !rect.isEmpty();
            }
        }
        return false;
    }

    public void add(Rect rect) {
        if (!rect.isEmpty()) {
            combine(rect, UNION);
        }
    }

    /** Adds all pixels of another region, which stays as it is. */
    public void add(Region other) {
        if (count == 0 && other.count <= limit) {
            count = other.count;
            ensure(count);
            System.arraycopy(other.edges, 0, edges, 0, count * 4);
        } else if (other.count > 0 && other != this) {
            combine(other.edges, other.count, UNION);
        }
    }

    public void subtract(Rect rect) {
        if (!rect.isEmpty()) {
            combine(rect, DIFFERENCE);
        }
    }

    /** Keeps only what is inside a rectangle. */
    public void intersect(Rect rect) {
        if (rect.isEmpty()) {
            clear();
        } else {
            combine(rect, INTERSECTION);
        }
    }

    private void combine(Rect rect, int operation) {
        single[0] = rect.x();
        single[1] = rect.y();
        single[2] = rect.right();
        single[3] = rect.bottom();
        if (count == 0) {
            if (operation == UNION) {
                System.arraycopy(single, 0, edges, 0, 4);
                count = 1;
            }
            return;
        }
        combine(single, 1, operation);
    }

    /**
     * Walks down both operands at once. Between two neighbouring edges of bands each operand is one band or nothing, so
     * that strip of the result follows from two sorted lists of intervals.
     */
    private void combine(int[] other, int otherCount, int operation) {
        resultCount = 0;
        int[] mine = edges;
        int a = 0;
        int b = 0;
        int y = Math.min(mine[1], other[1]);
        while (a < count || b < otherCount) {
            int aEnd = bandEnd(mine, a, count);
            int bEnd = bandEnd(other, b, otherCount);
            boolean inA = a < count && mine[a * 4 + 1] <= y;
            boolean inB = b < otherCount && other[b * 4 + 1] <= y;
            int next = Math.min(edgeBelow(mine, a, count, inA), edgeBelow(other, b, otherCount, inB));
            int start = resultCount;
            stripTop = y;
            stripBottom = next;
            walk(mine, inA ? a : aEnd, aEnd, other, inB ? b : bEnd, bEnd, operation);
            mergeWithBandAbove(start);
            y = next;
            if (a < count && mine[a * 4 + 3] <= y) {
                a = aEnd;
            }
            if (b < otherCount && other[b * 4 + 3] <= y) {
                b = bEnd;
            }
        }
        int[] old = edges;
        edges = result;
        result = old;
        count = resultCount;
        if (count > limit) {
            coarsen();
        }
    }

    private static int bandEnd(int[] e, int from, int count) {
        int end = from;
        while (end < count && e[end * 4 + 1] == e[from * 4 + 1]) {
            end++;
        }
        return end;
    }

    private static int edgeBelow(int[] e, int band, int count, boolean inside) {
        return band >= count ? Integer.MAX_VALUE : e[band * 4 + (inside ? 3 : 1)];
    }

    /** Combines the intervals of two bands within the current strip. */
    private void walk(int[] e1, int from1, int end1, int[] e2, int from2, int end2, int operation) {
        int i = from1;
        int j = from2;
        boolean in1 = false;
        boolean in2 = false;
        boolean open = false;
        int left = 0;
        while (i < end1 || j < end2) {
            int x1 = i < end1 ? e1[i * 4 + (in1 ? 2 : 0)] : Integer.MAX_VALUE;
            int x2 = j < end2 ? e2[j * 4 + (in2 ? 2 : 0)] : Integer.MAX_VALUE;
            int x = Math.min(x1, x2);
            if (x1 == x && i < end1) {
                i += in1 ? 1 : 0;
                in1 = !in1;
            }
            if (x2 == x && j < end2) {
                j += in2 ? 1 : 0;
                in2 = !in2;
            }
            boolean inside = switch (operation) {
                case UNION -> in1 || in2;
                case DIFFERENCE -> in1 && !in2;
                default -> in1 && in2;
            };
            if (inside && !open) {
                left = x;
            } else if (!inside && open) {
                append(left, stripTop, x, stripBottom);
            }
            open = inside;
        }
    }

    private void append(int left, int top, int right, int bottom) {
        int i = resultCount * 4;
        if (result.length < i + 4) {
            result = Arrays.copyOf(result, result.length * 2);
        }
        result[i] = left;
        result[i + 1] = top;
        result[i + 2] = right;
        result[i + 3] = bottom;
        resultCount++;
    }

    /** If the band that begins at {@code start} continues the one above it, lengthens that one instead. */
    private void mergeWithBandAbove(int start) {
        int length = resultCount - start;
        if (length == 0 || start == 0) {
            return;
        }
        int above = start - 1;
        int aboveTop = result[above * 4 + 1];
        while (above > 0 && result[(above - 1) * 4 + 1] == aboveTop) {
            above--;
        }
        if (start - above != length || result[above * 4 + 3] != result[start * 4 + 1]) {
            return;
        }
        for (int i = 0; i < length; i++) {
            int up = (above + i) * 4;
            int down = (start + i) * 4;
            if (result[up] != result[down] || result[up + 2] != result[down + 2]) {
                return;
            }
        }
        int bottom = result[start * 4 + 3];
        for (int i = above; i < start; i++) {
            result[i * 4 + 3] = bottom;
        }
        resultCount = start;
    }

    /** Fills the gaps within bands, then joins neighbouring bands until half the limit is left. */
    private void coarsen() {
        resultCount = 0;
        for (int i = 0; i < count; ) {
            int end = bandEnd(edges, i, count);
            append(edges[i * 4], edges[i * 4 + 1], edges[end * 4 - 2], edges[i * 4 + 3]);
            mergeWithBandAbove(resultCount - 1);
            i = end;
        }
        while (resultCount > Math.max(1, limit / 2)) {
            int from = resultCount;
            resultCount = 0;
            for (int i = 0; i < from; i += 2) {
                int p = i * 4;
                int q = Math.min(i + 1, from - 1) * 4;
                append(
                        Math.min(result[p], result[q]),
                        result[p + 1],
                        Math.max(result[p + 2], result[q + 2]),
                        result[q + 3]);
                mergeWithBandAbove(resultCount - 1);
            }
        }
        int[] old = edges;
        edges = result;
        result = old;
        count = resultCount;
    }

    private void ensure(int rectangles) {
        if (edges.length < rectangles * 4) {
            edges = new int[rectangles * 4];
        }
    }

    /** True if the other region has the same pixels. */
    @Override
    public boolean equals(Object o) {
        return o instanceof Region r && Arrays.equals(edges, 0, count * 4, r.edges, 0, r.count * 4);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < count * 4; i++) {
            hash = 31 * hash + edges[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return rectangles().toString();
    }
}
