// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.configuration2.PropertiesConfiguration.PropertiesReader;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.rdpmux.security.access.Authentication;

/**
 * Reads the configuration: {@code key = value} lines as Commons Configuration reads properties (comments, continued lines,
 * escapes), without its includes and interpolations. Everything wrong is reported, with file and line, before anything is
 * used.
 */
public final class ConfigReader {

    /** Thousands of consoles with room for comments. */
    private static final int MAX_FILE_BYTES = 1024 * 1024;

    private static final String CONSOLE = "console.";
    private static final String PORT = ".port";
    private static final String PASSWORD_FILE = ".password-file";
    private static final String POLICY = ".policy";

    private final List<Problem> problems = new ArrayList<>();

    /**
     * Where a setting stands.
     *
     * @param line in the file, from 1; 0 for the file as a whole or the command line
     */
    private record Place(String source, int line) {
        @Override
        public String toString() {
            return line == 0 ? source : source + ":" + line;
        }
    }

    private record Problem(Place place, String text) {}

    private record Entry(String key, String value, Place place) {}

    private ConfigReader() {}

    /**
     * Reads a file.
     *
     * @param file empty to go by the defaults
     * @param overrides {@code KEY=VALUE} from the command line, stronger than the file
     * @throws ConfigurationException with everything that is wrong
     */
    public static AgentConfig read(Optional<Path> file, List<String> overrides) throws ConfigurationException {
        ConfigReader reader = new ConfigReader();
        Map<String, Entry> entries = new LinkedHashMap<>();
        file.ifPresent(path -> reader.readFile(path, entries));
        reader.readOverrides(overrides, entries);
        Map<String, Entry> all = Map.copyOf(entries);
        Map<Key<?>, Object> values = reader.values(entries);
        Map<String, ConfiguredConsole> consoles = reader.consoles(entries);
        reader.refuseUnknown(entries);
        reader.throwProblems();
        Map<String, AgentConfig.Setting> settings = new HashMap<>();
        all.forEach((key, entry) -> settings.put(
                key, new AgentConfig.Setting(entry.value(), entry.place().toString())));
        AgentConfig config = new AgentConfig(file, values, settings, consoles);
        reader.refuseContradictions(config, all);
        reader.throwProblems();
        return config;
    }

    /**
     * Reads consoles alone, from a text in the form of a configuration file.
     *
     * @param file what problems call it
     */
    public static Map<String, ConfiguredConsole> readConsoles(String file, String text) throws ConfigurationException {
        ConfigReader reader = new ConfigReader();
        Map<String, Entry> entries = new LinkedHashMap<>();
        try {
            reader.readProperties(text, file, entries);
        } catch (IOException | RuntimeException e) {
            reader.problem(new Place(file, 0), "cannot be read: " + e.getMessage());
        }
        Map<String, ConfiguredConsole> consoles = reader.consoles(entries);
        reader.refuseUnknown(entries);
        reader.throwProblems();
        return consoles;
    }

    private void throwProblems() throws ConfigurationException {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems.stream()
                    .sorted(Comparator.comparingInt(problem -> problem.place().line()))
                    .map(problem -> problem.place() + ": " + problem.text())
                    .toList());
        }
    }

    private void problem(Place place, String text) {
        problems.add(new Problem(place, text));
    }

    private void readFile(Path file, Map<String, Entry> entries) {
        Place whole = new Place(file.toString(), 0);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                problem(whole, "is longer than " + MAX_FILE_BYTES + " bytes");
                return;
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            readProperties(text, file.toString(), entries);
        } catch (NoSuchFileException e) {
            problem(whole, "there is no such file");
        } catch (CharacterCodingException e) {
            problem(whole, "is not UTF-8 text");
        } catch (IOException | RuntimeException e) {
            problem(whole, "cannot be read: " + e.getMessage());
        }
    }

    private void readProperties(String text, String file, Map<String, Entry> entries) throws IOException {
        try (NumberedReader reader = new NumberedReader(text)) {
            while (reader.nextProperty()) {
                Place place = new Place(file, reader.firstLine());
                Entry entry = new Entry(
                        reader.getPropertyName(), reader.getPropertyValue().strip(), place);
                Entry before = entries.putIfAbsent(entry.key(), entry);
                if (before != null) {
                    problem(place, "'" + entry.key() + "' is set a second time; first at " + before.place());
                }
            }
            reader.badEscapes.forEach((line, escape) ->
                    problem(new Place(file, line), "'" + escape + "' means nothing here; for a backslash write two"));
        }
    }

    private void readOverrides(List<String> overrides, Map<String, Entry> entries) {
        Place place = new Place("--set", 0);
        for (String override : overrides) {
            int equals = override.indexOf('=');
            if (override.indexOf('\uFFFD') >= 0) {
                // As Java reads what the locale's character set has no letter for.
                problem(
                        place,
                        "'" + override + "' cannot be read in this locale; set another one, such as LC_ALL=C.UTF-8");
            } else if (equals < 0) {
                problem(place, "'" + override + "' is not KEY=VALUE");
            } else {
                String key = override.substring(0, equals).strip();
                entries.put(key, new Entry(key, override.substring(equals + 1).strip(), place));
            }
        }
    }

    private Map<Key<?>, Object> values(Map<String, Entry> entries) {
        Map<Key<?>, Object> values = new HashMap<>();
        for (Key<?> key : Key.ALL) {
            Entry entry = entries.remove(key.name());
            values.put(key, key.parser().apply(key.defaultText()));
            if (entry != null) {
                try {
                    values.put(key, key.parser().apply(entry.value()));
                } catch (IllegalArgumentException e) {
                    problem(entry.place(), key + ": '" + entry.value() + "' " + e.getMessage());
                }
            }
        }
        return values;
    }

    /** What makes no sense together although each value does alone. */
    private void refuseContradictions(AgentConfig config, Map<String, Entry> entries) {
        config.objectionToNone().ifPresent(objection -> {
            if (config.get(Key.SECURITY_POLICY) == Authentication.NONE) {
                problem(
                        entries.get(Key.SECURITY_POLICY.name()).place(),
                        Key.SECURITY_POLICY + " is 'none' and " + objection);
            }
            config.consoles().values().stream()
                    .filter(console -> console.policy().equals(Optional.of(Authentication.NONE)))
                    .map(console -> entries.get(CONSOLE + console.name() + POLICY))
                    .forEach(entry -> problem(entry.place(), entry.key() + " is 'none' and " + objection));
        });
        if (config.get(Key.SECURITY_CERTIFICATE).isPresent()
                != config.get(Key.SECURITY_KEY).isPresent()) {
            Key<?> given = config.get(Key.SECURITY_KEY).isPresent() ? Key.SECURITY_KEY : Key.SECURITY_CERTIFICATE;
            problem(
                    entries.get(given.name()).place(),
                    Key.SECURITY_CERTIFICATE + " and " + Key.SECURITY_KEY + " go together; there is only " + given);
        }
        int source = config.get(Key.SECURITY_LOCK_SOURCE);
        if (source < config.get(Key.SECURITY_LOCK_USER)) {
            Entry either = Optional.ofNullable(entries.get(Key.SECURITY_LOCK_SOURCE.name()))
                    .orElseGet(() -> entries.get(Key.SECURITY_LOCK_USER.name()));
            problem(
                    either.place(),
                    Key.SECURITY_LOCK_SOURCE + " = " + source + " is less than " + Key.SECURITY_LOCK_USER + " = "
                            + config.get(Key.SECURITY_LOCK_USER));
        }
    }

    private Map<String, ConfiguredConsole> consoles(Map<String, Entry> entries) {
        Map<String, Map<String, Entry>> partsByName = new TreeMap<>();
        for (Entry entry : List.copyOf(entries.values())) {
            if (entry.key().startsWith(CONSOLE)) {
                entries.remove(entry.key());
                String rest = entry.key().substring(CONSOLE.length());
                String part = Stream.of(PORT, PASSWORD_FILE, POLICY)
                        .filter(rest::endsWith)
                        .findAny()
                        .orElse("");
                String name = rest.substring(0, rest.length() - part.length());
                partsByName.computeIfAbsent(name, n -> new TreeMap<>()).put(part, entry);
            }
        }
        Map<String, ConfiguredConsole> consoles = new HashMap<>();
        Map<Integer, String> ports = new HashMap<>();
        partsByName.forEach((name, parts) -> console(name, parts).ifPresent(console -> {
            consoles.put(name, console);
            console.port().ifPresent(port -> {
                String other = ports.putIfAbsent(port, name);
                if (other != null) {
                    problem(parts.get(PORT).place(), "port " + port + " is that of console '" + other + "' already");
                }
            });
        }));
        return consoles;
    }

    /** Empty if something is wrong with it. */
    private Optional<ConfiguredConsole> console(String name, Map<String, Entry> parts) {
        Entry address = parts.get("");
        if (address == null) {
            Entry other = parts.values().iterator().next();
            problem(other.place(), other.key() + ": there is no '" + CONSOLE + name + "' with its address");
            return Optional.empty();
        }
        try {
            Optional<Entry> port = Optional.ofNullable(parts.get(PORT));
            Optional<Entry> passwordFile = Optional.ofNullable(parts.get(PASSWORD_FILE));
            Optional<Entry> policy = Optional.ofNullable(parts.get(POLICY));
            Optional<Integer> portNumber = port.map(entry -> part(entry, Values::port));
            return Optional.of(new ConfiguredConsole(
                    name,
                    address.value(),
                    portNumber.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                    passwordFile.map(entry -> part(entry, Values::path)),
                    policy.map(entry -> part(entry, Authentication::parse))));
        } catch (BadPartException e) {
            problem(e.entry.place(), e.entry.key() + ": '" + e.entry.value() + "' " + e.getMessage());
        } catch (IllegalArgumentException e) {
            problem(address.place(), address.key() + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    private static <T> T part(Entry entry, Function<String, T> parser) {
        try {
            return parser.apply(entry.value());
        } catch (IllegalArgumentException e) {
            throw new BadPartException(entry, e);
        }
    }

    /** Carries the entry at fault from {@link #part} to {@link #console}. */
    private static final class BadPartException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Entry entry;

        BadPartException(Entry entry, IllegalArgumentException cause) {
            super(cause.getMessage(), cause);
            this.entry = entry;
        }
    }

    private void refuseUnknown(Map<String, Entry> entries) {
        for (Entry entry : entries.values()) {
            String near = Key.ALL.stream()
                    .map(Key::name)
                    .filter(name -> LevenshteinDistance.getDefaultInstance().apply(name, entry.key()) <= 3)
                    .map(name -> "; is '" + name + "' meant?")
                    .collect(Collectors.joining());
            problem(entry.place(), "unknown key '" + entry.key() + "'" + near);
        }
    }

    /** Knows the line on which a property began. */
    private static final class NumberedReader extends PropertiesReader {
        /** Other escapes would turn a name with a backslash into another name without a word. */
        private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

        private static final String GOOD_ESCAPES = "\\\"' :=#!u";

        /** By line, the first of each. */
        private final Map<Integer, String> badEscapes = new TreeMap<>();

        private int firstLine;

        NumberedReader(String text) {
            super(new StringReader(text));
        }

        int firstLine() {
            return firstLine;
        }

        @Override
        public boolean nextProperty() throws IOException {
            firstLine = 0;
            return super.nextProperty();
        }

        @Override
        public String readLine() throws IOException {
            String line = super.readLine();
            String text = line == null ? "" : line.strip();
            boolean comment = text.startsWith("#") || text.startsWith("!");
            if (firstLine == 0 && !text.isEmpty() && !comment) {
                firstLine = getLineNumber();
            }
            if (!comment) {
                ESCAPE.matcher(text)
                        .results()
                        .filter(escape -> GOOD_ESCAPES.indexOf(escape.group(1).charAt(0)) < 0)
                        .forEach(escape -> badEscapes.putIfAbsent(getLineNumber(), escape.group()));
            }
            return line;
        }
    }
}
