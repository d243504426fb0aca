// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.h264;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.rdpmux.codec.I420Picture;
import org.rdpmux.codec.VideoEncoder;
import org.rdpmux.codec.VideoException;

/**
 * One ISVCEncoder ({@code codec_api.h}). It is told to encode as for a camera, which is several times as quick as its mode for
 * screens: what that finds, moves, never comes here. It has no rate control, which would drop frames: the caller chooses the
 * quantiser.
 *
 * <p>The numbers below are offsets in the library's structures on 64-bit machines, the same in all versions of {@link Abi}, and
 * values of its enumerations.
 */
final class OpenH264Encoder implements VideoEncoder {

    // ISVCEncoderVtbl
    private static final int INITIALIZE_EXT = 1;
    private static final int GET_DEFAULT_PARAMS = 2;
    private static final int UNINITIALIZE = 3;
    private static final int ENCODE_FRAME = 4;
    private static final int FORCE_INTRA_FRAME = 6;
    private static final int SET_OPTION = 7;

    // ENCODER_OPTION
    private static final int OPTION_SVC_ENCODE_PARAM_EXT = 3;
    private static final int OPTION_TRACE_LEVEL = 25;

    // SEncParamExt
    private static final int USAGE_TYPE = 0;
    private static final int PIC_WIDTH = 4;
    private static final int PIC_HEIGHT = 8;
    private static final int TARGET_BITRATE = 12;
    private static final int RC_MODE = 16;
    private static final int MAX_FRAME_RATE = 20;
    private static final int SPATIAL_LAYERS = 32;
    private static final int COMPLEXITY_MODE = 832;
    private static final int INTRA_PERIOD = 836;
    private static final int NUM_REF_FRAME = 840;
    private static final int SPS_PPS_ID_STRATEGY = 844;
    private static final int ENTROPY_CODING_MODE = 856;
    private static final int ENABLE_FRAME_SKIP = 860;
    private static final int ENABLE_LONG_TERM_REFERENCE = 880;
    private static final int MULTIPLE_THREAD_IDC = 892;
    private static final int ENABLE_DENOISE = 908;
    private static final int ENABLE_BACKGROUND_DETECTION = 909;
    private static final int ENABLE_ADAPTIVE_QUANT = 910;
    private static final int ENABLE_FRAME_CROPPING = 911;
    private static final int ENABLE_SCENE_CHANGE_DETECT = 912;

    private static final int CAMERA_VIDEO_REAL_TIME = 0;
    private static final int RC_OFF_MODE = -1;
    private static final int LOW_COMPLEXITY = 0;
    private static final int CONSTANT_ID = 0;

    // SSpatialLayerConfig, of which SEncParamExt has an array
    private static final int LAYER_WIDTH = SPATIAL_LAYERS;
    private static final int LAYER_HEIGHT = SPATIAL_LAYERS + 4;
    private static final int LAYER_FRAME_RATE = SPATIAL_LAYERS + 8;
    private static final int LAYER_BITRATE = SPATIAL_LAYERS + 12;
    private static final int LAYER_PROFILE = SPATIAL_LAYERS + 20;
    private static final int LAYER_QP = SPATIAL_LAYERS + 28;
    private static final int VIDEO_SIGNAL_TYPE_PRESENT = SPATIAL_LAYERS + 184;
    private static final int VIDEO_FORMAT = SPATIAL_LAYERS + 185;
    private static final int FULL_RANGE = SPATIAL_LAYERS + 186;
    private static final int COLOR_DESCRIPTION_PRESENT = SPATIAL_LAYERS + 187;
    private static final int COLOR_PRIMARIES = SPATIAL_LAYERS + 188;
    private static final int TRANSFER_CHARACTERISTICS = SPATIAL_LAYERS + 189;
    private static final int COLOR_MATRIX = SPATIAL_LAYERS + 190;

    private static final int PRO_BASELINE = 66;
    private static final int VF_UNDEF = 5;
    private static final int BT_709 = 1;

    // SSourcePicture
    private static final int COLOR_FORMAT = 0;
    private static final int STRIDES = 4;
    private static final int PLANES = 24;
    private static final int SOURCE_WIDTH = 56;
    private static final int SOURCE_HEIGHT = 60;
    private static final int VIDEO_FORMAT_I420 = 23;

    // SFrameBSInfo and SLayerBSInfo
    private static final int LAYERS = 8;
    private static final int NAL_COUNT = 16;
    private static final int NAL_LENGTHS = 24;
    private static final int BITSTREAM = 32;

    /** Without rate control only for show; what is larger than the level allows is refused. */
    private static final int BITRATE = 5_000_000;

    private static final float FRAME_RATE = 30;

    /** Most bytes of an access unit; what is larger is not what the library writes. */
    private static final int MAX_BYTES = 64 << 20;

    private final OpenH264 library;
    private final I420Picture picture;
    private final Pointer encoder;
    private final Pointer methods;
    private final Memory parameters;
    private final Memory source;
    private final Memory frame;
    private boolean closed;

    OpenH264Encoder(OpenH264 library, int width, int height) {
        this.library = library;
        this.picture = new I420Picture(width, height);
        this.encoder = library.newEncoder();
        this.methods = encoder.getPointer(0);
        this.parameters = memory(library.abi().parameters());
        this.source = memory(library.abi().picture());
        this.frame = memory(library.abi().frame());
        try {
            initialize();
        } catch (VideoException e) {
            close();
            throw e;
        }
        describeSource();
    }

    private static Memory memory(int size) {
        Memory memory = new Memory(size);
        memory.clear();
        return memory;
    }

    private void initialize() {
        try (Memory quiet = memory(Integer.BYTES)) {
            call(SET_OPTION, "SetOption", OPTION_TRACE_LEVEL, quiet);
        }
        call(GET_DEFAULT_PARAMS, "GetDefaultParams", parameters);
        parameters.setInt(USAGE_TYPE, CAMERA_VIDEO_REAL_TIME);
        parameters.setInt(PIC_WIDTH, picture.width());
        parameters.setInt(PIC_HEIGHT, picture.height());
        parameters.setInt(TARGET_BITRATE, BITRATE);
        parameters.setInt(RC_MODE, RC_OFF_MODE);
        parameters.setFloat(MAX_FRAME_RATE, FRAME_RATE);
        parameters.setInt(COMPLEXITY_MODE, LOW_COMPLEXITY);
        parameters.setInt(INTRA_PERIOD, 0);
        parameters.setInt(NUM_REF_FRAME, 1);
        parameters.setInt(SPS_PPS_ID_STRATEGY, CONSTANT_ID);
        parameters.setInt(ENTROPY_CODING_MODE, 0);
        parameters.setByte(ENABLE_FRAME_SKIP, (byte) 0);
        parameters.setByte(ENABLE_LONG_TERM_REFERENCE, (byte) 0);
        parameters.setShort(MULTIPLE_THREAD_IDC, (short) 1);
        parameters.setByte(ENABLE_DENOISE, (byte) 0);
        parameters.setByte(ENABLE_BACKGROUND_DETECTION, (byte) 0);
        parameters.setByte(ENABLE_ADAPTIVE_QUANT, (byte) 0);
        parameters.setByte(ENABLE_FRAME_CROPPING, (byte) 1);
        parameters.setByte(ENABLE_SCENE_CHANGE_DETECT, (byte) 0);
        parameters.setInt(LAYER_WIDTH, picture.width());
        parameters.setInt(LAYER_HEIGHT, picture.height());
        parameters.setFloat(LAYER_FRAME_RATE, FRAME_RATE);
        parameters.setInt(LAYER_BITRATE, BITRATE);
        parameters.setInt(LAYER_PROFILE, PRO_BASELINE);
        // Some clients take the colours from the stream and not from [MS-RDPEGFX].
        parameters.setByte(VIDEO_SIGNAL_TYPE_PRESENT, (byte) 1);
        parameters.setByte(VIDEO_FORMAT, (byte) VF_UNDEF);
        parameters.setByte(FULL_RANGE, (byte) 1);
        parameters.setByte(COLOR_DESCRIPTION_PRESENT, (byte) 1);
        parameters.setByte(COLOR_PRIMARIES, (byte) BT_709);
        parameters.setByte(TRANSFER_CHARACTERISTICS, (byte) BT_709);
        parameters.setByte(COLOR_MATRIX, (byte) BT_709);
        call(INITIALIZE_EXT, "InitializeExt", parameters);
    }

    private void describeSource() {
        source.setInt(COLOR_FORMAT, VIDEO_FORMAT_I420);
        source.setInt(SOURCE_WIDTH, picture.width());
        source.setInt(SOURCE_HEIGHT, picture.height());
        ByteBuffer[] planes = {picture.luma(), picture.blue(), picture.red()};
        for (int i = 0; i < planes.length; i++) {
            source.setInt(STRIDES + 4L * i, i == 0 ? picture.width() : picture.width() / 2);
            source.setPointer(PLANES + 8L * i, Native.getDirectBufferPointer(planes[i]));
        }
    }

    @Override
    public I420Picture picture() {
        return picture;
    }

    @Override
    public void encode(boolean key, int qp, ByteBuf out) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (qp < MIN_QP || qp > MAX_QP) {
            throw new IllegalArgumentException("a quantiser of " + qp);
        }
        if (parameters.getInt(LAYER_QP) != qp) {
            parameters.setInt(LAYER_QP, qp);
            call(SET_OPTION, "SetOption", OPTION_SVC_ENCODE_PARAM_EXT, parameters);
        }
        if (key) {
            call(FORCE_INTRA_FRAME, "ForceIntraFrame", 1);
        }
        call(ENCODE_FRAME, "EncodeFrame", source, frame);
        int before = out.readableBytes();
        copyFrame(out);
        if (out.readableBytes() == before) {
            throw new VideoException(library + ": EncodeFrame wrote nothing");
        }
    }

    /** Copies the layers of the frame, which the library keeps only until it is called again. */
    private void copyFrame(ByteBuf out) {
        int layers = frame.getInt(0);
        check(layers, Abi.MAX_LAYERS, "layers");
        for (int i = 0; i < layers; i++) {
            long layer = LAYERS + (long) i * library.abi().layer();
            int count = frame.getInt(layer + NAL_COUNT);
            check(count, MAX_BYTES, "NAL units");
            int bytes = 0;
            for (int length : frame.getPointer(layer + NAL_LENGTHS).getIntArray(0, count)) {
                check(length, MAX_BYTES - bytes, "bytes");
                bytes += length;
            }
            out.writeBytes(frame.getPointer(layer + BITSTREAM).getByteBuffer(0, bytes));
        }
    }

    private void check(int number, int most, String what) {
        if (number < 0 || number > most) {
            throw new VideoException(library + ": EncodeFrame says it wrote " + number + " " + what);
        }
    }

    private void call(int method, String name, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = encoder;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int result = Function.getFunction(methods.getPointer((long) method * Native.POINTER_SIZE))
                .invokeInt(all);
        if (result != 0) {
            throw new VideoException(
                    library + " for " + picture.width() + "x" + picture.height() + ": " + name + " says " + result);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Function.getFunction(methods.getPointer((long) UNINITIALIZE * Native.POINTER_SIZE))
                    .invokeInt(new Object[] {encoder});
            library.destroy(encoder);
            parameters.close();
            source.close();
            frame.close();
        }
    }
}
