// SPDX-License-Identifier: Apache-2.0
/** Checks whether a host is fit for the agent, and says what to do where it is not. */
package org.rdpmux.control.doctor;
