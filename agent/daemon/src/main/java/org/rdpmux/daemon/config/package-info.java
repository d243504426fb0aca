// SPDX-License-Identifier: Apache-2.0
/** The agent's configuration: its keys, how they are read, and what is wrong with them. */
package org.rdpmux.daemon.config;
