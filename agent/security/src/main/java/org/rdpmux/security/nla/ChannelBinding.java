// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * What ties an authentication to the TLS connection around it.
 *
 * @param subjectPublicKey contents of the certificate's SubjectPublicKey bit string
 * @param endPointHashes the certificate's hashes that count as {@code tls-server-end-point} (RFC 5929)
 */
public record ChannelBinding(byte[] subjectPublicKey, List<byte[]> endPointHashes) {

    /** RFC 2744 gss_channel_bindings_struct: two address types and two empty addresses, then the length of the data. */
    private static final int ADDRESSES_SIZE = 16;

    private static final byte[] PREFIX = "tls-server-end-point:".getBytes(StandardCharsets.US_ASCII);

    public ChannelBinding {
        subjectPublicKey = subjectPublicKey.clone();
        endPointHashes = endPointHashes.stream().map(byte[]::clone).toList();
    }

    /** Whether {@code value}, MsvAvChannelBindings ([MS-NLMP] 2.2.2.1), names this certificate. */
    boolean matches(byte[] value) {
        boolean found = false;
        for (byte[] hash : endPointHashes) {
            found |= MessageDigest.isEqual(avPair(hash), value);
        }
        return found;
    }

    /** MD5 of the gss_channel_bindings_struct that clients make of a certificate's hash. */
    static byte[] avPair(byte[] endPointHash) {
        int length = PREFIX.length + endPointHash.length;
        return NtlmCrypto.md5(ByteBuffer.allocate(ADDRESSES_SIZE + Integer.BYTES + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(ADDRESSES_SIZE)
                .putInt(length)
                .put(PREFIX)
                .put(endPointHash)
                .array());
    }
}
