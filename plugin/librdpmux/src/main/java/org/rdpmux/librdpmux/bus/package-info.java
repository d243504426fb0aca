// SPDX-License-Identifier: Apache-2.0
/** The D-Bus interfaces of RDPMux, as its guests and tools know them. */
package org.rdpmux.librdpmux.bus;
