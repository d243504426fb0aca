// SPDX-License-Identifier: Apache-2.0
/** Where the agent hears of consoles: libvirt's domains, its configuration, and what was attached by hand. */
package org.rdpmux.daemon.consoles;
