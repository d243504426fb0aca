// SPDX-License-Identifier: Apache-2.0
/** What the agent counts, as Prometheus reads it. */
package org.rdpmux.daemon.metrics;
