// SPDX-License-Identifier: Apache-2.0
/**
 * What librdpmux guests put on their socket: the two framings (nanomsg's SP and ZeroMQ's ZMTP 3) as Netty codecs and the
 * msgpack messages inside. Nothing here opens a socket, reads a clock or starts a thread.
 */
package org.rdpmux.librdpmux.wire;
