// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rdpmux.server.connection.Action;

class ActionTableTest {

    @Test
    void anActionThatNobodyPerformsIsAnErrorBeforeAnyClientComes() {
        ActionTable<List<Action>> table = new ActionTable<>();
        for (Class<?> kind : Action.class.getPermittedSubclasses()) {
            if (kind != Action.Deactivated.class) {
                table.on(kind.asSubclass(Action.class), List::add);
            }
        }
        assertEquals(
                "nobody performs Deactivated",
                assertThrows(IllegalStateException.class, table::checked).getMessage());
        List<Action> performed = new ArrayList<>();
        table.on(Action.Deactivated.class, List::add).checked().perform(performed, new Action.Deactivated());
        assertEquals(List.of(new Action.Deactivated()), performed);
    }

    @Test
    void anActionHasOnePerformer() {
        ActionTable<List<Action>> table = new ActionTable<List<Action>>().on(Action.StartTls.class, List::add);
        assertTrue(assertThrows(IllegalStateException.class, () -> table.on(Action.StartTls.class, List::add))
                .getMessage()
                .contains("StartTls"));
    }
}
