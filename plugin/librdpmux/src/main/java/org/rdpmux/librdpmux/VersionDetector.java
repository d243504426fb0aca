// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which protocol version a process speaks, by the release of librdpmux it has mapped. Several builds kept the release
 * number of the one before and spoke the next protocol already; guests with such a library are told apart by the object
 * path they are given.
 */
final class VersionDetector {

    private static final Pattern LIBRARY =
            Pattern.compile("/librdpmux\\.so\\.0\\.([0-9]{1,3})\\.[0-9]+(?: \\(deleted\\))?$");

    private VersionDetector() {}

    /** The version of a process; empty if its library cannot be seen, or is linked into it. */
    static Optional<ProtocolVersion> detect(ProcessTable processes, int pid) {
        try {
            return processes.maps(pid, VersionDetector::detect);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<ProtocolVersion> detect(Stream<String> maps) {
        return maps.map(LIBRARY::matcher)
                .filter(Matcher::find)
                .findFirst()
                .flatMap(found -> ofRelease(Integer.parseInt(found.group(1))));
    }

    private static Optional<ProtocolVersion> ofRelease(int minor) {
        switch (minor) {
            case 1:
            case 2:
                return Optional.of(ProtocolVersion.V1);
            case 3:
                return Optional.of(ProtocolVersion.V2);
            case 4:
                return Optional.of(ProtocolVersion.V3);
            case 5:
                return Optional.of(ProtocolVersion.V4);
            case 6:
                return Optional.of(ProtocolVersion.V5);
            default:
                return Optional.empty();
        }
    }
}
