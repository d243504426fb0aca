// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.rdpmux.server.console.ScriptStep.Kind;

/** Makes scripts at random, and makes failing ones short. */
final class Scripts {

    private static final Kind[] OFTEN = {
        Kind.PAINT,
        Kind.PAINT,
        Kind.PAINT,
        Kind.VIDEO,
        Kind.SWITCH,
        Kind.MOVE,
        Kind.MOVE,
        Kind.DRAIN,
        Kind.DRAIN,
        Kind.DRAIN,
        Kind.ACKNOWLEDGE,
        Kind.ENCODE,
        Kind.ENCODE,
        Kind.ENCODE,
        Kind.PASS,
        Kind.PASS,
        Kind.ACTIVATE,
        Kind.REFRESH
    };

    private Scripts() {}

    static List<ScriptStep> random(long seed) {
        Random random = new Random(seed);
        List<ScriptStep> script = new ArrayList<>();
        int length = 5 + random.nextInt(150);
        for (int viewer = random.nextInt(4); viewer >= 0; viewer--) {
            script.add(random(Kind.JOIN, random));
            script.add(ScriptStep.of(Kind.ACTIVATE, viewer));
        }
        for (int i = 0; i < length; i++) {
            Kind[] kinds = random.nextInt(6) == 0 ? Kind.values() : OFTEN;
            script.add(random(kinds[random.nextInt(kinds.length)], random));
        }
        return script;
    }

    private static ScriptStep random(Kind kind, Random random) {
        int[] numbers = new int[kind.count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(random.nextBoolean() ? 400 : 40);
        }
        return ScriptStep.of(kind, numbers);
    }

    /** Leaves out whatever can be left out of a script that fails, so that it fails still. */
    static List<ScriptStep> shrink(List<ScriptStep> script, Predicate<List<ScriptStep>> fails) {
        List<ScriptStep> shortest = script;
        for (int chunk = script.size() / 2; chunk > 0; chunk /= 2) {
            for (int from = 0; from < shortest.size(); ) {
                List<ScriptStep> shorter = new ArrayList<>(shortest.subList(0, from));
                shorter.addAll(shortest.subList(Math.min(shortest.size(), from + chunk), shortest.size()));
                if (fails.test(shorter)) {
                    shortest = shorter;
                } else {
                    from += chunk;
                }
            }
        }
        return shortest;
    }
}
