// SPDX-License-Identifier: Apache-2.0
/**
 * Network Level Authentication, the server's side: CredSSP ([MS-CSSP]) around SPNEGO (RFC 4178, [MS-SPNG]) or bare NTLM
 * ([MS-NLMP]), as a step machine: bytes in, {@link org.rdpmux.security.nla.CredSspStep} out.
 */
package org.rdpmux.security.nla;
