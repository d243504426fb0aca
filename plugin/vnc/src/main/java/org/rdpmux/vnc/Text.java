// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Text that a server sends, made fit for a log. */
final class Text {

    /** Enough for a sentence. */
    private static final int MAX_SHOWN = 200;

    private Text() {}

    /** Reads {@code length} bytes of UTF-8 as one line: without control characters, cut where it gets long. */
    static String line(ByteBuf in, int length) {
        String text = in.readCharSequence(length, StandardCharsets.UTF_8).toString();
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .limit(MAX_SHOWN)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .forEach(line::appendCodePoint);
        return line.toString().strip();
    }
}
