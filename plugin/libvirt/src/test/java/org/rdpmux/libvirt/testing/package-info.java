// SPDX-License-Identifier: Apache-2.0
/** A real libvirtd and small guests for tests. */
package org.rdpmux.libvirt.testing;
