// SPDX-License-Identifier: Apache-2.0
/** The agent's side of the control API: the sockets, HTTP, who may do what, the reports, and events. */
package org.rdpmux.daemon.control;
