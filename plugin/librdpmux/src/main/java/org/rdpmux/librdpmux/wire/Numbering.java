// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

/**
 * How message types are numbered. In the middle of protocol 4 the library put an invalid type in front of the list, which
 * raised all the others by one; both kinds of guest register as version 4.
 */
public enum Numbering {
    /** Versions 1 to 3, and the first builds of version 4. */
    ZERO_BASED(0),
    /** The later builds of version 4, and version 5. */
    ONE_BASED(1);

    private final int first;

    Numbering(int first) {
        this.first = first;
    }

    /** The number on the wire of the type that is {@code index} in the list without an invalid type. */
    int number(int index) {
        return index + first;
    }
}
