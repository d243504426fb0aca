// SPDX-License-Identifier: Apache-2.0
/**
 * Bitmap decoders as a client has them, written from the specifications and from nothing else, so that encoders are
 * tested against a second reading. Safe with any input.
 */
package org.rdpmux.testkit.codec;
