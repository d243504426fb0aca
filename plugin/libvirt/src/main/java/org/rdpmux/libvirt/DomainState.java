// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

/** What a domain does at the moment. Whether it has a console to look at is {@link DomainInfo#active()}. */
public enum DomainState {
    /** Its processors run, or would if they had something to do. */
    RUNNING,
    /** Its processors are held; its console shows the last picture. */
    PAUSED,
    /** The guest is powering itself off. */
    SHUTTING_DOWN,
    /** The guest has suspended itself to memory. */
    PM_SUSPENDED,
    /** The guest crashed; libvirt may keep it to be looked at. */
    CRASHED,
    /** Not running. */
    OFF;
}
