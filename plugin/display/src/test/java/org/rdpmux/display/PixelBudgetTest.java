// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PixelBudgetTest {

    private final PixelBudget budget = new PixelBudget(100);

    @Test
    void whatDoesNotFitIsRefusedAndWhatIsGivenBackFitsAgain() {
        PixelBudget.Share share = budget.reserve(10, 6);
        PixelsUnavailableException e = assertThrows(PixelsUnavailableException.class, () -> budget.reserve(41, 1));
        assertEquals("the host's pixel budget (limits.megapixels) has no room for a screen of 41x1", e.getMessage());
        budget.reserve(4, 10);
        assertEquals(100, budget.used());
        share.close();
        share.close();
        assertEquals(40, budget.used());
        assertEquals(60, budget.reserve(10, 6).allocate().length);
    }

    @Test
    void memoryThatIsNotThereIsRefusedLikewise() {
        PixelBudget large = PixelBudget.unlimited();
        large.reserve(10, 10);
        PixelsUnavailableException e = assertThrows(
                PixelsUnavailableException.class,
                () -> large.reserve(Integer.MAX_VALUE, 1).allocate());
        assertEquals("there is no memory for a screen of 2147483647x1", e.getMessage());
    }
}
