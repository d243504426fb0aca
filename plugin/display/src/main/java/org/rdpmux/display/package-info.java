// SPDX-License-Identifier: Apache-2.0
/**
 * The contract between what faces the hypervisor and what faces the RDP clients: a virtual machine's console as pixels,
 * pointer shapes and input. It depends on the JDK alone.
 */
package org.rdpmux.display;
