// SPDX-License-Identifier: Apache-2.0
/**
 * Who may connect: TLS identities ({@code tls}), Network Level Authentication ({@code nla}), and the decision itself with
 * users, tickets, roles, guess limits and the audit trail ({@code access}). No sockets: bytes and time come in as arguments.
 */
package org.rdpmux.security;
