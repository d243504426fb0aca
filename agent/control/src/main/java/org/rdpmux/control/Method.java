// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

/** A method of HTTP that the control API has. {@code HEAD} is a GET whose answer has no body. */
public enum Method {
    /** Changes nothing. */
    GET,
    /** Makes something, or has something done. */
    POST,
    /** Gives something another value. */
    PUT,
    /** Ends something. */
    DELETE;

    /** Whether requests have a body; otherwise what they say stands in their target. */
    public boolean hasBody() {
        return this == POST || this == PUT;
    }
}
