// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * VNC Authentication (RFC 6143 section 7.2.2): the challenge encrypted by DES under the password. Weak, and what VNC
 * servers offer.
 */
final class VncAuthentication {

    static final int CHALLENGE_SIZE = 16;
    /** The password is cut to this many bytes or filled up with zeros. */
    private static final int KEY_SIZE = 8;

    private VncAuthentication() {}

    /** The 16 bytes that answer a challenge of 16. The password is left as it is: whoever has it clears it. */
    static byte[] respond(byte[] challenge, char[] password) {
        byte[] key = new byte[KEY_SIZE];
        try {
            for (int i = 0; i < Math.min(KEY_SIZE, password.length); i++) {
                // Each byte's bits count from the wrong end, as in the first server ever written.
                key[i] = (byte) (Integer.reverse(password[i] & 0xff) >>> 24);
            }
            Cipher des = Cipher.getInstance("DES/ECB/NoPadding");
            des.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
            return des.doFinal(challenge);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no DES, which VNC passwords need", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
