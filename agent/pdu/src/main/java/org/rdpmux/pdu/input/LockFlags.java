// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.input;

/**
 * Which locks of a keyboard are on: toggleFlags of a synchronize event ([MS-RDPBCGR] 2.2.8.1.1.3.1.1.5, 2.2.8.1.2.2.5)
 * and LedFlags of {@link org.rdpmux.pdu.share.SetKeyboardIndicators} (2.2.8.2.1.1) have the same bits.
 */
public record LockFlags(boolean scroll, boolean num, boolean caps, boolean kana) {

    private static final int SCROLL = 1;
    private static final int NUM = 2;
    private static final int CAPS = 4;
    private static final int KANA = 8;

    /** Other bits are passed over. */
    public static LockFlags of(int bits) {
        return new LockFlags((bits & SCROLL) != 0, (bits & NUM) != 0, (bits & CAPS) != 0, (bits & KANA) != 0);
    }

    /** As on the wire. */
    public int bits() {
        return (scroll ? SCROLL : 0) | (num ? NUM : 0) | (caps ? CAPS : 0) | (kana ? KANA : 0);
    }
}
