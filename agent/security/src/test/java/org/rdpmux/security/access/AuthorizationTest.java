// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.security.access.Credential.Source;

class AuthorizationTest {

    private static final ConsoleRef WEB = new ConsoleRef("5e1c-id", "web-1");

    @Test
    void quotesNamesThatHaveBlanksCommasAndSemicolons() {
        Authorization rules =
                Authorization.parse("control CORP\\anna \"a b\",\"c;d\" ; view-only \"e f\" \"g,h\"; none x y;");
        assertEquals(
                List.of("control corp\\anna \"a b\",\"c;d\"", "view-only \"e f\" \"g,h\"", "none x y"),
                rules.rules().stream().map(Authorization.Rule::toString).toList());
        assertEquals(List.of("a b", "c;d"), rules.rules().get(0).consoles());
        assertEquals(List.of("g,h"), rules.rules().get(1).consoles());
        assertThrows(IllegalArgumentException.class, () -> Authorization.parse("control a \"b"));
    }

    @Test
    void comparesNamesInTheirComposedForm() {
        Authorization rules = Authorization.parse("view-only Ju\u0308rgen web-u\u0308");
        assertEquals(
                Optional.of(Role.VIEW_ONLY),
                rules.role(account("j\u00fcrgen", Source.USERS_FILE), new ConsoleRef("id", "web-\u00fc")));
    }

    @Test
    void withoutRulesEveryAccountControls() {
        assertEquals(Optional.of(Role.CONTROL), Authorization.OPEN.role(account("a", Source.SAM_FILE), WEB));
    }

    @ParameterizedTest
    @CsvSource({
        "alice,web-1,control",
        "ALICE,web-1,control",
        "bob,web-1,view-only",
        "bob,db,",
        "guest,web-1,",
        "guest,db,",
        "carol,web-1,control",
        "carol,Web-1,"
    })
    void theFirstRuleThatFitsDecides(String user, String console, String role) {
        Authorization rules = Authorization.parse(
                List.of("none guest *", "control Alice *", "view-only b?b web-*", "  control carol,dave   x,web-1  "));

        Optional<Role> granted = rules.role(account(user, Source.USERS_FILE), new ConsoleRef("id", console));

        assertEquals(Optional.ofNullable(role), granted.map(Role::toString));
    }

    @Test
    void consolesAreMeantByNameOrId() {
        Authorization rules = Authorization.parse(List.of("control * 5e1c-*"));

        assertEquals(Optional.of(Role.CONTROL), rules.role(account("a", Source.USERS_FILE), WEB));
    }

    @Test
    void rulesAreForAccountsNotForTickets() {
        Authorization nobody = Authorization.parse(List.of("none * *"));

        assertEquals(Optional.empty(), nobody.role(account("a", Source.SAM_FILE), WEB));
        assertEquals(Optional.of(Role.CONTROL), nobody.role(account("a", Source.TICKET), WEB));
        assertEquals(Optional.of(Role.CONTROL), nobody.role(account("a", Source.CONSOLE_PASSWORD), WEB));
    }

    @Test
    void aCredentialThatOnlyLooksOnStaysSo() {
        Credential viewer = new FixedCredential("a", NtHash.parse("0".repeat(32)), Source.USERS_FILE, true);

        assertEquals(Optional.of(Role.VIEW_ONLY), Authorization.OPEN.role(viewer, WEB));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "control", "control a", "control a b c", "admin a b", "control a, b", "control ,a b"})
    void namesTheRuleThatIsWrong(String rule) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Authorization.parse(List.of("control a b", rule)));

        assertEquals("rule 2: ", refused.getMessage().substring(0, 8));
    }

    @Test
    void readsWhatItWrites() {
        String text = "view-only a*,b c,d?";

        assertEquals(text, Authorization.Rule.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "*,'',true", "*,x,true", "a*,a,true", "a*,ba,false", "*a,ba,true", "*a,ab,false", "a*b*c,aXbYc,true",
        "a*b*c,acb,false", "?,'',false", "?,x,true", "a?c,abc,true", "**,x,true", "a.c,abc,false", "[a],a,false",
        "*ab,aab,true", "\\*,\\x,true"
    })
    void matchesPatterns(String pattern, String text, boolean expected) {
        assertEquals(expected, Authorization.matches(pattern, text));
    }

    @Test
    void hostilePatternsTakeNoTime() {
        String pattern = "a*".repeat(127) + "b";
        String text = "a".repeat(10_000);

        assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertEquals(false, Authorization.matches(pattern, text)));
    }

    @Test
    void refusesTooManyRulesAndPatterns() {
        List<String> rules = Collections.nCopies(1001, "control a b");
        assertThrows(IllegalArgumentException.class, () -> Authorization.parse(rules));
        String many = "a,".repeat(100) + "a";
        assertThrows(IllegalArgumentException.class, () -> Authorization.Rule.parse("control " + many + " b"));
        assertThrows(IllegalArgumentException.class, () -> Authorization.Rule.parse("control a " + "b".repeat(257)));
    }

    private static Credential account(String name, Source source) {
        return new FixedCredential(name, NtHash.parse("0".repeat(32)), source, false);
    }

    record FixedCredential(String account, NtHash ntHash, Source source, boolean viewOnly) implements Credential {
        @Override
        public Optional<Denial> denial(Moment now) {
            return Optional.empty();
        }
    }
}
