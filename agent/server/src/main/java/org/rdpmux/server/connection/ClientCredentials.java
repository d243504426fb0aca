// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import java.util.Arrays;

/**
 * What a client says about its user in the Client Info PDU. Not a record: the password must not end up in a log.
 */
public final class ClientCredentials {

    private final String domain;
    private final String user;
    private final char[] password;

    /** Takes the password over: {@link #wipe} overwrites the given array. */
    public ClientCredentials(String domain, String user, char[] password) {
        this.domain = domain;
        this.user = user;
        this.password = password;
    }

    /** May be empty. */
    public String domain() {
        return domain;
    }

    /** May be empty: the client has nobody to offer. */
    public String user() {
        return user;
    }

    /** The array itself: do not keep it. Empty if the client has none. */
    public char[] password() {
        return password;
    }

    /** Overwrites the password. To be called once it has been checked, whatever came out. */
    public void wipe() {
        Arrays.fill(password, '\0');
    }

    @Override
    public String toString() {
        return "ClientCredentials[" + (domain.isEmpty() ? user : domain + "\\" + user) + "]";
    }
}
