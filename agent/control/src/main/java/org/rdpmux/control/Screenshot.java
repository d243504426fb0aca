// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

/**
 * What a guest's screen shows: not JSON, but {@link ControlApi#PNG}.
 *
 * @param png not to be changed
 * @param version the {@link ScreenReport#version} of the screen that it shows, in the field {@link ControlApi#SCREEN_VERSION}
 */
public record Screenshot(byte[] png, long version) {}
