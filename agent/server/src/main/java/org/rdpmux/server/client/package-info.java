// SPDX-License-Identifier: Apache-2.0
/** What one client is sent and what it sends, from joining its console to the end. Lives on the client's loop. */
package org.rdpmux.server.client;
