// SPDX-License-Identifier: Apache-2.0
/** Who may do what: credential stores, one-time tickets, roles, limits on guessing, and the audit trail. */
package org.rdpmux.security.access;
