// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

/** Opens displays of one type. Found by {@link java.util.ServiceLoader}; one instance serves all threads. */
public interface GuestDisplayProvider {

    /** The type in {@link DisplaySource#type()}, such as {@code vnc}; also the scheme of its addresses. */
    String type();

    /** A display, idle until it is started. */
    GuestDisplay open(DisplaySource source);
}
