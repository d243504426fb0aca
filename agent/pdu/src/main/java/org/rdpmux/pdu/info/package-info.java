// SPDX-License-Identifier: Apache-2.0
/** Client Info ([MS-RDPBCGR] 2.2.1.11) and the basic security header. */
package org.rdpmux.pdu.info;
