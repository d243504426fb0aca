// SPDX-License-Identifier: Apache-2.0
/**
 * A client of VNC displays: RFB 3.3, 3.7 and 3.8 (RFC 6143) with the extensions that QEMU and the common servers share. The
 * protocol, from {@link org.rdpmux.vnc.RfbClient} down, works on bytes alone; {@link org.rdpmux.vnc.VncDisplay} drives it
 * over a Netty channel.
 */
package org.rdpmux.vnc;
