// SPDX-License-Identifier: Apache-2.0
/** Static virtual channels ([MS-RDPBCGR] 2.2.6). */
package org.rdpmux.pdu.channel;
