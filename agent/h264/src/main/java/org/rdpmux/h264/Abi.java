// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.h264;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sizes of the library's structures ({@code codec_app_def.h}), which depend on its version: 2.6 has appended to some of them.
 * What is not here is the same in all: see {@link OpenH264Encoder}.
 */
enum Abi {
    /** Version 2.6. */
    SONAME_8("libopenh264.so.8", 6, 6, 924, 56, 80),
    /** Versions 2.3 to 2.5. */
    SONAME_7("libopenh264.so.7", 3, 5, 920, 40, 72);

    /** Version that all of them have in common. */
    private static final int MAJOR = 2;

    /** Layers of a frame, at most (MAX_LAYER_NUM_OF_FRAME). */
    static final int MAX_LAYERS = 128;

    private final String soname;
    private final int firstMinor;
    private final int lastMinor;
    private final int parameters;
    private final int layer;
    private final int picture;

    Abi(String soname, int firstMinor, int lastMinor, int parameters, int layer, int picture) {
        this.soname = soname;
        this.firstMinor = firstMinor;
        this.lastMinor = lastMinor;
        this.parameters = parameters;
        this.layer = layer;
        this.picture = picture;
    }

    /** Names of the libraries that are known, the newest first. */
    static List<String> sonames() {
        return Stream.of(values()).map(abi -> abi.soname).toList();
    }

    /** The structures of a version, if they are known. */
    static Optional<Abi> of(int major, int minor) {
        return Stream.of(values())
                .filter(abi -> major == MAJOR && minor >= abi.firstMinor && minor <= abi.lastMinor)
                .findFirst();
    }

    /** Bytes of SEncParamExt. */
    int parameters() {
        return parameters;
    }

    /** Bytes of SLayerBSInfo, of which SFrameBSInfo has an array. */
    int layer() {
        return layer;
    }

    /** Bytes of SSourcePicture. */
    int picture() {
        return picture;
    }

    /** Bytes of SFrameBSInfo: iLayerNum, the layers, eFrameType, iFrameSizeInBytes, uiTimeStamp. */
    int frame() {
        return 8 + MAX_LAYERS * layer + 16;
    }
}
