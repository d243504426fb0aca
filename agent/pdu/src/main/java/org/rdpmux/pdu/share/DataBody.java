// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.share;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;

/** What a share data PDU carries behind its header. */
public sealed interface DataBody extends Pdu
        permits Synchronize,
                Control,
                FontList,
                FontMap,
                SetErrorInfo,
                SuppressOutput,
                RefreshRect,
                ShutdownRequest,
                ShutdownDenied,
                SaveSessionInfo,
                FrameAcknowledge,
                SetKeyboardIndicators,
                SlowPathInput,
                SlowPathPointer,
                UnknownData {

    int UPDATE = 0x02;
    int CONTROL = 0x14;
    int POINTER = 0x1b;
    int INPUT = 0x1c;
    int SYNCHRONIZE = 0x1f;
    int REFRESH_RECT = 0x21;
    int SUPPRESS_OUTPUT = 0x23;
    int SHUTDOWN_REQUEST = 0x24;
    int SHUTDOWN_DENIED = 0x25;
    int SAVE_SESSION_INFO = 0x26;
    int FONT_LIST = 0x27;
    int FONT_MAP = 0x28;
    int SET_KEYBOARD_INDICATORS = 0x29;
    /** What bitmaps a client has kept: there is no such cache, and none of it is read. */
    int PERSISTENT_KEY_LIST = 0x2b;

    int SET_ERROR_INFO = 0x2f;
    int FRAME_ACKNOWLEDGE = 0x38;

    /** pduType2 of the header this body stands behind. */
    int type();

    /**
     * Reads a body of the given type from {@code in}, which holds this body alone. Bytes behind the fields are passed
     * over: the header has said where the body ends, and later versions of the protocol append fields.
     */
    static DataBody decode(int type, ByteBuf in) {
        return switch (type) {
            case SYNCHRONIZE -> Synchronize.decode(in);
            case CONTROL -> Control.decode(in);
            case FONT_LIST -> FontList.decode(in);
            case FONT_MAP -> FontMap.decode(in);
            case SET_ERROR_INFO -> SetErrorInfo.decode(in);
            case SUPPRESS_OUTPUT -> SuppressOutput.decode(in);
            case REFRESH_RECT -> RefreshRect.decode(in);
            case SHUTDOWN_REQUEST -> new ShutdownRequest();
            case SHUTDOWN_DENIED -> new ShutdownDenied();
            case SAVE_SESSION_INFO -> SaveSessionInfo.decode(in);
            case FRAME_ACKNOWLEDGE -> FrameAcknowledge.decode(in);
            case SET_KEYBOARD_INDICATORS -> SetKeyboardIndicators.decode(in);
            case INPUT -> SlowPathInput.decode(in);
            case POINTER -> SlowPathPointer.decode(in);
            default -> UnknownData.decode(type, in);
        };
    }
}
