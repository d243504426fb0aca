// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

/** What a client has to do before it sees anything. Standard RDP security is never spoken. */
public enum SecurityPolicy {
    /** TLS, then CredSSP before the session begins. */
    NLA,
    /** TLS, then name and password of the Client Info PDU. */
    TLS,
    /** TLS, then nothing: for endpoints only trusted people can reach. */
    NONE
}
