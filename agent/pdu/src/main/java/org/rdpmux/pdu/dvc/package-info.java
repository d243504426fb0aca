// SPDX-License-Identifier: Apache-2.0
/** Dynamic virtual channels ([MS-RDPEDYC]), which share the static virtual channel {@code drdynvc}. */
package org.rdpmux.pdu.dvc;
