// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputEventTest {

    @ParameterizedTest
    @ValueSource(ints = {-1, 0x110000, Integer.MIN_VALUE})
    void refusesWhatIsNoCharacter(int codePoint) {
        assertThrows(IllegalArgumentException.class, () -> new InputEvent.Unicode(codePoint, true));
    }

    @Test
    void takesCharactersBeyondTheFirstPlane() {
        assertEquals(0x1f600, new InputEvent.Unicode(0x1f600, true).codePoint());
    }

    @Test
    void refusesEventOfNoKeyOrButton() {
        assertThrows(NullPointerException.class, () -> new InputEvent.Key(null, true));
        assertThrows(NullPointerException.class, () -> new InputEvent.Button(null, true));
    }
}
