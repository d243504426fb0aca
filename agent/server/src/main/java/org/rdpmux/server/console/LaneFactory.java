// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import org.rdpmux.server.screen.EncoderProfile;
import org.rdpmux.server.screen.Lane;
import org.rdpmux.server.screen.Screen;

/** Makes the lane of a profile. */
@FunctionalInterface
public interface LaneFactory {

    Lane newLane(EncoderProfile profile, Screen screen);
}
