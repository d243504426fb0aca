// SPDX-License-Identifier: Apache-2.0
/** Fast-path output: graphics and pointers without the share headers ([MS-RDPBCGR] 2.2.9.1.2). */
package org.rdpmux.pdu.fastpath;
