// SPDX-License-Identifier: Apache-2.0
/**
 * H.264 with the OpenH264 library of the host, which is called through JNA. The only part that knows the library; everything
 * works without it.
 */
package org.rdpmux.h264;
