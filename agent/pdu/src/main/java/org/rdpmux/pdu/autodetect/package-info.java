// SPDX-License-Identifier: Apache-2.0
/** Network auto-detection ([MS-RDPBCGR] 2.2.14): how far away the client is, measured with messages on the message channel. */
package org.rdpmux.pdu.autodetect;
