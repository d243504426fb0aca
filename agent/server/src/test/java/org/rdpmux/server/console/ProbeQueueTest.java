// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeQueueTest {

    @Test
    void fewHaveTheirTurnAtATimeAndTheOthersInTheirOrder() {
        ProbeQueue queue = new ProbeQueue(2);
        List<Integer> turns = new ArrayList<>();
        List<ProbeQueue.Place> places = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int number = i;
            places.add(queue.join(() -> turns.add(number)));
        }
        assertEquals(List.of(0, 1), turns);
        places.get(3).leave();
        places.get(1).leave();
        places.get(1).leave();
        assertEquals(List.of(0, 1, 2), turns);
        places.get(0).leave();
        places.get(2).leave();
        assertEquals(List.of(0, 1, 2, 4, 5), turns);
        places.get(4).leave();
        places.get(5).leave();
        queue.join(() -> turns.add(6));
        queue.join(() -> turns.add(7));
        queue.join(() -> turns.add(8));
        assertEquals(List.of(0, 1, 2, 4, 5, 6, 7), turns);
    }
}
