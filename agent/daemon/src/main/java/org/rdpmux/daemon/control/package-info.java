// SPDX-License-Identifier: Apache-2.0
/** The agent's side of the control interface: the socket, who may use it, and the reports. */
package org.rdpmux.daemon.control;
