// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.display.Rect;
import org.rdpmux.librdpmux.wire.GuestMessage.SwitchMode;
import org.rdpmux.librdpmux.wire.GuestMessage.Update;
import org.rdpmux.librdpmux.wire.MalformedMessageException;

class ScreenModeTest {

    private static final long X8R8G8B8 = 0x20020888;

    @ParameterizedTest
    @CsvSource({"4096, 2048, 33554432", "2048, 4096, 33554432", "1, 1, 4", "1920, 1080, 8294400", "16384, 512, 33554432"
    })
    void takesWhatFitsTheSharedMemory(long width, long height, long bytes) {
        assertEquals(
                bytes, ScreenMode.of(new SwitchMode(X8R8G8B8, width, height)).bytes());
    }

    @Test
    void takesMorePixelsIfTheyAreSmaller() {
        assertEquals(
                33_554_432,
                ScreenMode.of(new SwitchMode(0x10020565, 4096, 4096)).bytes());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "1, 0",
        "-1, 1",
        "4097, 2048",
        "4096, 2049",
        "16385, 1",
        "1, 16385",
        "4294967297, 1",
        "9223372036854775807, 9223372036854775807",
        "65536, 65536"
    })
    void refusesWhatDoesNot(long width, long height) {
        SwitchMode message = new SwitchMode(X8R8G8B8, width, height);
        assertThrows(MalformedMessageException.class, () -> ScreenMode.of(message));
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "0x20020889", "0x120020888"})
    void refusesUnknownFormats(String format) {
        SwitchMode message = new SwitchMode(Long.decode(format), 8, 8);
        assertThrows(MalformedMessageException.class, () -> ScreenMode.of(message));
    }

    @ParameterizedTest
    @CsvSource({
        "10, 20, 30, 40, 10, 20, 30, 40",
        "630, 470, 100, 100, 630, 470, 10, 10",
        "0, 0, 4096, 2048, 0, 0, 640, 480",
        "-16, 0, 8, 8, 0, 0, 640, 480",
        "0, 0, -1, 8, 0, 0, 640, 480",
        "0, 0, 8, 4294967295, 0, 0, 640, 480",
        "0, 0, 9223372036854775807, 1, 0, 0, 640, 480",
    })
    void findsWhatAnUpdateMeans(long x, long y, long w, long h, int left, int top, int width, int height) {
        ScreenMode mode = ScreenMode.of(new SwitchMode(X8R8G8B8, 640, 480));
        assertEquals(Optional.of(new Rect(left, top, width, height)), mode.changed(new Update(x, y, w, h)));
    }

    @ParameterizedTest
    @CsvSource({"640, 0, 1, 1", "0, 480, 8, 8", "5, 5, 0, 8", "5, 5, 8, 0"})
    void findsNothingBeyondTheScreen(long x, long y, long width, long height) {
        ScreenMode mode = ScreenMode.of(new SwitchMode(X8R8G8B8, 640, 480));
        assertEquals(Optional.empty(), mode.changed(new Update(x, y, width, height)));
    }
}
