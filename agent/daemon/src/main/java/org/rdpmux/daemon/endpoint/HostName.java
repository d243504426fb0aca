// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What this host calls itself, without asking a resolver. */
public final class HostName {

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");

    private HostName() {}

    /** {@code localhost} if it has no usable name. */
    public static String get() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return VALID.matcher(name).matches() ? name : "localhost";
        } catch (IOException e) {
            return "localhost";
        }
    }
}
