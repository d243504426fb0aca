// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Which accounts may do what at which consoles: rules in order, of which the first that fits decides. A rule reads
 * {@code ROLE USERS CONSOLES}, such as {@code view-only guest* web-*,db-?}: the role is {@code control}, {@code view-only} or
 * {@code none}; users and consoles are patterns separated by commas, in which {@code *} stands for any characters and
 * {@code ?} for one. Users are compared without regard to case, consoles are meant by name or id. Within double quotes blanks,
 * commas and semicolons are part of a pattern: {@code control * "a b","a,b"}. A backslash is a character like any other.
 *
 * <p>Without any rule every account may control every console: who may is then decided by whom the administrator gives an
 * account. With rules, whom none fits may do nothing. Rules are for accounts of users files and SAM files; tickets and console
 * passwords open the console they were made for and need none.
 *
 * @param rules in order
 */
public record Authorization(List<Rule> rules) {

    /** Every account controls every console. */
    public static final Authorization OPEN = new Authorization(List.of());

    public static final int MAX_RULES = 1000;

    /** Users and consoles of one rule. */
    public static final int MAX_PATTERNS = 100;

    public static final int MAX_PATTERN = 256;

    private static final String NONE = "none";

    public Authorization {
        if (rules.size() > MAX_RULES) {
            throw new IllegalArgumentException("there are more than " + MAX_RULES + " rules");
        }
        rules = List.copyOf(rules);
    }

    /**
     * One rule.
     *
     * @param role empty to let nobody in
     */
    public record Rule(Optional<Role> role, List<String> users, List<String> consoles) {

        public Rule {
            Objects.requireNonNull(role);
            users = users.stream().map(UserName::fold).toList();
            consoles = consoles.stream().map(UserName::composed).toList();
        }

        /**
         * Reads {@code ROLE USERS CONSOLES}.
         *
         * @throws IllegalArgumentException with a sentence that names the field
         */
        public static Rule parse(String text) {
            List<String> words = split(text, Character::isWhitespace).stream()
                    .filter(word -> !word.isEmpty())
                    .toList();
            if (words.size() != 3) {
                throw new IllegalArgumentException(
                        "'" + Logfmt.escape(text)
                                + "' is no rule; expected ROLE USERS CONSOLES, with double quotes around names that have blanks");
            }
            Optional<Role> role = switch (words.get(0)) {
                case "control" -> Optional.of(Role.CONTROL);
                case "view-only" -> Optional.of(Role.VIEW_ONLY);
                case NONE -> Optional.empty();
                default ->
                    throw new IllegalArgumentException(
                            "'" + Logfmt.escape(words.get(0)) + "' is no role; expected control, view-only or none");
            };
            return new Rule(role, patterns("users", words.get(1)), patterns("consoles", words.get(2)));
        }

        private static List<String> patterns(String field, String text) {
            List<String> patterns = split(text, c -> c == ',').stream()
                    .map(pattern -> pattern.replace("\"", ""))
                    .toList();
            if (patterns.size() > MAX_PATTERNS) {
                throw new IllegalArgumentException(field + " has more than " + MAX_PATTERNS + " patterns");
            }
            for (String pattern : patterns) {
                if (pattern.isEmpty() || pattern.length() > MAX_PATTERN) {
                    throw new IllegalArgumentException("a pattern of " + field + " has " + pattern.length()
                            + " characters; expected 1 to " + MAX_PATTERN);
                }
            }
            return patterns;
        }

        private boolean fits(String account, ConsoleRef console) {
            String user = UserName.fold(account);
            String name = UserName.composed(console.name());
            return users.stream().anyMatch(pattern -> matches(pattern, user))
                    && consoles.stream().anyMatch(pattern -> matches(pattern, name) || matches(pattern, console.id()));
        }

        @Override
        public String toString() {
            return role.map(Role::toString).orElse(NONE) + " " + written(users) + " " + written(consoles);
        }

        private static String written(List<String> patterns) {
            return patterns.stream()
                    .map(pattern -> pattern.matches("[^\\s,;]+") ? pattern : '"' + pattern + '"')
                    .collect(Collectors.joining(","));
        }
    }

    /**
     * Reads rules between semicolons, the last of which may end the text.
     *
     * @throws IllegalArgumentException with a sentence that names the rule
     */
    public static Authorization parse(String text) {
        return parse(split(text, c -> c == ';').stream()
                .filter(rule -> !rule.isBlank())
                .toList());
    }

    /** The parts between separators outside of double quotes, which stay where they are. */
    private static List<String> split(String text, IntPredicate separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!quoted && separator.test(c)) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                quoted ^= c == '"';
                part.append(c);
            }
        }
        if (quoted) {
            throw new IllegalArgumentException(
                    "'" + Logfmt.escape(text) + "' has a double quote without its other half");
        }
        parts.add(part.toString());
        return parts;
    }

    /**
     * Reads rules, one an element.
     *
     * @throws IllegalArgumentException with a sentence that names the rule
     */
    public static Authorization parse(List<String> lines) {
        List<Rule> rules = new ArrayList<>();
        for (String line : lines) {
            try {
                rules.add(Rule.parse(line));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("rule " + (rules.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        return new Authorization(rules);
    }

    /** What the bearer of {@code credential} may do at {@code console}; empty for nothing. */
    public Optional<Role> role(Credential credential, ConsoleRef console) {
        Optional<Role> role = switch (credential.source()) {
            case TICKET, CONSOLE_PASSWORD -> Optional.of(Role.CONTROL);
            case USERS_FILE, SAM_FILE -> byRules(credential.account(), console);
        };
        return role.map(granted -> credential.viewOnly() ? Role.VIEW_ONLY : granted);
    }

    private Optional<Role> byRules(String account, ConsoleRef console) {
        if (rules.isEmpty()) {
            return Optional.of(Role.CONTROL);
        }
        return rules.stream()
                .filter(rule -> rule.fits(account, console))
                .findFirst()
                .flatMap(Rule::role);
    }

    /** Whether {@code text} is what {@code pattern} describes. Takes at most their product in steps. */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            char wanted = p < pattern.length() ? pattern.charAt(p) : 0;
            if (p < pattern.length() && wanted == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && (wanted == '?' || wanted == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
