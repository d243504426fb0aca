// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.Authorization;
import org.rdpmux.security.nla.CredSspServer;
import org.rdpmux.server.SoundPolicy;

/**
 * A key of the configuration with the type of its value. What it means to people stands in {@code rdpmux.conf.sample}.
 *
 * @param name as written in the file
 * @param defaultText its value where the file does not set it, as the file would
 * @param parser from the file's text; throws {@link IllegalArgumentException} with the rest of a sentence that begins
 *     with the text, such as {@code is not a number}
 * @param live whether a reload puts a change into effect; others need a restart
 */
public record Key<T>(String name, String defaultText, Function<String, T> parser, boolean live) {

    public static final Key<String> LIBVIRT_URI = restart("libvirt.uri", "qemu:///system", Values::text);
    public static final Key<DomainChoice> LIBVIRT_DOMAINS = live("libvirt.domains", "all", DomainChoice::parse);
    public static final Key<Optional<Path>> PROXMOX_DIRECTORY =
            restart("proxmox.directory", "/run/qemu-server", Values::optionalPath);
    public static final Key<InetAddress> LISTEN_ADDRESS = live("listen.address", "127.0.0.1", Values::address);
    public static final Key<PortRange> LISTEN_PORTS = live("listen.ports", "3901-4900", PortRange::parse);
    public static final Key<Optional<PortRange>> LISTEN_PINNED_PORTS =
            live("listen.pinned-ports", "", Values.optional(PortRange::parse));
    public static final Key<Authentication> SECURITY_POLICY = live("security.policy", "nla", Authentication::parse);
    public static final Key<Integer> SECURITY_CREDSSP_MINIMUM =
            restart("security.credssp-minimum", "2", Values.whole(CredSspServer.MIN_VERSION, CredSspServer.VERSION));
    public static final Key<Optional<Authentication>> SECURITY_WEAKEST_POLICY =
            live("security.weakest-policy", "", Values.optional(Authentication::parse));
    public static final Key<Boolean> SECURITY_NONE_ON_NETWORK = live("security.none-on-network", "no", Values::yesOrNo);
    public static final Key<Authorization> SECURITY_RULES = live("security.rules", "", Values::rules);
    public static final Key<Optional<Path>> SECURITY_USERS_FILE =
            restart("security.users-file", "", Values::optionalPath);
    public static final Key<Optional<Path>> SECURITY_CERTIFICATE =
            restart("security.certificate", "", Values::optionalPath);
    public static final Key<Optional<Path>> SECURITY_KEY = restart("security.key", "", Values::optionalPath);
    public static final Key<Optional<Path>> SECURITY_CERTIFICATES =
            live("security.certificates", "", Values::optionalPath);
    public static final Key<Integer> SECURITY_LOCK_USER =
            restart("security.lock-user-after", "10", Values.whole(2, 1000));
    public static final Key<Integer> SECURITY_LOCK_SOURCE =
            restart("security.lock-source-after", "30", Values.whole(2, 100_000));
    public static final Key<Duration> SECURITY_LOCK_TIME =
            restart("security.lock-time", "15min", Values.duration(Duration.ofSeconds(1), Duration.ofDays(1)));
    public static final Key<Set<InetAddress>> SECURITY_SHARED_SOURCES =
            restart("security.shared-sources", "", Values::addresses);
    public static final Key<Duration> SECURITY_TICKET_SESSION =
            restart("security.ticket-session", "0s", Values.duration(Duration.ZERO, Duration.ofDays(30)));
    public static final Key<Optional<Path>> AUDIT_FILE = restart("audit.file", "", Values::optionalPath);
    public static final Key<Path> STATE_DIRECTORY = restart("state.directory", "/var/lib/rdpmux", Values::path);
    public static final Key<Path> RUNTIME_DIRECTORY = restart("runtime.directory", "/run/rdpmux", Values::path);
    public static final Key<String> CONTROL_GROUP = restart("control.group", "", Values::text);
    public static final Key<String> CONTROL_READ_GROUP = restart("control.read-group", "", Values::text);
    public static final Key<Optional<InetSocketAddress>> METRICS_LISTEN =
            restart("metrics.listen", "", Values.optional(Values::addressAndPort));
    public static final Key<Integer> FRAME_RATE = restart("frame.rate", "60", Values.whole(1, 120));
    public static final Key<Duration> DISPLAY_LINGER =
            restart("display.linger", "5s", Values.duration(Duration.ZERO, Duration.ofHours(1)));
    public static final Key<Boolean> DISPLAY_RESIZE =
            restart("display.resize", "controller", Values::controllerOrNever);
    public static final Key<Boolean> DISPLAY_RESTORE_SIZE = restart("display.restore-size", "no", Values::yesOrNo);
    public static final Key<ClipboardDirection> DISPLAY_CLIPBOARD =
            restart("display.clipboard", "off", ClipboardDirection::parse);
    public static final Key<SoundPolicy> DISPLAY_SOUND = restart("display.sound", "off", Values::sound);
    /** Whether to encode H.264 where that can be. */
    public static final Key<Boolean> CODEC_H264 = restart("codec.h264", "auto", Values::autoOrOff);

    public static final Key<Integer> LIMITS_CONNECTIONS =
            restart("limits.connections", "2000", Values.whole(1, 100_000));
    public static final Key<Integer> LIMITS_PER_ENDPOINT =
            restart("limits.connections-per-endpoint", "64", Values.whole(1, 100_000));
    public static final Key<Integer> LIMITS_PER_ACCOUNT =
            restart("limits.viewers-per-account", "8", Values.whole(1, 100_000));
    public static final Key<Integer> LIMITS_PER_SOURCE =
            restart("limits.connections-per-source", "200", Values.whole(1, 100_000));
    public static final Key<Integer> LIMITS_UNAUTHENTICATED =
            restart("limits.unauthenticated", "200", Values.whole(1, 100_000));
    public static final Key<Duration> LIMITS_HANDSHAKE =
            restart("limits.handshake", "60s", Values.duration(Duration.ofSeconds(1), Duration.ofMinutes(5)));
    public static final Key<Optional<Integer>> LIMITS_MEGAPIXELS =
            restart("limits.megapixels", "auto", Values.automaticOr(Values.whole(1, 100_000)));
    public static final Key<Integer> LIMITS_CLIPBOARD =
            restart("limits.clipboard-kilobytes", "4096", Values.whole(1, 65_536));
    public static final Key<Boolean> LIBRDPMUX_ENABLED = restart("librdpmux.enabled", "yes", Values::yesOrNo);
    public static final Key<String> LIBRDPMUX_BUS = restart("librdpmux.bus", "", Values::text);
    public static final Key<Integer> LIBRDPMUX_DEFAULT_VERSION =
            restart("librdpmux.default-version", "5", Values.whole(1, 5));
    public static final Key<String> LIBRDPMUX_GROUP = restart("librdpmux.group", "", Values::text);
    public static final Key<Boolean> LIBRDPMUX_UNMANAGED = live("librdpmux.unmanaged", "no", Values::yesOrNo);
    public static final Key<PortRange> LIBRDPMUX_PORTS = live("librdpmux.ports", "1024-65535", PortRange::parse);
    public static final Key<LogLevel> LOG_LEVEL = live("log.level", "info", LogLevel::parse);

    /** Every key, in the order of the sample file. Consoles are apart: their keys carry their names. */
    public static final List<Key<?>> ALL = List.of(
            LIBVIRT_URI,
            LIBVIRT_DOMAINS,
            LIBRDPMUX_ENABLED,
            LIBRDPMUX_BUS,
            LIBRDPMUX_DEFAULT_VERSION,
            LIBRDPMUX_GROUP,
            LIBRDPMUX_UNMANAGED,
            LIBRDPMUX_PORTS,
            PROXMOX_DIRECTORY,
            LISTEN_ADDRESS,
            LISTEN_PORTS,
            LISTEN_PINNED_PORTS,
            SECURITY_POLICY,
            SECURITY_WEAKEST_POLICY,
            SECURITY_NONE_ON_NETWORK,
            SECURITY_CREDSSP_MINIMUM,
            SECURITY_RULES,
            SECURITY_USERS_FILE,
            SECURITY_CERTIFICATE,
            SECURITY_KEY,
            SECURITY_CERTIFICATES,
            SECURITY_LOCK_USER,
            SECURITY_LOCK_SOURCE,
            SECURITY_LOCK_TIME,
            SECURITY_SHARED_SOURCES,
            SECURITY_TICKET_SESSION,
            AUDIT_FILE,
            STATE_DIRECTORY,
            RUNTIME_DIRECTORY,
            CONTROL_GROUP,
            CONTROL_READ_GROUP,
            METRICS_LISTEN,
            FRAME_RATE,
            DISPLAY_LINGER,
            DISPLAY_RESIZE,
            DISPLAY_RESTORE_SIZE,
            DISPLAY_CLIPBOARD,
            DISPLAY_SOUND,
            CODEC_H264,
            LIMITS_CONNECTIONS,
            LIMITS_PER_ENDPOINT,
            LIMITS_PER_ACCOUNT,
            LIMITS_PER_SOURCE,
            LIMITS_UNAUTHENTICATED,
            LIMITS_HANDSHAKE,
            LIMITS_MEGAPIXELS,
            LIMITS_CLIPBOARD,
            LOG_LEVEL);

    private static <T> Key<T> live(String name, String defaultText, Function<String, T> parser) {
        return new Key<>(name, defaultText, parser, true);
    }

    private static <T> Key<T> restart(String name, String defaultText, Function<String, T> parser) {
        return new Key<>(name, defaultText, parser, false);
    }

    @Override
    public String toString() {
        return name;
    }
}
