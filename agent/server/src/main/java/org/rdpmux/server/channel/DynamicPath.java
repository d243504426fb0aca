// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.channel;

/**
 * The way to the client's end of an open dynamic channel, for a writer that makes the PDUs itself.
 *
 * @param staticChannelId the MCS channel of {@code drdynvc}
 * @param dynamicChannelId the channel within it
 * @param flags for the header of each chunk, beside those of its place
 */
public record DynamicPath(int staticChannelId, long dynamicChannelId, int flags) {}
