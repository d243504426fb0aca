// SPDX-License-Identifier: Apache-2.0
/** Sound that the client plays ([MS-RDPEA]), on a static or dynamic virtual channel of its own. */
package org.rdpmux.pdu.rdpsnd;
