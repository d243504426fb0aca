// SPDX-License-Identifier: Apache-2.0
/**
 * Virtual channels without I/O, clock or threads: bytes and times come in as arguments, PDUs to send come out. {@link
 * org.rdpmux.server.channel.StaticChannels} puts chunks together and cuts them, {@link
 * org.rdpmux.server.channel.DynamicChannels} opens and closes what shares {@code drdynvc}, and a {@link
 * org.rdpmux.server.channel.Channel} knows only whole messages.
 *
 * <p>What a client does wrong on a channel ends that channel and no other, and never the connection. All that a client can
 * make this package keep is bounded: see {@link org.rdpmux.server.channel.ReassemblyBudget}.
 */
package org.rdpmux.server.channel;
