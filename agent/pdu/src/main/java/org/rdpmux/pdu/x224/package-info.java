// SPDX-License-Identifier: Apache-2.0
/** TPKT, X.224 and the security negotiation inside ([MS-RDPBCGR] 2.2.1.1 and 2.2.1.2). */
package org.rdpmux.pdu.x224;
