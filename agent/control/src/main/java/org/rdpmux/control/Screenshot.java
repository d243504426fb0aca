// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

/**
 * What a guest's screen shows: not JSON, but {@link ControlApi#PNG}.
 *
 * @param png not to be changed
 */
public record Screenshot(byte[] png) {}
