// SPDX-License-Identifier: Apache-2.0
/** Files that hold secrets: read with bounds, written whole or not at all, and for their owner only. */
package org.rdpmux.security.files;
