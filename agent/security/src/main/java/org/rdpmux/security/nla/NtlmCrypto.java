// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.MD5Digest;
import org.bouncycastle.crypto.engines.RC4Engine;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.rdpmux.security.access.NtHash;

/**
 * [MS-NLMP] 3.3.2 and 3.4.5: the functions NTLMv2 is made of. MD5 and RC4 are broken as such; here they run inside TLS, and
 * only since the protocol has nothing else. Bouncy Castle's own classes, as a host's crypto policy may have taken the
 * JDK's away.
 */
final class NtlmCrypto {

    static final int KEY_SIZE = 16;

    private NtlmCrypto() {}

    /** NTOWFv2: the user's name is upper-cased letter by letter, the domain is taken as sent. */
    static byte[] ntowfv2(NtHash hash, String user, String domain) {
        byte[] key = hash.bytes();
        byte[] result = hmacMd5(key, Utf16.encode(upper(user) + domain));
        Arrays.fill(key, (byte) 0);
        return result;
    }

    /** HMAC_MD5 over {@code parts} one after the other. */
    static byte[] hmacMd5(byte[] key, byte[]... parts) {
        HMac mac = new HMac(new MD5Digest());
        mac.init(new KeyParameter(key));
        for (byte[] part : parts) {
            mac.update(part, 0, part.length);
        }
        byte[] result = new byte[mac.getMacSize()];
        mac.doFinal(result, 0);
        return result;
    }

    static byte[] md5(byte[]... parts) {
        MD5Digest md5 = new MD5Digest();
        for (byte[] part : parts) {
            md5.update(part, 0, part.length);
        }
        byte[] result = new byte[md5.getDigestSize()];
        md5.doFinal(result, 0);
        return result;
    }

    /** A cipher whose state advances with what it processes. */
    static RC4Engine rc4(byte[] key) {
        RC4Engine engine = new RC4Engine();
        engine.init(true, new KeyParameter(key));
        return engine;
    }

    static byte[] rc4(byte[] key, byte[] data) {
        byte[] result = new byte[data.length];
        rc4(key).processBytes(data, 0, data.length, result, 0);
        return result;
    }

    /** As Windows upper-cases names: one character for one, so that nothing changes its length. */
    private static String upper(String text) {
        char[] characters = text.toCharArray();
        for (int i = 0; i < characters.length; i++) {
            characters[i] = Character.toUpperCase(characters[i]);
        }
        return new String(characters);
    }
}
