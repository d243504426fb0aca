// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.codec;

/**
 * Makes video encoders, with a library that the host may have. Found as a service ({@link java.util.ServiceLoader}); see {@link
 * VideoSupport}. Safe for all threads.
 */
public interface VideoEncoderProvider {

    /**
     * Loads the library, if that was not done before.
     *
     * @return its name and version for people, such as {@code OpenH264 2.3.1}
     * @throws VideoException if it is not to be had
     */
    String load();

    /**
     * Makes an encoder.
     *
     * @param width of the picture in pixels, 16 or more
     * @param height likewise
     * @throws VideoException if the library is not to be had or takes no such picture
     */
    VideoEncoder newEncoder(int width, int height);
}
