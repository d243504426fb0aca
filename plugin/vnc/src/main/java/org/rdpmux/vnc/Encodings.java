// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

/** Numbers of the encodings and pseudo-encodings we speak (RFC 6143 section 7.7 and the registry it founded). */
final class Encodings {

    static final int RAW = 0;
    static final int COPY_RECT = 1;
    static final int ZRLE = 16;

    static final int DESKTOP_SIZE = -223;
    static final int LAST_RECT = -224;
    static final int RICH_CURSOR = -239;
    static final int POINTER_TYPE_CHANGE = -257;
    static final int QEMU_EXTENDED_KEY_EVENT = -258;
    static final int QEMU_AUDIO = -259;
    static final int QEMU_LED_STATE = -261;
    static final int EXTENDED_DESKTOP_SIZE = -308;
    static final int ALPHA_CURSOR = -314;
    static final int EXTENDED_MOUSE_BUTTONS = -316;

    /** 0xC0A1E5CE. */
    static final int EXTENDED_CLIPBOARD = 0xc0a1e5ce;

    private static final int[] PSEUDO = {
        DESKTOP_SIZE,
        EXTENDED_DESKTOP_SIZE,
        LAST_RECT,
        ALPHA_CURSOR,
        RICH_CURSOR,
        POINTER_TYPE_CHANGE,
        QEMU_EXTENDED_KEY_EVENT,
        QEMU_AUDIO,
        QEMU_LED_STATE,
        EXTENDED_MOUSE_BUTTONS
    };

    private Encodings() {}

    /**
     * What to ask for, the dearest first. Within this host memory is copied faster than it is compressed; over a network
     * compression pays.
     *
     * @param clipboard whether the clipboard is exchanged
     */
    static int[] wanted(boolean local, boolean clipboard) {
        int[] pixels = local ? new int[] {RAW, COPY_RECT, ZRLE} : new int[] {ZRLE, COPY_RECT, RAW};
        int[] all = new int[pixels.length + PSEUDO.length + (clipboard ? 1 : 0)];
        System.arraycopy(pixels, 0, all, 0, pixels.length);
        System.arraycopy(PSEUDO, 0, all, pixels.length, PSEUDO.length);
        if (clipboard) {
            all[all.length - 1] = EXTENDED_CLIPBOARD;
        }
        return all;
    }
}
