// SPDX-License-Identifier: Apache-2.0
/**
 * A scripted RDP client: speaks the whole protocol over real sockets, shows what a user would see, and notes whatever a
 * server does that a strict client would not forgive.
 */
package org.rdpmux.testkit.rdp;
