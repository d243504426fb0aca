// SPDX-License-Identifier: Apache-2.0
/**
 * The domains of one libvirt: which there are, what happens to them, and their consoles.
 *
 * <p>A {@link org.rdpmux.libvirt.DomainWatcher} tells its sink about domains in {@link org.rdpmux.libvirt.DomainEvent}s. It
 * reconnects by itself and then reports what has changed meanwhile, so that a sink which applies the events in order always
 * ends up with what libvirt has. {@code DomainTable} decides what to report and does nothing else; {@code LibvirtSession} and
 * {@code LibvirtConnection} are the only classes that call libvirt.
 */
package org.rdpmux.libvirt;
