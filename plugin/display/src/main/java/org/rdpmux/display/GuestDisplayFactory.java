// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/** Opens displays of one type. One instance serves all threads. */
@FunctionalInterface
public interface GuestDisplayFactory {

    /** A display, idle until it is started. */
    GuestDisplay open(DisplaySource source);
}
