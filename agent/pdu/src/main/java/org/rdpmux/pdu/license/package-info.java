// SPDX-License-Identifier: Apache-2.0
/** Licensing, as far as a server without licences needs it ([MS-RDPBCGR] 2.2.1.12). */
package org.rdpmux.pdu.license;
