// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import java.util.concurrent.CompletionStage;

/**
 * Who waits for the answer to a request.
 *
 * @param gone completed if the connection is closed before there is an answer: then nobody does
 */
public record Client(Peer peer, CompletionStage<Void> gone) {}
