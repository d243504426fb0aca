// SPDX-License-Identifier: Apache-2.0
/** The clipboard ([MS-RDPECLIP]), on a static virtual channel of its own. */
package org.rdpmux.pdu.cliprdr;
