// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.display.GuestDisplay;

/** For tests of a guest that somebody looks at: a registry, and a follower of the screen. */
abstract class WatchedGuestFixture {

    /** 4 x 2 pixels, x8r8g8b8. */
    static final String MODE = "ce200208880402";

    @TempDir
    Path directory;

    final ScreenFollower follower = new ScreenFollower();
    RegistryFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new RegistryFixture(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    GuestRegistration guestWithMemory(ProtocolVersion version) throws Exception {
        GuestRegistration guest = fixture.registered(fixture.claim(version));
        fixture.shareMemory(guest);
        return guest;
    }

    GuestDisplay watch(GuestRegistration guest) {
        GuestDisplay display = guest.openDisplay();
        display.start(follower);
        return display;
    }

    void awaitMode(int count) {
        Wait.until("there are " + count + " modes", () -> follower.modes.size() >= count);
    }
}
