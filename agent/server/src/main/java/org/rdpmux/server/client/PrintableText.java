// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

/** A client's text without what would disturb a log or a terminal. */
final class PrintableText {

    private static final int MAX_LENGTH = 64;

    private PrintableText() {}

    static String of(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints()
                .filter(c -> !Character.isISOControl(c)
                        && Character.isDefined(c)
                        && Character.getType(c) != Character.FORMAT)
                .limit(MAX_LENGTH)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }
}
