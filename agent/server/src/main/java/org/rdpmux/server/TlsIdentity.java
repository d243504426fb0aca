// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import java.util.Objects;
import javax.net.ssl.SSLContext;

/**
 * What the server proves itself with.
 *
 * @param context makes the TLS engines; holds the certificate and its key
 * @param subjectPublicKey contents of the certificate's SubjectPublicKey bit string, which CredSSP binds to ([MS-CSSP]
 *     3.1.5); not modified after construction
 */
public record TlsIdentity(SSLContext context, byte[] subjectPublicKey) {
    public TlsIdentity {
        Objects.requireNonNull(context);
        Objects.requireNonNull(subjectPublicKey);
    }
}
