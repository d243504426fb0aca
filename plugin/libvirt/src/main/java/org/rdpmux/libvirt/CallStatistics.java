// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

/**
 * Calls to libvirt so far.
 *
 * @param returned with what was asked for
 * @param failed refused by libvirt, or not made for lack of a thread
 * @param timedOut given up at their deadline
 * @param nanos that calls which have returned took, summed, those that were given up before included
 */
public record CallStatistics(long returned, long failed, long timedOut, long nanos) {

    CallStatistics plus(CallStatistics other) {
        return new CallStatistics(
                returned + other.returned, failed + other.failed, timedOut + other.timedOut, nanos + other.nanos);
    }
}
