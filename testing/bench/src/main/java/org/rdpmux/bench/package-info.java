// SPDX-License-Identifier: Apache-2.0
/** JMH benchmarks of what is done for every changed tile; {@code jmh.sh} runs them. */
package org.rdpmux.bench;
