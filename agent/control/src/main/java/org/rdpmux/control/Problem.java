// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

/**
 * Why a request was not carried out (RFC 9457). The agent is as it was before.
 *
 * @param type {@code about:blank}: the status says all that a program can go by
 * @param title the status in words, such as {@code Not Found}
 * @param status of the answer
 * @param detail a sentence for people, with what to do next
 */
public record Problem(String type, String title, int status, String detail) {

    public static Problem of(int status, String title, String detail) {
        return new Problem("about:blank", title, status, detail);
    }
}
