// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsersStoreTest {

    private static final Moment NOW = new Moment(Instant.parse("2026-11-22T12:00:00Z"), 7);
    private static final ConsoleRef CONSOLE = new ConsoleRef("id", "web");
    private static final String HASH = "878d8014606cda29677a44efa1353fc7";

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("users");
    }

    @Test
    void aFileThatIsNotThereHasNoUsers() throws IOException {
        UsersStore store = new UsersStore(file());

        assertTrue(store.users().users().isEmpty());
        assertFalse(store.reloadIfChanged());
    }

    @Test
    void writesAPrivateFileThatItReadsAgain() throws IOException {
        new UsersStore(file()).edit(users -> users.with(entry("alice")));

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertTrue(new UsersStore(file()).users().user("alice").isPresent());
    }

    @Test
    void aRefusedChangeLeavesTheFileAsItIs() throws IOException {
        UsersStore store = new UsersStore(file());
        store.edit(users -> users.with(entry("alice")));
        byte[] before = Files.readAllBytes(file());

        assertThrows(
                IllegalArgumentException.class,
                () -> store.edit(users -> {
                    throw new IllegalArgumentException("no");
                }));
        assertEquals(new String(before), new String(Files.readAllBytes(file())));
        assertEquals(2, Files.list(directory).count(), "only the file and its lock");
    }

    @Test
    void twoProcessesDoNotLoseEachOthersChanges() throws IOException {
        UsersStore one = new UsersStore(file());
        UsersStore other = new UsersStore(file());

        one.edit(users -> users.with(entry("alice")));
        other.edit(users -> users.with(entry("bob")));
        assertTrue(one.reloadIfChanged());

        assertEquals(2, one.users().users().size());
    }

    @Test
    void refusesAFileThatOthersMayRead() throws IOException {
        Files.writeString(file(), "alice:" + HASH + ":\n");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));

        IOException refused = assertThrows(IOException.class, () -> new UsersStore(file()));
        assertTrue(refused.getMessage().contains("make it rw-------"), refused.getMessage());
    }

    @Test
    void keepsItsUsersWhileTheFileIsUnusable() throws IOException {
        UsersStore store = new UsersStore(file());
        store.edit(users -> users.with(entry("alice")));
        Files.writeString(file(), "nonsense\n");
        Files.setLastModifiedTime(file(), FileTime.from(NOW.time()));

        IOException refused = assertThrows(IOException.class, store::reloadIfChanged);
        assertTrue(refused.getMessage().startsWith(file() + ": line 1"), refused.getMessage());
        assertTrue(store.users().user("alice").isPresent());
        Files.delete(file());
        assertTrue(store.reloadIfChanged());
        assertTrue(store.users().users().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "alice,'',alice",
        "ALICE,WORK,alice",
        "alice@realm,'',alice",
        "WORK\\alice,'',alice",
        "bob@realm,'',bob@realm",
        "BOB@Realm,'',bob@realm",
        "mallory,'',''",
        "@,'',''",
        "\\,'',''"
    })
    void findsTheUserThatIsMeant(String user, String domain, String account) throws IOException {
        UsersStore store = new UsersStore(file());
        store.edit(users -> users.with(entry("alice")).with(entry("bob@realm")).with(entry("bob")));

        List<Credential> found = store.find(new Claim(user, domain, ""), request(CONSOLE), NOW);

        assertEquals(1, found.size(), "known and unknown users take the same steps");
        assertEquals(account, found.get(0).account());
        assertEquals(account.isEmpty(), found.get(0).denial(NOW).isPresent());
    }

    @Test
    void letsInNeitherDisabledUsersNorEmptyPasswords() throws IOException {
        UsersStore store = new UsersStore(file());
        store.edit(users -> users.with(new UserEntry("d", NtHash.parse(HASH), true, false))
                .with(new UserEntry("e", NtHash.ofPassword(new char[0]), false, false)));

        assertEquals(Optional.of(Credential.Denial.DISABLED), denial(store, "d"));
        assertEquals(Optional.of(Credential.Denial.EMPTY_PASSWORD), denial(store, "e"));
    }

    private static Optional<Credential.Denial> denial(CredentialStore store, String user) throws IOException {
        return store.find(new Claim(user, "", ""), request(CONSOLE), NOW).get(0).redeem(NOW);
    }

    private static UserEntry entry(String name) {
        return new UserEntry(name, NtHash.parse(HASH), false, false);
    }

    private static LoginRequest request(ConsoleRef console) {
        return new LoginRequest(new InetSocketAddress("192.0.2.1", 5), console, Authentication.NLA, NOW);
    }
}
