// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rdpmux.security.access.Authorization;
import org.rdpmux.server.SoundPolicy;

/** Values of configuration keys from their text. What they throw continues a sentence that begins with the text. */
final class Values {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|min|h)");

    private static final Pattern ADDRESS_AND_PORT = Pattern.compile("(?:([^\\[\\]:]+)|\\[([^\\[\\]]+)]):([0-9]+)");

    private Values() {}

    static String text(String text) {
        return text;
    }

    static Path path(String text) {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute()) {
                return path.normalize();
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is not a path: " + e.getReason(), e);
        }
        throw new IllegalArgumentException("is not an absolute path");
    }

    /** Empty for an empty text. */
    static Optional<Path> optionalPath(String text) {
        return optional(Values::path).apply(text);
    }

    /** Empty for an empty text. */
    static <T> Function<String, Optional<T>> optional(Function<String, T> parser) {
        return text -> text.isEmpty() ? Optional.empty() : Optional.of(parser.apply(text));
    }

    static boolean yesOrNo(String text) {
        return switch (text) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new IllegalArgumentException("is neither 'yes' nor 'no'");
        };
    }

    /** Whether the viewer that controls a console may do something. */
    static boolean controllerOrNever(String text) {
        return switch (text) {
            case "controller" -> true;
            case "never" -> false;
            default -> throw new IllegalArgumentException("is neither 'controller' nor 'never'");
        };
    }

    /** Whether something is to be used where it can be. */
    static boolean autoOrOff(String text) {
        return switch (text) {
            case "auto" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("is neither 'auto' nor 'off'");
        };
    }

    /** Who hears what guests play. */
    static SoundPolicy sound(String text) {
        return switch (text) {
            case "off" -> SoundPolicy.OFF;
            case "control" -> SoundPolicy.CONTROL;
            case "all" -> SoundPolicy.ALL;
            default -> throw new IllegalArgumentException("is none of 'off', 'control' and 'all'");
        };
    }

    /** Addresses between commas; none for an empty text. */
    static Set<InetAddress> addresses(String text) {
        return text.isEmpty()
                ? Set.of()
                : Stream.of(text.split(",", -1))
                        .map(part -> address(part.strip()))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** {@code ROLE USERS CONSOLES} between semicolons, the last of which may end the text. */
    static Authorization rules(String text) {
        try {
            return Authorization.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not understood: " + e.getMessage(), e);
        }
    }

    static Function<String, Integer> whole(int least, int most) {
        return text -> {
            try {
                int value = Integer.parseInt(text);
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException ignored) {
                // The sentence below is for both.
            }
            throw new IllegalArgumentException("is not a number from " + least + " to " + most);
        };
    }

    /** Empty for {@code auto}. */
    static <T> Function<String, Optional<T>> automaticOr(Function<String, T> parser) {
        return text -> text.equals("auto") ? Optional.empty() : Optional.of(parser.apply(text));
    }

    /** Such as {@code 127.0.0.1:9590} or {@code [::1]:9590}. */
    static InetSocketAddress addressAndPort(String text) {
        Matcher parts = ADDRESS_AND_PORT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("is not an address and a port, such as 127.0.0.1:9590");
        }
        String v6 = parts.group(2);
        return new InetSocketAddress(address(v6 == null ? parts.group(1) : v6), port(parts.group(3)));
    }

    static int port(String text) {
        return whole(1, 65535).apply(text);
    }

    static Function<String, Duration> duration(Duration least, Duration most) {
        return text -> {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("is not a time such as 500ms, 20s, 5min or 1h");
            }
            long amount = Long.parseLong(matcher.group(1));
            Duration value = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "min" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw new IllegalArgumentException("is not from " + seconds(least) + " to " + seconds(most));
            }
            return value;
        };
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + "s";
    }

    /** A literal address, so that no resolver is asked; {@code localhost} is one of those. */
    static InetAddress address(String text) {
        try {
            byte[] bytes = text.equals("localhost")
                    ? new byte[] {127, 0, 0, 1}
                    : NetUtil.createByteArrayFromIpAddressString(text);
            if (bytes != null) {
                return InetAddress.getByAddress(bytes);
            }
        } catch (UnknownHostException ignored) {
            // Not for arrays of 4 and 16 bytes.
        }
        throw new IllegalArgumentException("is not an IP address");
    }
}
