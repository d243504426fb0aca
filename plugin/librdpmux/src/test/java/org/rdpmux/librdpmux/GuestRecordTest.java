// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.librdpmux.wire.Numbering;

class GuestRecordTest {

    private static final String UUID_TEXT = "7c6f1b6e-0000-4000-8000-00000000beef";
    private static final ProcessIdentity PROCESS = new ProcessIdentity(123, 4567890123L, 64055);

    @TempDir
    Path directory;

    private static GuestRecord record(ProtocolVersion version, String uuid, String auth) {
        return GuestRecord.of(new GuestClaim(42, version, uuid, 3905, auth, PROCESS), Optional.empty(), 0xabc);
    }

    static Stream<GuestRecord> records() {
        GuestRecord plain = record(ProtocolVersion.V5, UUID_TEXT, "");
        GuestRecord early = record(ProtocolVersion.V4, UUID_TEXT.toUpperCase(), "/etc/rdpmux/ä b.sam");
        return Stream.of(
                plain,
                plain.with(new ScreenMode(0x20020888, 1920, 1080)),
                early,
                early.with(early.access()
                        .withFile("/srv/other.sam")
                        .withAuthentication(false)
                        .asShut()),
                plain.with(GuestAccess.NONE.withFile("/srv/it's -.sam")),
                early.with(Numbering.ZERO_BASED).with(new ScreenMode(0x10020565, 640, 480)),
                record(ProtocolVersion.V3, GuestClaim.NIL_UUID, ""),
                GuestRecord.of(
                        new GuestClaim(0, ProtocolVersion.V1, "", 0, "", PROCESS),
                        Optional.of(UUID.fromString(UUID_TEXT)),
                        -1));
    }

    @ParameterizedTest
    @MethodSource("records")
    void readsWhatItWrote(GuestRecord record) {
        assertEquals(record, GuestRecord.parse(record.format("boot"), "boot"));
    }

    @Test
    void hasAFormThatStays() {
        GuestRecord record = record(ProtocolVersion.V4, UUID_TEXT, "/a")
                .with(Numbering.ONE_BASED)
                .with(new ScreenMode(0x20020888, 640, 480));
        assertEquals("""
                librdpmux-guest 2
                boot b0
                id 42
                version 4
                uuid 7c6f1b6e-0000-4000-8000-00000000beef
                vm -
                process 123 4567890123 64055
                port 3905
                auth /a
                file /a
                authenticated yes
                shut no
                socket 7c6f1b6e-0000-4000-8000-00000000beef-00000abc.sock
                numbering ONE_BASED
                mode 20020888 640 480
                end
                """, record.format("b0"));
    }

    @ParameterizedTest
    @MethodSource("records")
    void refusesRecordsCutShort(GuestRecord record) {
        String text = record.format("boot");
        for (int length = 0; length < text.length() - 1; length++) {
            String cut = text.substring(0, length);
            assertThrows(IllegalArgumentException.class, () -> GuestRecord.parse(cut, "boot"), cut);
        }
    }

    @Test
    void refusesRecordsOfAnotherBoot() {
        String text = record(ProtocolVersion.V5, UUID_TEXT, "").format("one");
        assertThrows(IllegalArgumentException.class, () -> GuestRecord.parse(text, "two"));
    }

    @ParameterizedTest
    @CsvSource({
        "id 42, id -1",
        "id 42, id 4294967296",
        "version 5, version 6",
        "uuid 7c6f, uuid zc6f",
        "process 123, process 0",
        "process 123, process 1 1",
        "port 3905, port 65536",
        "auth -, auth etc",
        "file -, file etc",
        "authenticated no, authenticated yes",
        "authenticated no, authenticated",
        "shut no, shut maybe",
        "shut no, shut",
        "socket 7c6f, socket ../7c6f",
        "numbering ONE_BASED, numbering TWO_BASED",
        "mode 20020888, mode 20020889",
        "888 640, 888 640000",
        "640 480, 640 0",
    })
    void refusesRecordsThatWereTamperedWith(String from, String to) {
        String text = record(ProtocolVersion.V5, UUID_TEXT, "")
                .with(new ScreenMode(0x20020888, 640, 480))
                .format("boot");
        assertTrue(text.contains(from));
        String tampered = text.replaceFirst(from, to);
        assertThrows(IllegalArgumentException.class, () -> GuestRecord.parse(tampered, "boot"));
    }

    @Test
    void survivesNoise() {
        Random random = new Random(5);
        String text = record(ProtocolVersion.V5, UUID_TEXT, "").format("boot");
        for (int i = 0; i < 20_000; i++) {
            StringBuilder noisy = new StringBuilder(text);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                noisy.setCharAt(random.nextInt(noisy.length()), (char) random.nextInt(128));
            }
            try {
                GuestRecord read = GuestRecord.parse(noisy.toString(), "boot");
                assertEquals(noisy.toString(), read.format("boot"));
            } catch (IllegalArgumentException expected) {
                assertTrue(noisy.length() > 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not-a-uuid",
                "7c6f1b6e-0000-4000-8000-00000000bee",
                "7c6f1b6e-0000-4000-8000-00000000beef0",
                "7c6f1b6e000040008000000000000000beef",
                "../../../../../../../../../../../../",
            })
    void refusesWhatIsNoUuid(String uuid) {
        assertThrows(IllegalArgumentException.class, () -> record(ProtocolVersion.V5, uuid, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative", "-", "/with\nline", "/with\u0000nul", "/with\u0085line", "/half\ud800"})
    void refusesOddCredentialFiles(String file) {
        assertThrows(IllegalArgumentException.class, () -> record(ProtocolVersion.V5, UUID_TEXT, file));
        String tooLong = "/" + "x".repeat(1024);
        assertThrows(IllegalArgumentException.class, () -> record(ProtocolVersion.V5, UUID_TEXT, tooLong));
    }

    @Test
    void storeKeepsTheNewestOfEachGuest() throws Exception {
        RegistrationStore store = new RegistrationStore(directory, "boot");
        GuestRecord first = record(ProtocolVersion.V5, UUID_TEXT, "");
        GuestRecord second = record(ProtocolVersion.V3, UUID.randomUUID().toString(), "");
        store.save(first);
        store.save(second);
        GuestRecord changed = first.with(new ScreenMode(0x20020888, 640, 480));
        store.save(changed);
        RegistrationStore next = new RegistrationStore(directory, "boot");
        assertEquals(java.util.Set.of(changed, second), java.util.Set.copyOf(next.load(10)));
        next.delete(second);
        assertEquals(List.of(changed), next.load(10));
        assertEquals(1, next.load(1).size());
        assertEquals(List.of(), new RegistrationStore(directory, "another boot").load(10));
        assertEquals(0, Files.list(directory).count());
    }

    @Test
    void storeDropsWhatItDidNotWrite() throws Exception {
        RegistrationStore store = new RegistrationStore(directory, "boot");
        GuestRecord record = record(ProtocolVersion.V5, UUID_TEXT, "");
        store.save(record);
        String text = record.format("boot");
        Files.writeString(directory.resolve("another-name.guest"), text);
        Files.writeString(directory.resolve("killed-while-writing.tmp"), text.substring(0, 50));
        Files.write(directory.resolve("binary.guest"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        Files.write(directory.resolve("large.guest"), new byte[100_000]);
        Files.createSymbolicLink(directory.resolve("link.guest"), directory.resolve(UUID_TEXT + ".guest"));
        Files.writeString(directory.resolve("lock"), "");
        assertEquals(List.of(record), store.load(10));
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(
                    List.of(UUID_TEXT + ".guest", "lock"),
                    left.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void storeBoundsWhatItLoads() throws Exception {
        RegistrationStore store = new RegistrationStore(directory, "boot");
        for (int i = 0; i < 5; i++) {
            store.save(record(ProtocolVersion.V5, UUID.randomUUID().toString(), ""));
        }
        assertEquals(3, store.load(3).size());
    }
}
