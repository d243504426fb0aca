// SPDX-License-Identifier: Apache-2.0
/** The server's certificate and key, where they are kept, and what TLS is offered. */
package org.rdpmux.security.tls;
