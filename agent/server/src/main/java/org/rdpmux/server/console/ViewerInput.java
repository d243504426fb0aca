// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;

/** What comes from a viewer's keyboard and mouse. */
public sealed interface ViewerInput {

    /** Something for the guest. */
    record Event(InputEvent event) implements ViewerInput {}

    /** The viewer's keyboard begins anew: no key is down, and its locks are these. */
    record Sync(LockKeys locks) implements ViewerInput {}
}
