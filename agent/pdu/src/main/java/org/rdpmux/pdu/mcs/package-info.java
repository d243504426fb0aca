// SPDX-License-Identifier: Apache-2.0
/** T.125 multipoint communication, the parts RDP uses ([MS-RDPBCGR] 2.2.1.3 to 2.2.1.9). */
package org.rdpmux.pdu.mcs;
