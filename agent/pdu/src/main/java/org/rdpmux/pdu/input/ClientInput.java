// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.input;

/**
 * One input event of a client. Fast-path ([MS-RDPBCGR] 2.2.8.1.2.2) and slow-path (2.2.8.1.1.3.1.1) events carry the
 * same and differ only on the wire: see {@link FastPathInput} and {@link org.rdpmux.pdu.share.SlowPathInput}.
 */
public sealed interface ClientInput {

    /**
     * TS_FP_KEYBOARD_EVENT (2.2.8.1.2.2.1), TS_KEYBOARD_EVENT (2.2.8.1.1.3.1.1.1).
     *
     * @param scanCode 0 to 255 as sent, without prefix
     * @param down false if the key was released
     * @param extended the scan code has the prefix E0
     * @param extended1 the scan code has the prefix E1 (Pause: E1 1D, then 45)
     */
    record Key(int scanCode, boolean down, boolean extended, boolean extended1) implements ClientInput {
        public Key {
            if (scanCode < 0 || scanCode > 0xff) {
                throw new IllegalArgumentException("scan code " + scanCode);
            }
        }
    }

    /**
     * TS_FP_UNICODE_KEYBOARD_EVENT (2.2.8.1.2.2.2), TS_UNICODE_KEYBOARD_EVENT (2.2.8.1.1.3.1.1.2). Clients may leave the
     * release out.
     *
     * @param codeUnit one UTF-16 code unit: characters beyond the first plane come as two events
     */
    record UnicodeKey(int codeUnit, boolean down) implements ClientInput {
        public UnicodeKey {
            if (codeUnit < 0 || codeUnit > 0xffff) {
                throw new IllegalArgumentException("code unit " + codeUnit);
            }
        }
    }

    /**
     * TS_FP_POINTER_EVENT (2.2.8.1.2.2.3), TS_POINTER_EVENT (2.2.8.1.1.3.1.1.3). Flags may come together: a move and a
     * button in one event.
     *
     * @param pointerFlags the {@code PTRFLAGS} below, and the wheel's rotation in the low nine bits
     * @param x 0 to 65535, of the desktop; without meaning if the event is a wheel's
     */
    record Mouse(int pointerFlags, int x, int y) implements ClientInput {
        public static final int HWHEEL = 0x0400;
        public static final int WHEEL = 0x0200;
        public static final int MOVE = 0x0800;
        public static final int DOWN = 0x8000;
        /** Left. */
        public static final int BUTTON1 = 0x1000;
        /** Right. */
        public static final int BUTTON2 = 0x2000;
        /** Middle. */
        public static final int BUTTON3 = 0x4000;

        private static final int ROTATION_MASK = 0x01ff;

        public boolean has(int flag) {
            return (pointerFlags & flag) != 0;
        }

        /** The wheel's rotation, -256 to 255 in 120ths of a notch: nine bits, two's complement. */
        public int rotation() {
            return (pointerFlags & ROTATION_MASK) << 23 >> 23;
        }

        /** The low nine bits that say this rotation, which is bounded to what they can say. */
        public static int rotationBits(int rotation) {
            return Math.max(-256, Math.min(255, rotation)) & ROTATION_MASK;
        }
    }

    /** TS_FP_POINTERX_EVENT (2.2.8.1.2.2.4), TS_POINTERX_EVENT (2.2.8.1.1.3.1.1.4): the fourth and fifth button. */
    record ExtendedMouse(int pointerFlags, int x, int y) implements ClientInput {
        public static final int DOWN = 0x8000;
        public static final int BUTTON1 = 0x0001;
        public static final int BUTTON2 = 0x0002;

        public boolean has(int flag) {
            return (pointerFlags & flag) != 0;
        }
    }

    /**
     * TS_FP_RELPOINTER_EVENT, TS_RELPOINTER_EVENT (2.2.8.1.1.3.1.1.7).
     *
     * @param pointerFlags {@link Mouse#MOVE}, {@link Mouse#DOWN}, the buttons of {@link Mouse} and those below
     * @param dx -32768 to 32767
     */
    record RelativeMouse(int pointerFlags, int dx, int dy) implements ClientInput {
        public static final int XBUTTON1 = 0x0001;
        public static final int XBUTTON2 = 0x0002;

        public boolean has(int flag) {
            return (pointerFlags & flag) != 0;
        }
    }

    /**
     * TS_FP_SYNC_EVENT (2.2.8.1.2.2.5), TS_SYNC_EVENT (2.2.8.1.1.3.1.1.5): the client got the focus; all keys are up and
     * its locks are these.
     */
    record Synchronize(LockFlags locks) implements ClientInput {}

    /** TS_FP_QOETIMESTAMP_EVENT: a client's clock in milliseconds; fast-path only. */
    record QoeTimestamp(long timestamp) implements ClientInput {}
}
