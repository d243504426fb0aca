// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts lines of a log that were left out because there were too many, by what caused them. Not thread safe. */
public final class HeldBack {

    /** Sources that are counted apart; all further ones together. */
    static final int MAX_SOURCES = 256;

    /** Sources that are named, those with most lines first. */
    static final int NAMED = 8;

    private final Map<String, Integer> bySource = new HashMap<>();
    private int total;

    /**
     * What was left out of one source.
     *
     * @param source empty for all that are not named
     */
    public record Share(String source, int count) {}

    /** One more line of this source is left out. */
    public void add(String source) {
        total++;
        if (bySource.size() < MAX_SOURCES || bySource.containsKey(source)) {
            bySource.merge(source, 1, Integer::sum);
        }
    }

    /** How many lines were left out since the last {@link #drain}. */
    public int total() {
        return total;
    }

    /** What was left out, most first, and what of no named source last; begins anew. */
    public List<Share> drain() {
        List<Share> shares = new ArrayList<>();
        bySource.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(NAMED)
                .forEach(entry -> shares.add(new Share(entry.getKey(), entry.getValue())));
        int rest = total - shares.stream().mapToInt(Share::count).sum();
        if (rest > 0) {
            shares.add(new Share("", rest));
        }
        bySource.clear();
        total = 0;
        return shares;
    }
}
