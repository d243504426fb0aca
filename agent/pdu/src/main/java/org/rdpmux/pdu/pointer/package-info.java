// SPDX-License-Identifier: Apache-2.0
/** Pointer updates ([MS-RDPBCGR] 2.2.9.1.1.4 and 2.2.9.1.2.1). */
package org.rdpmux.pdu.pointer;
