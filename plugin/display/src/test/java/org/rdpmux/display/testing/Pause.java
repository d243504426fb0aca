// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Between two looks at something outside this process, which cannot notify us. */
public final class Pause {

    private Pause() {}

    public static void briefly() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
}
