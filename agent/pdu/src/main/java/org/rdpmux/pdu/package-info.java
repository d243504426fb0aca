// SPDX-License-Identifier: Apache-2.0
/**
 * RDP on the wire: bytes to records and back, one package per protocol layer. No I/O, no state, no threads: every
 * function here may be called from anywhere.
 */
package org.rdpmux.pdu;
