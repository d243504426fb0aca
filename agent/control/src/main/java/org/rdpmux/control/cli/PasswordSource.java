// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Where a new password comes from. */
@FunctionalInterface
interface PasswordSource {

    /** The agent takes no longer ones. */
    int MAX_LENGTH = 512;

    /**
     * Gets a password.
     *
     * @param user whose it will be, for the question
     * @return not empty; the caller's to wipe
     * @throws NoPasswordException with a sentence, if there is none to be had
     */
    char[] read(String user) throws IOException;

    /** Nobody gave a usable password. */
    final class NoPasswordException extends IOException {
        private static final long serialVersionUID = 1;

        NoPasswordException(String message) {
            super(message);
        }
    }

    /** Asks twice on a terminal, without echo; where standard input is none, its first line is the password. */
    static PasswordSource standard() {
        return user -> {
            if (!isTerminal(0)) {
                return readLine(System.in);
            }
            Console console = System.console();
            if (console == null || !isTerminal(1)) {
                throw new NoPasswordException("standard output must be the terminal, too, to ask for a password there;"
                        + " or give the password on standard input");
            }
            return ask(console, Table.printable(user));
        };
    }

    private static char[] ask(Console console, String user) throws NoPasswordException {
        char[] first = console.readPassword("New password of %s: ", user);
        char[] second = first == null ? null : console.readPassword("Once more: ");
        try {
            if (first == null || second == null) {
                throw new NoPasswordException("no password was given");
            }
            if (!Arrays.equals(first, second)) {
                throw new NoPasswordException("the two are not the same");
            }
            return checked(first.clone());
        } finally {
            wipe(first);
            wipe(second);
        }
    }

    /** The first line of a stream in UTF-8, without its end. */
    static char[] readLine(InputStream in) throws IOException {
        Reader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1);
        char[] line = new char[MAX_LENGTH + 1];
        int length = 0;
        try {
            for (int c = reader.read(); c >= 0 && c != '\n' && c != '\r'; c = reader.read()) {
                if (length == line.length) {
                    break;
                }
                line[length++] = (char) c;
            }
            return checked(Arrays.copyOf(line, length));
        } finally {
            wipe(line);
        }
    }

    private static char[] checked(char[] password) throws NoPasswordException {
        if (password.length == 0) {
            throw new NoPasswordException("an empty password lets nobody in");
        }
        if (password.length > MAX_LENGTH) {
            wipe(password);
            throw new NoPasswordException("a password has at most " + MAX_LENGTH + " characters");
        }
        return password;
    }

    private static void wipe(char[] characters) {
        if (characters != null) {
            Arrays.fill(characters, '\0');
        }
    }

    /** {@link System#console} alone does not say: on newer Java there is one without a terminal, too. */
    static boolean isTerminal(int descriptor) {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
