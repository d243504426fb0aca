// SPDX-License-Identifier: Apache-2.0
/** T.124 conference creation and the settings blocks it carries ([MS-RDPBCGR] 2.2.1.3, 2.2.1.4). */
package org.rdpmux.pdu.gcc;
