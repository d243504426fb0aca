// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.net;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rdpmux.server.connection.Action;

/**
 * Who performs which {@link Action}. Complete or not there: an action that nobody performs is an error when the table is
 * made, not when a client first causes it. Immutable once checked.
 *
 * @param <T> what performs them
 */
final class ActionTable<T> {

    private final Map<Class<?>, BiConsumer<T, Action>> performers = new HashMap<>();

    /** Says how one kind of action is performed. */
    <A extends Action> ActionTable<T> on(Class<A> kind, BiConsumer<T, A> performer) {
        if (performers.put(kind, (target, action) -> performer.accept(target, kind.cast(action))) != null) {
            throw new IllegalStateException(kind.getSimpleName() + " is performed twice");
        }
        return this;
    }

    /** @throws IllegalStateException if there is an action that nobody performs */
    ActionTable<T> checked() {
        String missing = Stream.of(Action.class.getPermittedSubclasses())
                .filter(kind -> !performers.containsKey(kind))
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new IllegalStateException("nobody performs " + missing);
        }
        return this;
    }

    void perform(T target, Action action) {
        performers.get(action.getClass()).accept(target, action);
    }
}
