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
import org.rdpmux.codec.FrameEncoder;
import org.rdpmux.codec.InterleavedRleEncoder;
import org.rdpmux.codec.PixelDepth;
import org.rdpmux.codec.PlanarEncoder;
import org.rdpmux.codec.RawEncoder;
import org.rdpmux.testkit.codec.SampleTile;

/** Encoding one tile of {@value SampleTile#SIZE} pixels each way out of a full HD screen. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class EncoderBenchmark {

    private static final int STRIDE = 1920;

    @Param({"planar", "planar-colours", "planar-alpha", "rle15", "rle16", "rle24", "raw32"})
    public String codec;

    @Param
    public SampleTile tile;

    private final int[] screen = new int[STRIDE * 1080];
    private FrameEncoder encoder;
    private ByteBuf out;

    /** Bytes in and out, so that results are in megabytes and not in tiles. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Volume {
        /** Megabytes of pixels, four bytes each, a second. */
        public double sourceMB;

        /** Megabytes written, a second. */
        public double encodedMB;
    }

    @Setup
    public void prepare() {
        encoder = encoder(codec);
        out = Unpooled.directBuffer(encoder.maxBytes(SampleTile.SIZE, SampleTile.SIZE));
        int[] pixels = tile.pixels();
        for (int y = 0; y < SampleTile.SIZE; y++) {
            System.arraycopy(pixels, y * SampleTile.SIZE, screen, offset() + y * STRIDE, SampleTile.SIZE);
        }
    }

    @TearDown
    public void release() {
        out.release();
    }

    @Benchmark
    public int encode(Volume volume) {
        out.clear();
        encoder.encode(screen, offset(), STRIDE, SampleTile.SIZE, SampleTile.SIZE, out);
        volume.sourceMB += 4 * SampleTile.SIZE * SampleTile.SIZE / 1e6;
        volume.encodedMB += out.readableBytes() / 1e6;
        return out.readableBytes();
    }

    private static int offset() {
        return 512 * STRIDE + 640;
    }

    static FrameEncoder encoder(String name) {
        return switch (name) {
            case "planar" -> new PlanarEncoder(PlanarEncoder.Planes.COLOURS_OR_LUMA);
            case "planar-colours" -> new PlanarEncoder(PlanarEncoder.Planes.COLOURS);
            case "planar-alpha" -> new PlanarEncoder(PlanarEncoder.Planes.ALPHA_AND_COLOURS);
            case "rle15" -> new InterleavedRleEncoder(PixelDepth.RGB555);
            case "rle16" -> new InterleavedRleEncoder(PixelDepth.RGB565);
            case "rle24" -> new InterleavedRleEncoder(PixelDepth.RGB888);
            case "raw32" -> new RawEncoder(PixelDepth.XRGB8888);
            default -> throw new IllegalArgumentException("no codec " + name);
        };
    }
}
