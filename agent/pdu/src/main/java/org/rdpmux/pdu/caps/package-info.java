// SPDX-License-Identifier: Apache-2.0
/** Capability sets ([MS-RDPBCGR] 2.2.7). */
package org.rdpmux.pdu.caps;
