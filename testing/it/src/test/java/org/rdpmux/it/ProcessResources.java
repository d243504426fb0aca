// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a Java program holds of the system: by kind, so that a failure says what grew.
 *
 * @param files its descriptors
 * @param mappings of files into its memory
 * @param threads by their names without numbers, but for those that the virtual machine starts and ends as it sees fit
 */
record ProcessResources(Map<String, Integer> files, Map<String, Integer> mappings, Map<String, Integer> threads) {

    private static final Pattern MACHINES_OWN = Pattern.compile("(C1|C2|GC|G1) .*");
    private static final int MAP_FIELDS = 6;

    static ProcessResources of(Background program) {
        Path proc = Path.of("/proc", Long.toString(program.pid()));
        try {
            Map<String, Integer> files = new TreeMap<>();
            try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
                descriptors.forEach(file -> link(file).ifPresent(target -> count(files, target)));
            }
            Map<String, Integer> mappings = new TreeMap<>();
            for (String line : Files.readAllLines(proc.resolve("maps"))) {
                String[] fields = line.split(" +", MAP_FIELDS);
                if (fields.length == MAP_FIELDS && fields[MAP_FIELDS - 1].startsWith("/")) {
                    count(mappings, fields[MAP_FIELDS - 1]);
                }
            }
            Map<String, Integer> threads = new TreeMap<>();
            try (Stream<Path> tasks = Files.list(proc.resolve("task"))) {
                tasks.forEach(task -> threadName(task).ifPresent(name -> count(threads, name)));
            }
            return new ProcessResources(files, mappings, threads);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it holds once that is the same for a while. */
    static ProcessResources atRest(Background program) {
        return Wait.value("what " + program + " holds stays the same", () -> {
            ProcessResources before = of(program);
            Wait.pause(Duration.ofSeconds(1));
            return Optional.of(of(program)).filter(before::equals);
        });
    }

    private static void count(Map<String, Integer> kinds, String name) {
        kinds.merge(name.replaceAll("[0-9]+", "N"), 1, Integer::sum);
    }

    private static Optional<String> link(Path descriptor) {
        try {
            return Optional.of(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException e) {
            return Optional.empty(); // closed meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> threadName(Path task) {
        try {
            String name = Files.readString(task.resolve("comm")).strip();
            return Optional.of(name).filter(ours -> !MACHINES_OWN.matcher(ours).matches());
        } catch (IOException e) {
            return Optional.empty(); // ended meanwhile
        }
    }

    /** How many files, mappings and threads. */
    List<Integer> counts() {
        return Stream.of(files, mappings, threads)
                .map(kinds ->
                        kinds.values().stream().mapToInt(Integer::intValue).sum())
                .toList();
    }

    /** Whether each of the counts is at most the other's. */
    boolean isWithin(ProcessResources other) {
        return IntStream.range(0, counts().size())
                .allMatch(i -> counts().get(i) <= other.counts().get(i));
    }

    /** What there is more of than there was, and how much more. */
    List<Map<String, Integer>> grownSince(ProcessResources before) {
        return List.of(grown(files, before.files), grown(mappings, before.mappings), grown(threads, before.threads));
    }

    private static Map<String, Integer> grown(Map<String, Integer> now, Map<String, Integer> before) {
        Map<String, Integer> grown = new TreeMap<>();
        now.forEach((kind, count) -> grown.put(kind, count - before.getOrDefault(kind, 0)));
        grown.values().removeIf(more -> more <= 0);
        return grown;
    }
}
