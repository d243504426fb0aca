// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.consoles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.rdpmux.daemon.config.ConfigReader;
import org.rdpmux.daemon.config.ConfigurationException;
import org.rdpmux.daemon.config.ConfiguredConsole;
import org.rdpmux.daemon.control.RefusedRequestException;
import org.rdpmux.daemon.endpoint.AccessTerms;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.DisplayOffer;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.display.DisplaySource;
import org.rdpmux.security.files.PrivateFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consoles that somebody named by the address of their display: in the configuration, or by attaching them, which the state
 * directory remembers. Belongs to the agent thread.
 */
public final class NamedConsoles {

    private static final Logger LOG = LoggerFactory.getLogger(NamedConsoles.class);

    /** In the form of a configuration file, which has all it takes. */
    static final String ATTACHED_FILE = "attached";

    /** A host does not have more, and whoever attaches them in a loop finds an end. */
    static final int MAX_ATTACHED = 1000;

    /** A line with a password and room for a comment. */
    private static final int MAX_PASSWORD_FILE = 4096;

    private final Displays displays;
    private final StateDirectory state;
    private final Map<String, ConfiguredConsole> attached = new TreeMap<>();
    private Map<String, ConfiguredConsole> configured;

    /** Knows what the configuration has and what was attached in earlier lives. */
    public NamedConsoles(Displays displays, StateDirectory state, Map<String, ConfiguredConsole> configured) {
        this.displays = displays;
        this.state = state;
        this.configured = configured;
        try {
            Optional<String> text = state.read(ATTACHED_FILE);
            if (text.isPresent()) {
                attached.putAll(ConfigReader.readConsoles(
                        state.path().resolve(ATTACHED_FILE).toString(), text.get()));
            }
        } catch (ConfigurationException e) {
            e.problems().forEach(problem -> LOG.warn("no console is attached: {}", problem));
        } catch (IOException e) {
            LOG.warn("no console is attached: {}", e.getMessage());
        }
    }

    /** Another configuration holds from now on. */
    public void configure(Map<String, ConfiguredConsole> changed) {
        configured = changed;
    }

    /**
     * Attaches a console, for good.
     *
     * @throws RefusedRequestException with a sentence, if the name is taken or there are too many
     */
    public void attach(ConfiguredConsole console) {
        if (configured.containsKey(console.name()) || attached.containsKey(console.name())) {
            throw RefusedRequestException.conflict("there is a console '" + console.name() + "' already");
        }
        if (attached.size() >= MAX_ATTACHED) {
            throw RefusedRequestException.conflict("no more than " + MAX_ATTACHED + " consoles can be attached");
        }
        attached.put(console.name(), console);
        save();
    }

    /**
     * Takes an {@link #attach} back.
     *
     * @throws RefusedRequestException with a sentence, if it was not attached
     */
    public void detach(String name) {
        if (configured.containsKey(name) && !attached.containsKey(name)) {
            throw RefusedRequestException.conflict(
                    "'" + name + "' stands in the configuration; remove it there and reload");
        }
        if (attached.remove(name) == null) {
            throw RefusedRequestException.notFound("no console is attached as '" + name + "'");
        }
        save();
    }

    private void save() {
        StringBuilder text = new StringBuilder("# Attached consoles, kept by rdpmux.\n");
        for (ConfiguredConsole console : attached.values()) {
            String key = "console." + console.name();
            text.append(key).append(" = ").append(escape(console.address())).append('\n');
            console.port()
                    .ifPresent(port ->
                            text.append(key).append(".port = ").append(port).append('\n'));
            console.passwordFile()
                    .ifPresent(file -> text.append(key)
                            .append(".password-file = ")
                            .append(escape(file.toString()))
                            .append('\n'));
            console.policy()
                    .ifPresent(policy ->
                            text.append(key).append(".policy = ").append(policy).append('\n'));
        }
        state.write(ATTACHED_FILE, text.toString());
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\");
    }

    /** All of them, in no order. Of two with one name, the configured one counts. */
    public List<KnownConsole> consoles() {
        List<KnownConsole> consoles = new ArrayList<>();
        Map<String, ConfiguredConsole> rest = new HashMap<>(attached);
        configured.forEach((name, console) -> {
            rest.remove(name);
            consoles.add(console(console, KnownConsole.Origin.CONFIGURED));
        });
        rest.values().forEach(console -> consoles.add(console(console, KnownConsole.Origin.ATTACHED)));
        return consoles;
    }

    private KnownConsole console(ConfiguredConsole console, KnownConsole.Origin origin) {
        DisplaySource address = DisplaySource.parse(console.address());
        Supplier<Optional<char[]>> password = () -> console.passwordFile().flatMap(NamedConsoles::readPassword);
        DisplaySource source = new DisplaySource(address.type(), address.address(), password);
        String identity = console.address() + " "
                + console.passwordFile().map(Path::toString).orElse("");
        return new KnownConsole(
                new ConsoleId.Named(console.name()),
                console.name(),
                origin,
                "",
                console.port(),
                KnownConsole.Wishes.NONE,
                new AccessTerms(console.policy(), Optional.empty()),
                Optional.of(new DisplayOffer(identity, console.address(), displays.opening(source))),
                "");
    }

    /** The file's first line. */
    private static Optional<char[]> readPassword(Path file) {
        try (PrivateFile.Content content = PrivateFile.read(file, MAX_PASSWORD_FILE)) {
            CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(content.bytes()));
            int length = 0;
            while (length < text.length() && text.charAt(length) != '\n' && text.charAt(length) != '\r') {
                length++;
            }
            char[] password = Arrays.copyOf(text.array(), length);
            Arrays.fill(text.array(), '\0');
            return Optional.of(password);
        } catch (IOException e) {
            LOG.warn("cannot read the display's password: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
