// SPDX-License-Identifier: Apache-2.0
/**
 * A client of QEMU's D-Bus display over peer to peer connections (docs/interop/dbus-display of QEMU, D-Bus specification 0.41).
 * The protocol, from {@link org.rdpmux.qemudbus.QemuSession} down, works on bytes and descriptors alone; {@link
 * org.rdpmux.qemudbus.QemuDisplay} drives it over sockets on a Netty event loop.
 */
package org.rdpmux.qemudbus;
