// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The client's part of authentication (D-Bus specification, "Authentication Protocol"). QEMU is the server on all its
 * connections and takes EXTERNAL alone, for the user who made the pair of sockets, whoever uses it. All is said at once: QEMU's
 * main loop waits for it, and the guest with it, so that no answer of ours may be missing.
 */
final class Authentication {

    /** Of a line. The longest that is expected has 37 bytes; a refusal lists the mechanisms. */
    static final int MAX_LINE = 512;

    /** What the server says to each of our lines but the last, which it does not answer. */
    private static final String[] ANSWERS = {"OK ", "AGREE_UNIX_FD"};

    private int answered;

    /** Writes what the client has to say. @param user whom to claim to be */
    static void write(int user, ByteBuf out) {
        String digits = Integer.toUnsignedString(user);
        String identity = HexFormat.of().formatHex(digits.getBytes(StandardCharsets.US_ASCII));
        String lines = "\0AUTH EXTERNAL " + identity + "\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n";
        out.writeCharSequence(lines, StandardCharsets.US_ASCII);
    }

    /** Reads the answers; true once all are there, and what follows is messages. */
    boolean read(ByteBuf in) {
        while (answered < ANSWERS.length) {
            int length = in.bytesBefore((byte) '\n');
            if (length < 0 ? in.readableBytes() > MAX_LINE : length > MAX_LINE) {
                throw DbusException.violation("authentication", "has a line of more than " + MAX_LINE + " bytes");
            }
            if (length < 0) {
                return false;
            }
            String line =
                    in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
            in.skipBytes(1);
            if (!line.startsWith(ANSWERS[answered])) {
                throw new DbusException("refused to talk to us: " + line.strip().replaceAll("[^ -~]", "?"));
            }
            answered++;
        }
        return true;
    }
}
