// SPDX-License-Identifier: Apache-2.0
/** Bitmap updates, the same bytes in fast-path and slow-path ([MS-RDPBCGR] 2.2.9.1.1.3.1.2). */
package org.rdpmux.pdu.bitmap;
