// SPDX-License-Identifier: Apache-2.0
/** Files that survive the agent. */
package org.rdpmux.daemon.state;
