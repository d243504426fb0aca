// SPDX-License-Identifier: Apache-2.0
/** What happens in the agent, as a stream that anything may subscribe to. */
package org.rdpmux.daemon.event;
