// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.rdpmux.codec.Tiles;
import org.rdpmux.testkit.codec.SampleTile;

/** Comparing every tile of a full HD screen with its snapshot, and bringing the snapshot up to date. Per tile. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class TileUpdateBenchmark {

    private static final int WIDTH = 1920;
    private static final int ROWS = 16;
    private static final int COLUMNS = WIDTH / SampleTile.SIZE;

    private final int[] fresh = new int[WIDTH * ROWS * SampleTile.SIZE];
    private final int[] snapshot = new int[WIDTH * ROWS * SampleTile.SIZE];

    /** Nothing changed: every pixel is compared, nothing is copied. */
    @Benchmark
    @OperationsPerInvocation(ROWS * COLUMNS)
    public int unchanged() {
        return update();
    }

    /** Every tile differs in its first row: every pixel is copied. */
    @Benchmark
    @OperationsPerInvocation(ROWS * COLUMNS)
    public int changed() {
        for (int i = 0; i < fresh.length; i += SampleTile.SIZE * WIDTH) {
            for (int x = 0; x < WIDTH; x += SampleTile.SIZE) {
                fresh[i + x]++;
            }
        }
        return update();
    }

    private int update() {
        int changed = 0;
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                int at = row * SampleTile.SIZE * WIDTH + column * SampleTile.SIZE;
                if (Tiles.update(fresh, at, WIDTH, snapshot, at, WIDTH, SampleTile.SIZE, SampleTile.SIZE)) {
                    changed++;
                }
            }
        }
        return changed;
    }
}
