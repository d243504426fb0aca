// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.h264;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.codec.VideoException;

class OpenH264ProviderTest {

    @Test
    void saysWhichLibrariesItLookedForInVain() {
        OpenH264Provider provider = new OpenH264Provider(List.of("libabsent.so.8", "libabsent.so.7"));
        VideoException why = assertThrows(VideoException.class, provider::load);
        assertEquals("there is neither libabsent.so.8 nor libabsent.so.7", why.getMessage());
        assertThrows(VideoException.class, () -> provider.newEncoder(64, 64));
    }

    @Test
    void refusesALibraryThatIsAnother() {
        OpenH264Provider provider = new OpenH264Provider(List.of("libc.so.6"));
        VideoException why = assertThrows(VideoException.class, provider::load);
        assertTrue(why.getMessage().startsWith("libc.so.6 is not OpenH264: "), why.getMessage());
    }

    @Test
    void refusesVersionsWhoseStructuresItDoesNotKnow() {
        assertEquals(Optional.of(Abi.SONAME_7), Abi.of(2, 3));
        assertEquals(Optional.of(Abi.SONAME_7), Abi.of(2, 5));
        assertEquals(Optional.of(Abi.SONAME_8), Abi.of(2, 6));
        for (int[] version : new int[][] {{1, 8}, {2, 2}, {2, 7}, {3, 0}, {3, 5}, {0, 0}}) {
            assertEquals(Optional.empty(), Abi.of(version[0], version[1]));
        }
    }

    @Test
    void structuresAreAsLargeAsInTheLibrarysHeaders() {
        assertEquals(5144, Abi.SONAME_7.frame());
        assertEquals(7192, Abi.SONAME_8.frame());
    }
}
