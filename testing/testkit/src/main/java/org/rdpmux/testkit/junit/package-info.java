// SPDX-License-Identifier: Apache-2.0
/** What test classes are extended with. */
package org.rdpmux.testkit.junit;
