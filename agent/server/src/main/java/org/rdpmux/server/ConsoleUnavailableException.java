// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

/** What a program asked of a console is not to be had; the message is a sentence for people that says why. */
public final class ConsoleUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    public ConsoleUnavailableException(String sentence) {
        super(sentence);
    }
}
