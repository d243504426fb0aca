// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.h264;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.List;
import java.util.Map;
import org.rdpmux.codec.VideoException;

/** The library, loaded, of a version whose structures are known. Safe for all threads. */
final class OpenH264 {

    /** Without RTLD_GLOBAL: nobody else is to find its functions by chance. */
    private static final int RTLD_LAZY = 1;

    /** OpenH264Version: major, minor, revision and reserved, 4 bytes each. */
    private static final int VERSION_SIZE = 16;

    private final Function create;
    private final Function destroy;
    private final Abi abi;
    private final String name;

    private OpenH264(NativeLibrary library) {
        create = library.getFunction("WelsCreateSVCEncoder");
        destroy = library.getFunction("WelsDestroySVCEncoder");
        try (Memory version = new Memory(VERSION_SIZE)) {
            version.clear();
            library.getFunction("WelsGetCodecVersionEx").invokeVoid(new Object[] {version});
            int major = version.getInt(0);
            int minor = version.getInt(4);
            name = "OpenH264 " + major + "." + minor + "." + version.getInt(8);
            abi = Abi.of(major, minor).orElseThrow(() -> new VideoException(name + " is a version that is not known"));
        }
    }

    /** Loads the first of these that the host has. @throws VideoException if there is none of a known version */
    static OpenH264 load(List<String> sonames) {
        for (String soname : sonames) {
            NativeLibrary library;
            try {
                library = NativeLibrary.getInstance(soname, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY));
            } catch (UnsatisfiedLinkError absent) {
                continue;
            }
            try {
                return new OpenH264(library);
            } catch (UnsatisfiedLinkError notIt) {
                throw new VideoException(soname + " is not OpenH264: " + notIt.getMessage());
            }
        }
        throw new VideoException(
                (sonames.size() == 1 ? "there is no " : "there is neither ") + String.join(" nor ", sonames));
    }

    Abi abi() {
        return abi;
    }

    /** An ISVCEncoder, to be destroyed. */
    Pointer newEncoder() {
        PointerByReference encoder = new PointerByReference();
        int result = create.invokeInt(new Object[] {encoder});
        if (result != 0 || encoder.getValue() == null) {
            throw new VideoException(name + " makes no encoder: WelsCreateSVCEncoder says " + result);
        }
        return encoder.getValue();
    }

    void destroy(Pointer encoder) {
        destroy.invokeVoid(new Object[] {encoder});
    }

    @Override
    public String toString() {
        return name;
    }
}
