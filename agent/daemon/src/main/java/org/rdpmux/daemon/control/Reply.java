// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Objects;
import org.rdpmux.control.ControlApi;

/** The agent's answer to one request. */
public sealed interface Reply {

    /** The request was carried out. */
    record Ok(Record result) implements Reply {
        public Ok {
            Objects.requireNonNull(result);
        }
    }

    /** Likewise; the answer is for monitoring systems, in {@link ControlApi#METRICS_TEXT}. The text is not changed any more. */
    record Metrics(byte[] text) implements Reply {
        public Metrics {
            Objects.requireNonNull(text);
        }
    }

    /**
     * Likewise; the answer is {@link ControlApi#PNG}. It is not changed any more.
     *
     * @param version of the screen that it shows
     * @param sent run once the answer is written, or nobody wants it any more
     */
    record Picture(byte[] png, long version, Runnable sent) implements Reply {
        public Picture {
            Objects.requireNonNull(png);
            Objects.requireNonNull(sent);
        }
    }

    /**
     * It was not; the agent is as it was before.
     *
     * @param reason a sentence, with what to do next
     */
    record Refused(HttpResponseStatus status, String reason) implements Reply {
        public Refused {
            Objects.requireNonNull(status);
            Objects.requireNonNull(reason);
        }
    }
}
