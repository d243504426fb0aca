// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * [MS-CSSP] 3.1.5.1.1.3 and following: what both sides say to show that they see the same TLS certificate.
 *
 * @param clients what the client has to send
 * @param servers what it is answered
 */
record PublicKeyBinding(byte[] clients, byte[] servers) {

    /** From this version on the keys are hashed with a nonce of the client (CVE-2018-0886). */
    private static final int HASH_VERSION = 5;

    private static final byte[] CLIENT_MAGIC = magic("CredSSP Client-To-Server Binding Hash\0");
    private static final byte[] SERVER_MAGIC = magic("CredSSP Server-To-Client Binding Hash\0");

    /**
     * @param version of the protocol
     * @param nonce the client's, or null if it sent none
     * @param subjectPublicKey the certificate's
     * @throws NlaException if the version needs a nonce and there is none
     */
    static PublicKeyBinding of(int version, byte[] nonce, byte[] subjectPublicKey) {
        if (version < HASH_VERSION) {
            byte[] ours = subjectPublicKey.clone();
            ours[0]++;
            return new PublicKeyBinding(subjectPublicKey, ours);
        }
        if (nonce == null) {
            throw new NlaException("TSRequest.clientNonce is missing");
        }
        return new PublicKeyBinding(
                sha256(CLIENT_MAGIC, nonce, subjectPublicKey), sha256(SERVER_MAGIC, nonce, subjectPublicKey));
    }

    private static byte[] sha256(byte[] magic, byte[] nonce, byte[] key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(magic);
            digest.update(nonce);
            return digest.digest(key);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] magic(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
