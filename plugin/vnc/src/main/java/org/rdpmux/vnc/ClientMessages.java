// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import org.rdpmux.display.Rect;

/** Writes client to server messages (RFC 6143 section 7.5 and extensions). */
final class ClientMessages {

    private static final int SET_PIXEL_FORMAT = 0;
    private static final int SET_ENCODINGS = 2;
    private static final int FRAMEBUFFER_UPDATE_REQUEST = 3;
    private static final int KEY_EVENT = 4;
    private static final int POINTER_EVENT = 5;
    private static final int CLIENT_CUT_TEXT = 6;
    private static final int SET_DESKTOP_SIZE = 251;
    private static final int QEMU = 255;
    private static final int QEMU_EXTENDED_KEY_EVENT = 0;
    static final int QEMU_AUDIO = 1;
    private static final int AUDIO_ENABLE = 0;
    private static final int AUDIO_DISABLE = 1;
    private static final int AUDIO_SET_FORMAT = 2;
    /** Signed samples of 16 bits, which QEMU sends little-endian. */
    private static final int AUDIO_S16 = 3;

    private ClientMessages() {}

    /** Asks for 32 bits a pixel, little-endian, true colour, {@code 0x00RRGGBB}: what every decoder here expects. */
    static void setPixelFormat(ByteBuf out) {
        out.writeByte(SET_PIXEL_FORMAT).writeZero(3);
        out.writeByte(32); // bits-per-pixel
        out.writeByte(24); // depth
        out.writeByte(0); // big-endian-flag
        out.writeByte(1); // true-color-flag
        out.writeShort(255).writeShort(255).writeShort(255); // red-, green-, blue-max
        out.writeByte(16).writeByte(8).writeByte(0); // red-, green-, blue-shift
        out.writeZero(3);
    }

    static void setEncodings(int[] encodings, ByteBuf out) {
        out.writeByte(SET_ENCODINGS).writeZero(1);
        out.writeShort(encodings.length);
        for (int encoding : encodings) {
            out.writeInt(encoding);
        }
    }

    static void framebufferUpdateRequest(boolean incremental, Rect area, ByteBuf out) {
        out.writeByte(FRAMEBUFFER_UPDATE_REQUEST);
        out.writeBoolean(incremental);
        out.writeShort(area.x()).writeShort(area.y());
        out.writeShort(area.width()).writeShort(area.height());
    }

    static void keyEvent(boolean down, int keysym, ByteBuf out) {
        out.writeByte(KEY_EVENT);
        out.writeBoolean(down);
        out.writeZero(2);
        out.writeInt(keysym);
    }

    /**
     * QEMU Extended Key Event.
     *
     * @param keycode the XT scan code, extended ones with bit 7 set
     */
    static void extendedKeyEvent(boolean down, int keysym, int keycode, ByteBuf out) {
        out.writeByte(QEMU).writeByte(QEMU_EXTENDED_KEY_EVENT);
        out.writeShort(down ? 1 : 0);
        out.writeInt(keysym);
        out.writeInt(keycode);
    }

    /** QEMU Audio Client Message: begins to send sound, or ends it. */
    static void sound(boolean enabled, ByteBuf out) {
        out.writeByte(QEMU).writeByte(QEMU_AUDIO);
        out.writeShort(enabled ? AUDIO_ENABLE : AUDIO_DISABLE);
    }

    /** QEMU Audio Client Message: the format to send sound in, with samples of 16 bits. */
    static void soundFormat(int channels, int frequency, ByteBuf out) {
        out.writeByte(QEMU).writeByte(QEMU_AUDIO);
        out.writeShort(AUDIO_SET_FORMAT);
        out.writeByte(AUDIO_S16).writeByte(channels);
        out.writeInt(frequency);
    }

    static void pointerEvent(int buttonMask, int x, int y, ByteBuf out) {
        out.writeByte(POINTER_EVENT).writeByte(buttonMask & 0x7f);
        out.writeShort(x).writeShort(y);
    }

    /** A PointerEvent with buttons beyond the seventh, for servers that confirmed Extended Mouse Buttons. */
    static void extendedPointerEvent(int buttonMask, int x, int y, ByteBuf out) {
        out.writeByte(POINTER_EVENT).writeByte(buttonMask & 0x7f | 0x80);
        out.writeShort(x).writeShort(y);
        out.writeByte(buttonMask >>> 7);
    }

    /** @param text in Latin-1, whose lines end with LF */
    static void clientCutText(byte[] text, ByteBuf out) {
        out.writeByte(CLIENT_CUT_TEXT).writeZero(3);
        out.writeInt(text.length);
        out.writeBytes(text);
    }

    /** SetDesktopSize with a single screen that fills the desktop. */
    static void setDesktopSize(int width, int height, int screenId, int screenFlags, ByteBuf out) {
        out.writeByte(SET_DESKTOP_SIZE).writeZero(1);
        out.writeShort(width).writeShort(height);
        out.writeByte(1).writeZero(1); // number-of-screens
        out.writeInt(screenId);
        out.writeShort(0).writeShort(0); // x, y
        out.writeShort(width).writeShort(height);
        out.writeInt(screenFlags);
    }
}
