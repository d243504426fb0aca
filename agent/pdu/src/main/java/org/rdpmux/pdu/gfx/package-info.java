// SPDX-License-Identifier: Apache-2.0
/** The graphics pipeline ([MS-RDPEGFX]), which has a dynamic virtual channel of its own. */
package org.rdpmux.pdu.gfx;
