// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A configuration that was read and found right. Immutable.
 *
 * @param file it was read from; empty where there is none and the defaults hold
 * @param values of every key
 * @param settings keys that are set, those of consoles too, by name; others have their defaults
 * @param consoles that libvirt does not manage, by name
 */
public record AgentConfig(
        Optional<Path> file,
        Map<Key<?>, Object> values,
        Map<String, Setting> settings,
        Map<String, ConfiguredConsole> consoles) {

    public AgentConfig {
        Objects.requireNonNull(file);
        values = Map.copyOf(values);
        settings = Map.copyOf(settings);
        consoles = Map.copyOf(consoles);
        if (!values.keySet().containsAll(Key.ALL)) {
            throw new IllegalArgumentException("a key without a value");
        }
    }

    /**
     * Where a key got its value.
     *
     * @param value as it is written there
     * @param place {@code FILE:LINE}, or {@code --set} for the command line
     */
    public record Setting(String value, String place) {}

    /** The value of a key. */
    @SuppressWarnings("unchecked") // ConfigReader puts what the key's own parser gave.
    public <T> T get(Key<T> key) {
        return (T) values.get(key);
    }

    /**
     * Why no endpoint may let everybody in: its address is the network's, and nobody said twice that this is meant.
     *
     * @return the end of a sentence; empty if it may
     */
    public Optional<String> objectionToNone() {
        InetAddress address = get(Key.LISTEN_ADDRESS);
        return address.isLoopbackAddress() || get(Key.SECURITY_NONE_ON_NETWORK)
                ? Optional.empty()
                : Optional.of(Key.LISTEN_ADDRESS + " is '" + NetUtil.toAddressString(address)
                        + "', so everybody on the network would control guests; if that is meant, say so with "
                        + Key.SECURITY_NONE_ON_NETWORK + " = yes");
    }

    /** Keys that differ in {@code other} and that only a restart puts into effect. */
    public List<Key<?>> needRestart(AgentConfig other) {
        return Key.ALL.stream()
                .filter(key -> !key.live() && !get(key).equals(other.get(key)))
                .toList();
    }

    /** This configuration with the keys that a reload can change as {@code other} has them. */
    public AgentConfig withLive(AgentConfig other) {
        Map<Key<?>, Object> merged = new HashMap<>(values);
        Key.ALL.stream().filter(Key::live).forEach(key -> merged.put(key, other.get(key)));
        Map<String, Setting> places = new HashMap<>(other.settings());
        Key.ALL.stream().filter(key -> !key.live()).forEach(key -> {
            places.remove(key.name());
            if (settings.containsKey(key.name())) {
                places.put(key.name(), settings.get(key.name()));
            }
        });
        return new AgentConfig(other.file(), merged, places, other.consoles());
    }
}
