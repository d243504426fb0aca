// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisplaySourceTest {

    @Test
    void readsTcpAddress() {
        DisplaySource source = DisplaySource.parse("vnc://[::1]:5901");
        assertEquals("vnc", source.type());
        assertEquals(new DisplayAddress.Tcp("::1", 5901), source.address());
        assertEquals("vnc://[::1]:5901", source.toString());
    }

    @Test
    void readsUnixPath() {
        DisplaySource source = DisplaySource.parse("vnc+unix:///run/vm.sock");
        assertEquals("vnc", source.type());
        assertEquals(new DisplayAddress.Unix(Path.of("/run/vm.sock")), source.address());
        assertEquals("vnc+unix:///run/vm.sock", source.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "web1",
                "vnc:",
                "vnc://host",
                "vnc://host:0",
                "vnc://host:99999",
                "vnc://host:1/x",
                "vnc+unix:x"
            })
    void refusesWhatIsNoAddress(String text) {
        var e = assertThrows(IllegalArgumentException.class, () -> DisplaySource.parse(text));
        assertTrue(e.getMessage().startsWith("'" + text + "'"), e.getMessage());
    }
}
