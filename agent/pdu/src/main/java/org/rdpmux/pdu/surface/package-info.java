// SPDX-License-Identifier: Apache-2.0
/** Surface commands ([MS-RDPBCGR] 2.2.9.2). */
package org.rdpmux.pdu.surface;
