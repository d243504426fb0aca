// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * A request that makes sense and cannot be carried out, with the reason in the API's terms; the message is a sentence. Any other
 * {@link IllegalArgumentException} stands for a value that makes no sense.
 */
public final class RefusedRequestException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient HttpResponseStatus status;

    private RefusedRequestException(HttpResponseStatus status, String sentence) {
        super(sentence);
        this.status = status;
    }

    /** What the request names is not there. */
    public static RefusedRequestException notFound(String sentence) {
        return new RefusedRequestException(HttpResponseStatus.NOT_FOUND, sentence);
    }

    /** Things are such that it cannot be done; somebody can change that. */
    public static RefusedRequestException conflict(String sentence) {
        return new RefusedRequestException(HttpResponseStatus.CONFLICT, sentence);
    }

    /** Whoever asks may not. */
    public static RefusedRequestException forbidden(String sentence) {
        return new RefusedRequestException(HttpResponseStatus.FORBIDDEN, sentence);
    }

    /** For the answer. */
    public HttpResponseStatus status() {
        return status;
    }
}
