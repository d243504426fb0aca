// SPDX-License-Identifier: Apache-2.0
/** Makes the manual pages and the completions of the packages; runs when they are built, and is not in them. */
package org.rdpmux.packaging;
