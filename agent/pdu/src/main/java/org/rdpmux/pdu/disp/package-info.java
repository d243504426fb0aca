// SPDX-License-Identifier: Apache-2.0
/** Display control ([MS-RDPEDISP]): a client asks for another desktop size, on a dynamic virtual channel of its own. */
package org.rdpmux.pdu.disp;
