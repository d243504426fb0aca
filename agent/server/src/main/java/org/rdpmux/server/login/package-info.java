// SPDX-License-Identifier: Apache-2.0
/** How a client proves who it is, on Netty: CredSSP behind TLS, look-ups on threads that may block, and back. */
package org.rdpmux.server.login;
