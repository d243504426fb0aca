// SPDX-License-Identifier: Apache-2.0
/** What tests of displays share: a real QEMU, and a listener that keeps what it hears. */
package org.rdpmux.display.testing;
