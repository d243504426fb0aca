// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.Objects;

/** The agent's answer to one request. */
public sealed interface Reply {

    /** The request was carried out. */
    record Ok(Record result) implements Reply {
        public Ok {
            Objects.requireNonNull(result);
        }
    }

    /** It was not; the agent is as it was before. */
    record Refused(String error) implements Reply {
        public Refused {
            Objects.requireNonNull(error);
        }
    }
}
