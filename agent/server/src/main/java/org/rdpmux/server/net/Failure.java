// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.rdpmux.pdu.PduException;

/**
 * Why a connection cannot go on.
 *
 * @param reason for the log
 */
record Failure(Whose whose, String reason) {

    /** Whose failure it is. */
    enum Whose {
        /** It sent what a client should not, or asked for more than there is. */
        CLIENT,
        NETWORK,
        SERVER
    }

    static Failure of(Throwable cause) {
        Throwable inner = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (inner.getCause() instanceof Error) { // such as a class that cannot be loaded
            return new Failure(Whose.SERVER, "a defect of the server");
        }
        if (inner instanceof SSLException) {
            return new Failure(Whose.CLIENT, "TLS: " + inner.getMessage());
        }
        if (inner instanceof PduException || inner instanceof RejectedExecutionException) {
            return new Failure(Whose.CLIENT, inner.getMessage());
        }
        return inner instanceof IOException
                ? new Failure(Whose.NETWORK, inner.getMessage())
                : new Failure(Whose.SERVER, "a defect of the server");
    }
}
