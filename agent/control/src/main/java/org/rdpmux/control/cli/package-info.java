// SPDX-License-Identifier: Apache-2.0
/** The rdpmuxctl command: asks the agent over its control socket and shows the answer. */
package org.rdpmux.control.cli;
