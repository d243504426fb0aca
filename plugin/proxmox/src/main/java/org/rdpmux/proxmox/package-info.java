// SPDX-License-Identifier: Apache-2.0
/**
 * Guests of Proxmox VE, which has no libvirt: found in the directory where it keeps QEMU's process numbers and sockets, their
 * displays opened through QEMU's monitor (QMP) without a password.
 */
package org.rdpmux.proxmox;
