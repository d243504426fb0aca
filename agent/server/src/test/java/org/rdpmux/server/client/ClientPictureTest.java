// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.server.connection.ClientProfile;

class ClientPictureTest {

    /** GNOME Connections would show what follows a Font Map PDU at once when something follows that. */
    @ParameterizedTest
    @CsvSource({
        "0x0008000c, false, true, 1000", // FreeRDP 2
        "0x0008000c, false, false, 250",
        "0x0008000c, true, true, 2000",
        "0x00080011, true, true, 2000",
        "0x00080011, false, true, 0",
        "0x00080004, false, true, 0"
    })
    void sendsFreeRdp2NoBitmapsRightBehindAFontMap(String version, boolean pipeline, boolean first, int millis) {
        ClientProfile profile = new ClientProfile(
                new ClientProfile.Identity("pc", "", Integer.decode(version), 0, 0, "", "me"),
                new ClientProfile.Desktop(200, 150, true, 200, 150),
                new ClientProfile.Graphics(
                        32,
                        true,
                        true,
                        true,
                        true,
                        false,
                        pipeline,
                        1 << 20,
                        new ClientProfile.Frames(false, false, 0),
                        Optional.empty()),
                new ClientProfile.Pointer(20, 20, true, true),
                new ClientProfile.Input(true, true, true, true),
                Map.of());
        assertEquals(millis * 1_000_000L, ClientPicture.patience(profile, first));
    }
}
