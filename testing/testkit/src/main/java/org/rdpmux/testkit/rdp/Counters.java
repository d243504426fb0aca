// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

/**
 * What has arrived so far.
 *
 * @param bytes all of it, without what TLS adds
 * @param frames RDP frames: TPKT packets and fast-path PDUs
 * @param bitmaps rectangles drawn
 * @param bitmapBytes bytes of their pixels, as sent
 * @param pointers pointer updates
 * @param frameEnds ends of frames: frame markers, or those of the graphics pipeline
 * @param activations how often the share was activated
 */
public record Counters(
        long bytes, long frames, long bitmaps, long bitmapBytes, long pointers, long frameEnds, int activations) {}
