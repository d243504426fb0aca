// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.util.Arrays;

/**
 * [MS-CSSP] 2.2.1.2 TSCredentials: what the client hands over at the end for a server that logs it on to something. Here the
 * client has proven itself already and there is nothing to log on to: the structure is checked and forgotten, the password
 * never becomes more than a part of the array that is wiped.
 */
final class TsCredentials {

    private static final int PASSWORD = 1;

    /** Three strings of at most 512 characters and what stands around them. */
    private static final int MAX_FIELD = 2048;

    private TsCredentials() {}

    /** Checks {@code clear} and overwrites it, whatever the outcome. */
    static void checkAndWipe(byte[] clear) {
        try {
            check(clear);
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    private static void check(byte[] clear) {
        DerReader outside = new DerReader(clear);
        DerReader in = outside.enter(DerReader.SEQUENCE, "TSCredentials");
        outside.end("the end of TSCredentials");
        int type = in.explicitNumber(0, DerReader.INTEGER, "TSCredentials.credType");
        if (type != PASSWORD) {
            throw new NlaException(Refusal.UNSUPPORTED, "TSCredentials.credType is " + type + "; expected a password");
        }
        DerReader field = in.enter(DerReader.context(1), "TSCredentials.credentials");
        in.end("TSCredentials");
        DerReader octets = field.enter(DerReader.OCTET_STRING, "TSCredentials.credentials");
        field.end("TSCredentials.credentials");
        DerReader creds = octets.enter(DerReader.SEQUENCE, "TSPasswordCreds");
        octets.end("TSCredentials.credentials");
        text(creds, 0, "TSPasswordCreds.domainName");
        int user = text(creds, 1, "TSPasswordCreds.userName");
        int password = text(creds, 2, "TSPasswordCreds.password");
        creds.end("TSPasswordCreds");
        if (user == 0 && password == 0) {
            throw new NlaException(Refusal.UNSUPPORTED, "TSPasswordCreds are empty, as in restricted admin mode");
        }
    }

    /** Checks one string and returns its size, without taking it out of the array. */
    private static int text(DerReader in, int number, String field) {
        DerReader inside = in.enter(DerReader.context(number), field);
        int size = inside.enter(DerReader.OCTET_STRING, field).remaining();
        inside.end(field);
        if (size % 2 != 0 || size > MAX_FIELD) {
            throw new NlaException(field + " has " + size + " bytes");
        }
        return size;
    }
}
