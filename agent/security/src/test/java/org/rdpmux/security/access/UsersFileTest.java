// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.security.Mutations;

class UsersFileTest {

    private static final String HASH = "878d8014606cda29677a44efa1353fc7";

    @Test
    void keepsNamesComposedAndNoneThatLostLetters() {
        NtHash hash = NtHash.ofPassword("x".toCharArray());
        assertEquals("J\u00fcrgen", new UserEntry("Ju\u0308rgen", hash, false, false).name());
        assertThrows(IllegalArgumentException.class, () -> UserEntry.checkName("J\uFFFDrgen"));
    }

    @Test
    void readsWhatItWrites() throws IOException {
        UsersFile users = UsersFile.empty()
                .with(user("alice", false, false))
                .with(user("Bob Builder", true, false))
                .with(user("жук@example.org", true, true));

        UsersFile read = UsersFile.parse(users.format());

        assertEquals(
                List.of("alice false false", "Bob Builder true false", "жук@example.org true true"),
                read.users().stream()
                        .map(user -> user.name() + " " + user.disabled() + " " + user.viewOnly())
                        .toList());
        assertTrue(read.user("ALICE").orElseThrow().hash().matches(NtHash.parse(HASH)));
    }

    @Test
    void skipsCommentsAndEmptyLines() throws IOException {
        assertEquals(1, parse("# who\n\n  \nalice:" + HASH + ":").users().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice|line 2: expected name:NT hash:options",
                "alice:" + HASH + "|line 2: expected name:NT hash:options",
                "alice:" + HASH + "::|line 2: expected name:NT hash:options",
                "alice:878d:|line 2: an NT hash has 32 hexadecimal digits, not 4",
                "alice:878d8014606cda29677a44efa1353fcX:|line 2: an NT hash has hexadecimal digits only",
                ":" + HASH + ":|line 2: a user's name has 1 to 256 characters",
                "alice :" + HASH + ":|line 2: a user's name neither begins with # nor has blanks around it",
                "a\tb:" + HASH + ":|line 2: a user's name has no colons and no control characters",
                "alice:" + HASH + ":admin|line 2: an option is unknown; there are disabled and view-only",
                "alice:" + HASH + ":disabled,|line 2: an option is unknown; there are disabled and view-only",
                "ALIce:" + HASH + ":|line 2: the user was there before"
            })
    void namesLineAndFieldOfAnError(String line, String error) {
        IOException refused = assertThrows(IOException.class, () -> parse("Alice:" + HASH + ":\n" + line + "\n"));

        assertEquals(error, refused.getMessage());
        assertFalse(refused.getMessage().contains("878d8014"), "quotes a hash");
    }

    @Test
    void refusesWhatIsNotUtf8OrTooLong() {
        assertThrows(IOException.class, () -> UsersFile.parse(new byte[] {'a', (byte) 0xFF}));
        assertThrows(IOException.class, () -> UsersFile.parse(new byte[UsersFile.MAX_SIZE + 1]));
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= UsersFile.MAX_USERS; i++) {
            many.append('u').append(i).append(':').append(HASH).append(":\n");
        }
        assertThrows(IOException.class, () -> parse(many.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#a", " a", "a ", "a:b", "a\nb", "a\u0000"})
    void refusesNamesThatCannotBeWritten(String name) {
        assertThrows(IllegalArgumentException.class, () -> user(name, false, false));
    }

    @Test
    void replacesAndRemovesInWhateverCase() {
        UsersFile users = UsersFile.empty().with(user("alice", false, false)).with(user("ALICE", true, false));

        assertEquals(1, users.users().size());
        assertTrue(users.user("Alice").orElseThrow().disabled());
        assertTrue(users.without("aLICE").users().isEmpty());
        assertEquals(users.users(), users.without("bob").users());
    }

    @Test
    void showsNoHashes() {
        String text = user("alice", false, false).toString();

        assertEquals("UserEntry[name=alice, hash=NtHash[hidden], disabled=false, viewOnly=false]", text);
    }

    @Test
    void survivesDamage() {
        Mutations mutations = new Mutations(1);
        byte[] file = ("# c\nalice:" + HASH + ":disabled\nbob:" + HASH + ":\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 5000; i++) {
            byte[] damaged = mutations.of(file);
            try {
                UsersFile users = UsersFile.parse(damaged);
                assertEquals(
                        users.users().size(),
                        UsersFile.parse(users.format()).users().size());
            } catch (IOException refused) {
                assertFalse(refused.getMessage().contains("606cda29"), "quotes a hash");
            }
        }
    }

    private static UserEntry user(String name, boolean disabled, boolean viewOnly) {
        return new UserEntry(name, NtHash.parse(HASH), disabled, viewOnly);
    }

    private static UsersFile parse(String text) throws IOException {
        return UsersFile.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
