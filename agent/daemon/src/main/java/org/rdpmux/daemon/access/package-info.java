// SPDX-License-Identifier: Apache-2.0
/** Who may see which console: where the agent's secrets are, what its configuration says, and the audit trail. */
package org.rdpmux.daemon.access;
