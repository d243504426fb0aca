// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rdpmux.codec.ClearCodecEncoder;
import org.rdpmux.codec.PlanarSurfaceEncoder;
import org.rdpmux.codec.ProgressiveTileEncoder;
import org.rdpmux.codec.Rdp8Compressor;
import org.rdpmux.codec.RfxQuality;
import org.rdpmux.codec.SurfaceEncoder;
import org.rdpmux.codec.TileClassifier;
import org.rdpmux.testkit.codec.SampleTile;

/** Encoding one tile for the graphics pipeline out of a full HD screen. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SurfaceEncoderBenchmark {

    private static final int STRIDE = 1920;
    private static final int OFFSET = 512 * STRIDE + 640;
    private static final int SIZE = SampleTile.SIZE;

    @Param({"clear", "clear-bulk", "planar", "progressive-low", "progressive-medium", "progressive-high"})
    public String codec;

    @Param
    public SampleTile tile;

    private final int[] screen = new int[STRIDE * 1080];
    private Encoding encoding;
    private ByteBuf out;
    private final TileClassifier classifier = new TileClassifier();

    /** Encodes the tile that the screen has at {@link #OFFSET}. */
    private interface Encoding {
        void encode(int[] screen, ByteBuf out);
    }

    /** What goes in and out, so that results are not in tiles. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Volume {
        /** Millions of pixels, a second. */
        public double megapixels;

        /** Megabytes written, a second. */
        public double encodedMB;
    }

    @Setup
    public void prepare() {
        encoding = encoding(codec);
        out = Unpooled.directBuffer(1 << 16);
        int[] pixels = tile.pixels();
        for (int y = 0; y < SIZE; y++) {
            System.arraycopy(pixels, y * SIZE, screen, OFFSET + y * STRIDE, SIZE);
        }
    }

    @TearDown
    public void release() {
        out.release();
    }

    @Benchmark
    public int encode(Volume volume) {
        out.clear();
        encoding.encode(screen, out);
        volume.megapixels += SIZE * SIZE / 1e6;
        volume.encodedMB += out.readableBytes() / 1e6;
        return out.readableBytes();
    }

    /** What it takes to tell what the tile shows, before it is encoded. */
    @Benchmark
    public Object classify() {
        return classifier.classify(screen, OFFSET, STRIDE, SIZE, SIZE);
    }

    private static Encoding encoding(String name) {
        return switch (name) {
            case "clear" -> lossless(new ClearCodecEncoder());
            case "clear-bulk" -> compressed(new ClearCodecEncoder());
            case "planar" -> lossless(new PlanarSurfaceEncoder());
            case "progressive-low" -> progressive(RfxQuality.LOW);
            case "progressive-medium" -> progressive(RfxQuality.MEDIUM);
            case "progressive-high" -> progressive(RfxQuality.HIGH);
            default -> throw new IllegalArgumentException("no codec " + name);
        };
    }

    private static Encoding lossless(SurfaceEncoder encoder) {
        return (screen, out) -> encoder.encode(screen, OFFSET, STRIDE, SIZE, SIZE, out);
    }

    private static Encoding compressed(SurfaceEncoder encoder) {
        Rdp8Compressor compressor = new Rdp8Compressor();
        ByteBuf segment = Unpooled.buffer(encoder.maxBytes(SIZE, SIZE));
        return (screen, out) -> {
            segment.clear();
            encoder.encode(screen, OFFSET, STRIDE, SIZE, SIZE, segment);
            compressor.compress(segment, out);
        };
    }

    private static Encoding progressive(RfxQuality quality) {
        ProgressiveTileEncoder encoder = new ProgressiveTileEncoder(quality);
        return (screen, out) -> encoder.encode(screen, OFFSET, STRIDE, SIZE, SIZE, 10, 8, out);
    }
}
