// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions. How long is no measure of anything: machines that run tests may have a lot else to do. */
final class Wait {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private Wait() {}

    /** Waits until the condition holds; fails with the description after the limit. */
    static void until(String what, BooleanSupplier condition) {
        until(what, condition, () -> "");
    }

    /** Likewise; what was seen instead stands in the failure. */
    static void until(String what, BooleanSupplier condition, Supplier<?> seen) {
        value(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty(), seen);
    }

    /** Waits until there is a value; fails with the description after the limit. */
    static <T> T value(String what, Supplier<Optional<T>> supplier) {
        return value(what, supplier, () -> "");
    }

    /** Likewise; what was seen instead stands in the failure. */
    static <T> T value(String what, Supplier<Optional<T>> supplier, Supplier<?> seen) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            Optional<T> value = supplier.get();
            if (value.isPresent()) {
                return value.get();
            }
            if (System.nanoTime() - end > 0) {
                String instead = String.valueOf(seen.get());
                throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what
                        + (instead.isEmpty() ? "" : "; seen: " + instead));
            }
            pause(Duration.ofMillis(20));
        }
    }

    /** Lets real time go by, where what is tested is that nothing happens meanwhile. */
    static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
