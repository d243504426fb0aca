// SPDX-License-Identifier: Apache-2.0
/** Keyboard and mouse of the client, fast-path and slow-path ([MS-RDPBCGR] 2.2.8). */
package org.rdpmux.pdu.input;
