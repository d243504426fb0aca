// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainXmlTest {
    private static final UUID ID = UUID.fromString("5cd975c8-3f24-479f-956f-5b0d6e4cf286");

    private static String domain(String attributes, String inside) {
        return "<domain type='qemu'" + attributes + "><name>web1</name><uuid>" + ID + "</uuid>" + inside + "</domain>";
    }

    private static DomainXml devices(String devices) {
        return DomainXml.parse(domain(" id='7'", "<devices>" + devices + "</devices>"));
    }

    private static DomainMetadata metadata(String element) {
        return DomainXml.parse(domain("", "<metadata>" + element + "</metadata>"))
                .metadata();
    }

    private static DomainMetadata vm(String attributes) {
        return metadata("<rdpmux:vm xmlns:rdpmux='urn:rdpmux:domain:1.0' " + attributes + "/>");
    }

    @Test
    void readsWhatIdentifiesADomain() {
        DomainXml running = DomainXml.parse(domain(" id='7'", ""));
        assertEquals(ID, running.uuid());
        assertEquals("web1", running.name());
        assertEquals(OptionalInt.of(7), running.id());
        assertEquals(OptionalInt.empty(), DomainXml.parse(domain("", "")).id());
    }

    @Test
    void readsConsolesInOrderWithTheirIndexes() {
        List<Graphics> graphics = devices("""
                        <emulator>/usr/bin/qemu</emulator>
                        <graphics type='vnc' port='5901' autoport='yes' listen='127.0.0.1'>
                          <listen type='address' address='127.0.0.1'/>
                        </graphics>
                        <graphics type='spice' tlsPort='5902'><channel name='main' mode='secure'/></graphics>
                        <graphics type='vnc' socket='/run/a.sock' keymap='de-ch'>
                          <listen type='socket' socket='/run/a.sock'/>
                        </graphics>
                        <graphics type='dbus' p2p='yes'/>
                        """).graphics();
        assertEquals(
                List.of(
                        new Graphics(
                                0,
                                "vnc",
                                OptionalInt.of(5901),
                                Optional.empty(),
                                Optional.of("127.0.0.1"),
                                Optional.empty(),
                                false),
                        new Graphics(
                                1,
                                "spice",
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                false),
                        new Graphics(
                                2,
                                "vnc",
                                OptionalInt.empty(),
                                Optional.of("/run/a.sock"),
                                Optional.empty(),
                                Optional.of("de-ch"),
                                false),
                        new Graphics(
                                3,
                                "dbus",
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                true)),
                graphics);
    }

    @Test
    void aDbusDisplayOnABusOrWithOpenGlIsNotForPeers() {
        List<Graphics> graphics = devices("<graphics type='dbus'/>"
                        + "<graphics type='dbus' p2p='yes'><gl enable='yes' rendernode='/dev/dri/renderD128'/></graphics>"
                        + "<graphics type='dbus' p2p='yes'><gl enable='no'/></graphics>")
                .graphics();
        assertEquals(
                List.of(false, false, true),
                graphics.stream().map(Graphics::peerToPeer).toList());
    }

    @Test
    void takesAddressAndSocketFromTheListenElementWhereTheAttributeIsMissing() {
        List<Graphics> graphics = devices(
                        "<graphics type='vnc' port='5900'><listen type='address' address='::1'/></graphics>"
                                + "<graphics type='vnc'><listen type='socket' socket='/run/b.sock'/></graphics>")
                .graphics();
        assertEquals(Optional.of("::1"), graphics.get(0).listen());
        assertEquals(Optional.of("/run/b.sock"), graphics.get(1).socket());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0"})
    void portThatIsNotChosenYetIsNone(String port) {
        assertEquals(
                OptionalInt.empty(),
                devices("<graphics type='vnc' port='" + port + "' autoport='yes'/>")
                        .graphics()
                        .get(0)
                        .port());
    }

    @Test
    void ignoresGraphicsElementsInOtherPlaces() {
        DomainXml xml = DomainXml.parse(
                domain(
                        "",
                        "<metadata><x:y xmlns:x='urn:x'><graphics type='vnc'/><devices><graphics type='vnc'/></devices></x:y>"
                                + "</metadata><os><graphics type='vnc'/></os><devices><video><graphics type='vnc'/></video></devices>"));
        assertEquals(List.of(), xml.graphics());
    }

    @Test
    void readsNoMoreConsolesThanTheLimit() {
        assertEquals(
                Graphics.LIMIT,
                devices("<graphics type='vnc'/>".repeat(Graphics.LIMIT + 5))
                        .graphics()
                        .size());
    }

    @Test
    void readsSettings() {
        assertEquals(new DomainMetadata(Optional.of(true), OptionalInt.of(3905)), vm("enabled='yes' port='3905'"));
        assertEquals(new DomainMetadata(Optional.of(false), OptionalInt.empty()), vm("enabled='no'"));
        assertEquals(DomainMetadata.NONE, vm(""));
        assertEquals(DomainMetadata.NONE, metadata("<o:vm xmlns:o='http://ovirt.org/vm/1.0' enabled='no'/>"));
        assertEquals(DomainMetadata.NONE, DomainXml.parse(domain("", "")).metadata());
    }

    @Test
    void anyPrefixWillDoAndSoWillTheDefaultNamespace() {
        assertEquals(
                OptionalInt.of(3905),
                metadata("<vm xmlns='urn:rdpmux:domain:1.0' port='3905'/>").port());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "enabled='maybe'|enabled='maybe' is neither yes nor no",
                "enabled='YES'|enabled='YES' is neither yes nor no",
                "port='0'|port='0' is not a number of 1 to 65535",
                "port='65536'|port='65536' is not a number of 1 to 65535",
                "port='rdp'|port='rdp' is not a number of 1 to 65535",
                "colour='red'|attribute colour is not known; there are enabled, port and policy",
            })
    void namesWhatIsWrongWithASettingAndLeavesItUnset(String attribute, String problem) {
        DomainMetadata metadata = vm(attribute);
        assertEquals(List.of(problem), metadata.problems());
        assertEquals(Optional.empty(), metadata.enabled());
        assertEquals(OptionalInt.empty(), metadata.port());
    }

    @Test
    void readsThePolicyAndTakesNonsenseForTheStrictest() {
        assertEquals(Optional.of("tls"), vm("policy='tls'").policy());
        assertEquals(Optional.of("none"), vm("policy='none'").policy());
        DomainMetadata metadata = vm("policy='off'");
        assertEquals(Optional.of("nla"), metadata.policy());
        assertEquals(List.of("policy='off' is none of nla, tls and none; nla holds"), metadata.problems());
    }

    private static Optional<GraphicsPassword> password(int index, String devices) {
        return DomainXml.password(
                domain("", "<devices>" + devices + "</devices>").toCharArray(), index);
    }

    @Test
    void readsTheWantedConsolesPasswordAndItsEnd() {
        String devices = "<graphics type='spice' passwd='other'/>"
                + "<graphics type='vnc' passwd='s&lt;1' passwdValidTo='2026-11-22T15:00:00'/><graphics type='vnc'/>";
        GraphicsPassword password = password(1, devices).orElseThrow();
        assertArrayEquals("s<1".toCharArray(), password.password());
        assertEquals(Optional.of(Instant.parse("2026-11-22T15:00:00Z")), password.validTo());
        assertEquals(Optional.empty(), password(2, devices).map(GraphicsPassword::toString));
        assertEquals(Optional.empty(), password(3, devices).map(GraphicsPassword::toString));
        password.wipe();
        assertArrayEquals(new char[3], password.password());
    }

    @Test
    void passwordsStandInNoMessage() {
        String end = "<graphics type='vnc' passwd='hunter2' passwdValidTo='soon'/>";
        String torn = "<graphics type='vnc' passwd='hunter2'";
        String twice = "<graphics type='vnc' passwd='hunter2' passwd='hunter2'/>";
        for (String devices : List.of(end, torn, twice)) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> password(0, devices));
            assertFalse(e.getMessage().contains("hunter2"), e.getMessage());
            assertFalse(String.valueOf(e.getCause()).contains("hunter2"), () -> String.valueOf(e.getCause()));
        }
        GraphicsPassword held =
                password(0, "<graphics type='vnc' passwd='hunter2'/>").orElseThrow();
        assertFalse(held.toString().contains("hunter2"), held.toString());
    }

    @Test
    void goodSettingsHoldBesideBadOnes() {
        DomainMetadata metadata = vm("enabled='no' port='x' a='1'");
        assertEquals(Optional.of(false), metadata.enabled());
        assertEquals(2, metadata.problems().size());
    }

    @Test
    void anotherElementInOurNamespaceIsAProblem() {
        assertEquals(
                List.of("<machine> is not known; the element is <vm>"),
                metadata("<r:machine xmlns:r='urn:rdpmux:domain:1.0' port='3'/>")
                        .problems());
    }

    @Test
    void problemsAreFewShortAndOnOneLine() {
        StringBuilder attributes = new StringBuilder("port='" + "9".repeat(5000) + "&#10;x' enabled='a&#10;b'");
        for (int i = 0; i < 50; i++) {
            attributes.append(" x").append(i).append("=''");
        }
        List<String> problems = vm(attributes.toString()).problems();
        assertEquals(DomainMetadata.PROBLEM_LIMIT, problems.size());
        for (String problem : problems) {
            assertTrue(problem.length() < 100 && problem.chars().noneMatch(Character::isISOControl), problem);
        }
    }

    @Test
    void refusesDocumentTypesAndReadsNoFiles(@TempDir Path dir) throws IOException {
        Path secret = Files.writeString(dir.resolve("secret"), "hunter2");
        String doctype = "<!DOCTYPE domain [<!ENTITY e SYSTEM '" + secret.toUri() + "'>]>";
        String text = domain("", "").replace("web1", "&e;");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> DomainXml.parse(doctype + text));
        assertFalse(e.getMessage().contains("hunter2"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> DomainXml.parse(text));
    }

    @Test
    void refusesEntitiesThatGrow() {
        String doctype = "<!DOCTYPE domain [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
                + "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]>";
        assertThrows(
                IllegalArgumentException.class,
                () -> DomainXml.parse(doctype + domain("", "").replace("web1", "&c;")));
    }

    @Test
    void refusesWhatIsTooLongOrTooDeep() {
        String long1 = domain("", "<description>" + "x".repeat(DomainXml.MAX_CHARS) + "</description>");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DomainXml.parse(long1))
                .getMessage()
                .contains(String.valueOf(DomainXml.MAX_CHARS)));
        String deep = domain("", "<a>".repeat(DomainXml.MAX_DEPTH) + "</a>".repeat(DomainXml.MAX_DEPTH));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DomainXml.parse(deep))
                .getMessage()
                .contains("deeper"));
        String name = domain("", "").replace("web1", "n".repeat(DomainXml.MAX_VALUE_CHARS + 1));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DomainXml.parse(name))
                .getMessage()
                .contains("name"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no xml",
                "<network/>",
                "<domain/>",
                "<domain><name>x</name></domain>",
                "<domain><uuid>5cd975c8-3f24-479f-956f-5b0d6e4cf286</uuid></domain>",
                "<domain><name>x</name><uuid>none</uuid></domain>",
                "<domain id='x'><name>x</name><uuid>5cd975c8-3f24-479f-956f-5b0d6e4cf286</uuid></domain>",
                "<domain><name>x<b/></name><uuid>5cd975c8-3f24-479f-956f-5b0d6e4cf286</uuid></domain>",
                "<domain><name>x</name><uuid>5cd975c8-3f24-479f-956f-5b0d6e4cf286</uuid>",
            })
    void refusesWhatIsNoDomainAndSaysSo(String text) {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> DomainXml.parse(text))
                .getMessage()
                .startsWith("domain XML: "));
    }

    @Test
    void refusesEveryTruncation() {
        String whole = domain(
                " id='7'",
                "<metadata><r:vm xmlns:r='urn:rdpmux:domain:1.0' port='1'/></metadata>"
                        + "<devices><graphics type='vnc'><listen type='none'/></graphics></devices>");
        DomainXml.parse(whole);
        for (int length = 0; length < whole.length(); length++) {
            String part = whole.substring(0, length);
            assertThrows(IllegalArgumentException.class, () -> DomainXml.parse(part), part);
        }
    }
}
