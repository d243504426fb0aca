// SPDX-License-Identifier: Apache-2.0
/** The parts of the agent that are started and closed in order. */
package org.rdpmux.daemon.service;
