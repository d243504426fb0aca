// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import java.util.Optional;
import org.rdpmux.pdu.pointer.PointerShapeUpdate;
import org.rdpmux.pdu.pointer.PointerUpdate;

/**
 * The pointer as the client shows it.
 *
 * @param kind what kind it is
 * @param shape its shape, if the server sent one
 * @param position where the server moved it last, if ever
 */
public record PointerState(Kind kind, Optional<PointerShapeUpdate> shape, Optional<PointerUpdate.Position> position) {

    /** What kind of pointer. */
    public enum Kind {
        /** The client's own arrow. */
        DEFAULT,
        HIDDEN,
        SHAPE
    }

    /** Before the server says anything. */
    static final PointerState INITIAL = new PointerState(Kind.DEFAULT, Optional.empty(), Optional.empty());
}
