// SPDX-License-Identifier: Apache-2.0
/**
 * Displays of guests whose hypervisor was built with librdpmux, all versions of its protocol side by side. Guests register
 * on D-Bus, connect to a socket of their own and draw into shared memory. {@link org.rdpmux.librdpmux.LibrdpmuxService}
 * is the way in.
 */
package org.rdpmux.librdpmux;
