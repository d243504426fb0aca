// SPDX-License-Identifier: Apache-2.0
/**
 * Pixels to bytes: what a client decodes into its screen and its mouse pointer. Knows neither PDUs nor clients.
 *
 * <p>Pixels come as {@code int[]}, {@code 0xXXRRGGBB} with the top byte ignored, row by row from the top; bytes leave in
 * the order in which bitmap updates carry them, rows from the bottom.
 */
package org.rdpmux.codec;
