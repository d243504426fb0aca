// SPDX-License-Identifier: Apache-2.0
/** What monitoring systems ask: metrics for Prometheus, and whether the agent is alive and ready. */
package org.rdpmux.daemon.monitor;
