// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScancodeTest {

    @Test
    void plainKeysAreNumberedByTheirCode() {
        assertEquals(0x1e, Scancode.of(0x1e).qemuNumber());
        assertFalse(Scancode.of(0x1e).isExtended());
    }

    @Test
    void extendedKeysHaveTheHighBit() {
        assertEquals(0xc8, Scancode.extended(0x48).qemuNumber());
        assertTrue(Scancode.extended(0x48).isExtended());
        assertEquals(0x9d, Scancode.RIGHT_CTRL.qemuNumber());
        assertEquals(0xc6, Scancode.PAUSE.qemuNumber());
    }

    @Test
    void everyKeyHasANumberOfItsOwn() {
        Set<Integer> numbers = new HashSet<>();
        for (int code = 1; code <= 0x7f; code++) {
            assertTrue(numbers.add(Scancode.of(code).qemuNumber()));
            assertTrue(numbers.add(Scancode.extended(code).qemuNumber()));
        }
        assertTrue(numbers.stream().allMatch(n -> n > 0 && n < 256));
    }

    @Test
    void samePlaceOnTheKeyboardIsTheSameValue() {
        assertEquals(Scancode.LEFT_CTRL, Scancode.of(0x1d));
        assertNotEquals(Scancode.LEFT_CTRL, Scancode.RIGHT_CTRL);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 0x80, 0x9d, 0xe048})
    void refusesWhatIsNoKey(int code) {
        assertThrows(IllegalArgumentException.class, () -> Scancode.of(code));
        assertThrows(IllegalArgumentException.class, () -> Scancode.extended(code));
    }
}
