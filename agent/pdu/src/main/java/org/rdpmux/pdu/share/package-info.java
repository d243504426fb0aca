// SPDX-License-Identifier: Apache-2.0
/** Share control and share data PDUs: what flows on the I/O channel ([MS-RDPBCGR] 2.2.8.1.1.1). */
package org.rdpmux.pdu.share;
