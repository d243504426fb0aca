// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.h264;

import java.util.List;
import org.rdpmux.codec.VideoEncoder;
import org.rdpmux.codec.VideoEncoderProvider;

/** Encodes with the newest OpenH264 that the host has and this module knows. */
public final class OpenH264Provider implements VideoEncoderProvider {

    private final List<String> sonames;
    private OpenH264 library;

    public OpenH264Provider() {
        this(Abi.sonames());
    }

    /** @param sonames of the libraries to look for, the best first */
    OpenH264Provider(List<String> sonames) {
        this.sonames = sonames;
    }

    @Override
    public synchronized String load() {
        if (library == null) {
            library = OpenH264.load(sonames);
        }
        return library.toString();
    }

    @Override
    public synchronized VideoEncoder newEncoder(int width, int height) {
        load();
        return new OpenH264Encoder(library, width, height);
    }
}
