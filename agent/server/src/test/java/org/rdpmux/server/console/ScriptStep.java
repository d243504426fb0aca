// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One step of a script: a name and numbers, written {@code damage 3 4 10 10 7}. Any numbers make sense to any step, so that a
 * script stays a script when steps are left out.
 */
record ScriptStep(Kind kind, List<Integer> numbers) {

    enum Kind {
        /** Paints a rectangle and reports it: x y width height colour. */
        PAINT(5),
        /** Copies a rectangle, and reports it as a move: x y width height dx dy honest. Not honest: reports another distance. */
        MOVE(7),
        /** Paints the whole screen several times in a row, with what looks like photos: seed. */
        VIDEO(1),
        /** Shows one of three windows all over the screen: which. */
        SWITCH(1),
        /** The guest's screen changes its mode: width height. */
        MODE(2),
        /** The display fails; it comes back by itself. */
        FAIL(0),
        /** A viewer comes: profile resizable moves acknowledges. */
        JOIN(4),
        /** A viewer finishes its connection or its change of size. */
        ACTIVATE(1),
        /** A viewer leaves. */
        LEAVE(1),
        /** A viewer's socket takes its last batch. */
        DRAIN(1),
        /** A viewer acknowledges: viewer how, of a frame skipped, repeated, far ahead, or suspending. */
        ACKNOWLEDGE(2),
        /** A viewer wants output or none: viewer wanted. */
        OUTPUT(2),
        /** A viewer lost an area and wants it again: viewer x y width height. */
        REFRESH(5),
        /** An encoder finishes one of the jobs that wait: which. */
        ENCODE(1),
        /** Time passes: milliseconds. */
        PASS(1);

        final int count;

        Kind(int count) {
            this.count = count;
        }
    }

    static ScriptStep of(Kind kind, int... numbers) {
        return new ScriptStep(kind, Arrays.stream(numbers).boxed().toList());
    }

    static ScriptStep parse(String line) {
        String[] words = line.trim().split(" ");
        return new ScriptStep(
                Kind.valueOf(words[0]),
                Arrays.stream(words).skip(1).map(Integer::valueOf).toList());
    }

    int number(int index) {
        return numbers.get(index);
    }

    @Override
    public String toString() {
        return kind + numbers.stream().map(number -> " " + number).collect(Collectors.joining());
    }
}
