// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFileTest {

    private static final Path SAMPLE = Path.of("src/main/dist/etc/rdpmux.conf.sample");
    private static final Pattern SETTING = Pattern.compile("#([a-zA-Z0-9.-]+) =(?: (.*))?");

    @Test
    void everyKeyStandsInTheSampleWithItsDefault() throws Exception {
        Map<String, String> sample = new LinkedHashMap<>();
        for (String line : Files.readAllLines(SAMPLE)) {
            Matcher matcher = SETTING.matcher(line);
            if (matcher.matches() && !matcher.group(1).startsWith("console.")) {
                assertFalse(sample.containsKey(matcher.group(1)), line);
                sample.put(
                        matcher.group(1), Optional.ofNullable(matcher.group(2)).orElse(""));
            }
        }
        Map<String, String> code = Key.ALL.stream()
                .collect(Collectors.toMap(Key::name, Key::defaultText, (a, b) -> a, LinkedHashMap::new));
        assertEquals(new ArrayList<>(code.entrySet()), new ArrayList<>(sample.entrySet()));
    }

    @Test
    void theSampleSaysWhichKeysNeedARestart() throws Exception {
        List<String> marked = new ArrayList<>();
        boolean restart = false;
        for (String line : Files.readAllLines(SAMPLE)) {
            Matcher matcher = SETTING.matcher(line);
            if (matcher.matches() && restart) {
                marked.add(matcher.group(1));
            } else if (!matcher.matches()) {
                restart = line.endsWith("(restart)");
            }
        }
        assertEquals(Key.ALL.stream().filter(key -> !key.live()).map(Key::name).toList(), marked);
    }

    @Test
    void theSampleIsAConfigurationAsItIsAndWithEveryKeyTurnedOn(@TempDir Path directory) throws Exception {
        AgentConfig defaults = ConfigReader.read(Optional.empty(), List.of());
        AgentConfig asShipped = ConfigReader.read(Optional.of(SAMPLE), List.of());
        assertEquals(defaults.values(), asShipped.values());

        String on = Files.readString(SAMPLE).replaceAll("(?m)^#(?=[a-zA-Z0-9.-]+ =)", "");
        Path file = Files.writeString(directory.resolve("on.conf"), on);
        AgentConfig allOn = ConfigReader.read(Optional.of(file), List.of());
        assertEquals(defaults.values(), allOn.values());
        assertEquals(4001, allOn.consoles().get("NAME").port().getAsInt());
    }
}
