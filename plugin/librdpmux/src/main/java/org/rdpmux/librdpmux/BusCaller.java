// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

/**
 * Who makes D-Bus calls.
 *
 * @param name its unique name on the bus
 */
record BusCaller(String name, int pid, long uid) {}
