// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.rdpsnd;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;

/**
 * What the two ends of the sound channel say to each other ([MS-RDPEA] 2.2). All begin with SNDPROLOG (2.2.1): msgType 1 byte,
 * bPad 1, BodySize 2, which does not count the prolog. Only {@link Wave} has none: it follows its {@link WaveInfo}.
 */
public sealed interface SoundPdu extends Pdu
        permits AudioFormats, OtherPdu, QualityMode, Training, Wave2, WaveConfirm, WaveInfo {

    /** The name of the static channel. */
    String STATIC_CHANNEL = "rdpsnd";

    /** The name of the dynamic channel (2.1). */
    String DYNAMIC_CHANNEL = "AUDIO_PLAYBACK_DVC";

    /** Bytes of SNDPROLOG. */
    int PROLOG_SIZE = 4;

    int WAVE = 2;
    int WAVE_CONFIRM = 5;
    int TRAINING = 6;
    int FORMATS = 7;
    int QUALITY_MODE = 12;
    int WAVE2 = 13;

    /**
     * Reads a PDU that either end sent, one to a message. What nobody here reads is passed over as {@link OtherPdu}: volume,
     * pitch, what is encrypted and what belongs to UDP. So are bytes behind the PDU.
     */
    static SoundPdu decode(ByteBuf in) {
        PduException.need(in, PROLOG_SIZE, "SNDPROLOG", "msgType");
        int type = in.readUnsignedByte(); // 1 byte
        in.skipBytes(1); // bPad
        int size = in.readUnsignedShortLE(); // BodySize, 2 bytes
        if (type == WAVE) {
            return WaveInfo.decode(size, in); // BodySize counts what follows in another message
        }
        PduException.range(size, 0, in.readableBytes(), "SNDPROLOG", "BodySize");
        ByteBuf body = in.readSlice(size);
        in.skipBytes(in.readableBytes());
        SoundPdu pdu = switch (type) {
            case WAVE_CONFIRM -> WaveConfirm.decode(body);
            case TRAINING -> Training.decode(body);
            case FORMATS -> AudioFormats.decode(body);
            case QUALITY_MODE -> QualityMode.decode(body);
            case WAVE2 -> Wave2.decode(body);
            default -> OtherPdu.decode(type, body);
        };
        PduException.end(body, "SNDPROLOG");
        return pdu;
    }

    /** Begins a PDU. @param bodySize of what follows the prolog */
    static void writeProlog(ByteBuf out, int type, int bodySize) {
        out.writeByte(type).writeByte(0).writeShortLE(bodySize);
    }
}
