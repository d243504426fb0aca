// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.types.UInt16;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rdpmux.librdpmux.bus.RdpmuxInterface;

/** The D-Bus surface, as another implementation of D-Bus sees it. */
class BusObjectsTest {

    private static final String SERVICE = "org.RDPMux.RDPMux";
    private static final String UUID_TEXT = "7c6f1b6e-0000-4000-8000-00000000beef";
    private static final String LISTENER = "/org/RDPMux/RDPListener/7c6f1b6e00004000800000000000beef";
    private static final String WORKER = "/org/RDPMux/ServerWorker/7c6f1b6e00004000800000000000beef";

    @TempDir
    Path directory;

    private final RecordingListener listener = new RecordingListener();
    private final List<String> controlled = new CopyOnWriteArrayList<>();
    private PrivateBus bus;
    private LibrdpmuxService service;

    private final class RecordingControl implements GuestControl {
        @Override
        public int port() {
            return 3905;
        }

        @Override
        public int connectedPeers() {
            return 2;
        }

        @Override
        public boolean requiresAuthentication() {
            return true;
        }

        @Override
        public void setAuthentication(boolean required) {
            controlled.add("authentication " + required);
        }

        @Override
        public void setCredentialFile(String path) {
            controlled.add("file " + path);
        }

        @Override
        public void shutdown() {
            controlled.add("shutdown");
            throw new IllegalStateException("not just now");
        }
    }

    @BeforeEach
    void start() throws Exception {
        assumeTrue(PrivateBus.isInstalled() && Wait.isInstalled("gdbus"), "no D-Bus programs here");
        bus = new PrivateBus(directory);
        listener.control = new RecordingControl();
        service = new LibrdpmuxService(ServiceMain.config(directory, bus.address()), listener);
        service.start();
        Wait.until("the service is on the bus", service::isOnBus);
    }

    @AfterEach
    void stop() throws Exception {
        if (service != null) {
            service.close();
        }
        if (bus != null) {
            bus.close();
        }
    }

    private String run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return output.trim();
    }

    private String call(String path, String method, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("gdbus", "call", "--system", "--dest", SERVICE, "--object-path", path, "--method", method));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private String getAll(String path, String ofInterface) throws Exception {
        return call(path, "org.freedesktop.DBus.Properties.GetAll", ofInterface);
    }

    /** A guest of this process, since those that gdbus registers end with it. */
    private void registerGuest() throws Exception {
        try (DBusConnection connection = DBusConnectionBuilder.forAddress(bus.address())
                .withShared(false)
                .build()) {
            var server = connection.getRemoteObject(SERVICE, RdpmuxObject.PATH, RdpmuxInterface.class);
            String address = server.Register(42, 5, UUID_TEXT, new UInt16(3905), "");
            assertTrue(address.startsWith("ipc:///"), address);
        }
        listener.await(UUID_TEXT);
    }

    @Test
    void listsVersionsWithTheLikeliestFirst() throws Exception {
        assertEquals("({'SupportedProtocolVersions': <[5, 1, 2, 3, 4]>},)", getAll(RdpmuxObject.PATH, SERVICE));
        assertEquals(
                "(<[5, 1, 2, 3, 4]>,)",
                call(RdpmuxObject.PATH, "org.freedesktop.DBus.Properties.Get", SERVICE, "SupportedProtocolVersions"));
        for (int version = 1; version <= 5; version++) {
            assertEquals(
                    "({'SupportedProtocolVersions': <[" + version + "]>},)",
                    getAll(RdpmuxObject.PATH + "/v" + version, SERVICE));
        }
        assertEquals("(@a{sv} {},)", getAll(RdpmuxObject.PATH, "org.example.Other"));
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "v1; 1",
                "v2; 2 " + UUID_TEXT,
                "v3; 3 " + UUID_TEXT,
                "v4; 4 " + UUID_TEXT + " 0",
                "v4; 4 " + UUID_TEXT + " 0 ''",
                "v5; 5 " + UUID_TEXT + " 3905 /etc/rdpmux/sam",
            },
            delimiter = ';')
    void takesEachVersionsSignature(String path, String arguments) throws Exception {
        String answer = call(RdpmuxObject.PATH + "/" + path, SERVICE + ".Register", arguments(arguments));
        assertTrue(answer.matches("\\('ipc:///.*/run/[0-9a-z-]+\\.sock',\\)"), answer);
    }

    private static String[] arguments(String text) {
        String[] arguments = ("42 " + text.trim()).split(" ");
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = arguments[i].equals("''") ? "" : arguments[i];
        }
        return arguments;
    }

    @ParameterizedTest
    @CsvSource({
        "'', 2", // needs a UUID
        "'', 3 " + UUID_TEXT + " 0", // port is for later ones
        "'', 5 " + UUID_TEXT, // a file is missing
        "'', 0",
        "'', 6 " + UUID_TEXT + " 0 ''",
        "'', 5 not-a-uuid 0 ''",
        "'', 5 " + UUID_TEXT + " 0 relative",
        "/v3, 5 " + UUID_TEXT + " 0 ''", // another version's path
    })
    void refusesWithAnEmptyAddress(String path, String arguments) throws Exception {
        assertEquals("('',)", call(RdpmuxObject.PATH + path, SERVICE + ".Register", arguments(arguments)));
        assertTrue(listener.guests.isEmpty());
    }

    @Test
    void answersUnknownCallsWithErrors() throws Exception {
        assertTrue(call(RdpmuxObject.PATH, SERVICE + ".Register", "1").contains("Error"));
        assertTrue(call(RdpmuxObject.PATH, SERVICE + ".NoSuchMethod").contains("Error"));
        assertTrue(call("/org/RDPMux", SERVICE + ".Register", "1", "1").contains("Error"));
        assertTrue(getAll(LISTENER, "org.RDPMux.RDPListener").contains("there is no guest"));
        assertTrue(call(RdpmuxObject.PATH, "org.freedesktop.DBus.Properties.Get", SERVICE, "Nothing")
                .contains("Error"));
        assertEquals("({'SupportedProtocolVersions': <[5, 1, 2, 3, 4]>},)", getAll(RdpmuxObject.PATH, SERVICE));
    }

    @Test
    void sendsPropertiesInTheTypesOfTheOriginal() throws Exception {
        registerGuest();
        String all = getAll(LISTENER, "org.RDPMux.RDPListener");
        assertTrue(all.contains("'Port': <uint16 3905>"), all);
        assertTrue(all.contains("'NumConnectedPeers': <uint32 2>"), all);
        assertTrue(all.contains("'RequiresAuthentication': <true>"), all);
        assertEquals(
                "(<uint16 3905>,)",
                call(LISTENER, "org.freedesktop.DBus.Properties.Get", "org.RDPMux.RDPListener", "Port"));
        assertEquals("({'Port': <uint16 3905>},)", getAll(WORKER, "org.RDPMux.ServerWorker"));
    }

    @Test
    void declaresPropertiesAsTheOriginalDoes() throws Exception {
        registerGuest();
        String xml = call(LISTENER, "org.freedesktop.DBus.Introspectable.Introspect");
        for (String declared : List.of(
                "<interface name=\"org.RDPMux.RDPListener\">",
                "<method name=\"SetCredentialFile\" >",
                "<method name=\"SetAuthentication\" >",
                "<method name=\"Shutdown\" >",
                "<property name=\"Port\" type=\"i\" access=\"read\" />",
                "<property name=\"NumConnectedPeers\" type=\"i\" access=\"read\" />",
                "<property name=\"RequiresAuthentication\" type=\"b\" access=\"read\" />")) {
            assertTrue(xml.contains(declared), declared + " in " + xml);
        }
        String main = call(RdpmuxObject.PATH, "org.freedesktop.DBus.Introspectable.Introspect");
        assertTrue(main.contains("<property name=\"SupportedProtocolVersions\" type=\"ai\" access=\"read\" />"), main);
        Matcher overloads = Pattern.compile("method name=\"Register\"").matcher(main);
        assertEquals(4, overloads.results().count(), main);
    }

    @Test
    void passesControlOn() throws Exception {
        registerGuest();
        assertEquals("()", call(LISTENER, "org.RDPMux.RDPListener.SetAuthentication", "false"));
        assertEquals("()", call(LISTENER, "org.RDPMux.RDPListener.SetCredentialFile", "/etc/rdpmux/sam"));
        assertTrue(call(LISTENER, "org.RDPMux.RDPListener.Shutdown").contains("not just now"));
        assertEquals(List.of("authentication false", "file /etc/rdpmux/sam", "shutdown"), controlled);
    }

    @Test
    void letsNobodyButTheAdministratorControl() throws Exception {
        assumeTrue(RegistryFixture.SELF.uid() == 0 && Wait.isInstalled("setpriv"), "cannot become another user");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        registerGuest();
        String look = "org.freedesktop.DBus.Properties.GetAll org.RDPMux.RDPListener";
        assertTrue(callAs("nobody", LISTENER, look).contains("'Port': <uint16 3905>"));
        String change = "org.RDPMux.RDPListener.SetAuthentication false";
        assertTrue(callAs("nobody", LISTENER, change).contains("AccessDenied"));
        assertEquals(List.of(), controlled);
    }

    @Test
    void shippedPolicyLetsGuestsRegisterAndNothingElse() throws Exception {
        String guestUser = "daemon"; // stands in for QEMU's user, which not every machine has
        assumeTrue(RegistryFixture.SELF.uid() == 0 && Wait.isInstalled("setpriv"), "cannot become another user");
        String shipped = Files.readString(Path.of("src/main/dist/dbus-1/system.d/org.RDPMux.RDPMux.conf"));
        assertTrue(shipped.contains("user=\"libvirt-qemu\""), shipped);
        Path policy = Files.writeString(
                directory.resolve("policy.conf"), shipped.replace("user=\"libvirt-qemu\"", "user=\"daemon\""));
        service.close();
        bus.close();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        bus = new PrivateBus(directory, """
                <policy context="default">
                  <allow user="*"/>
                  <deny own="*"/>
                  <deny send_type="method_call"/>
                  <allow send_type="signal"/>
                  <allow send_requested_reply="true" send_type="method_return"/>
                  <allow send_requested_reply="true" send_type="error"/>
                  <allow receive_type="method_call"/>
                  <allow receive_type="method_return"/>
                  <allow receive_type="error"/>
                  <allow receive_type="signal"/>
                  <allow send_destination="org.freedesktop.DBus"/>
                </policy>
                <include>%s</include>
                """.formatted(policy));
        service = new LibrdpmuxService(ServiceMain.config(directory, bus.address()), listener);
        service.start();
        Wait.until("the service is on the bus", service::isOnBus);
        registerGuest();
        String register = SERVICE + ".Register 7 1";
        String versions = "org.freedesktop.DBus.Properties.GetAll " + SERVICE;
        assertTrue(callAs(guestUser, RdpmuxObject.PATH, register).contains("ipc:///"));
        assertTrue(callAs(guestUser, RdpmuxObject.PATH, versions).contains("SupportedProtocolVersions"));
        assertTrue(
                callAs(guestUser, LISTENER, "org.RDPMux.RDPListener.Shutdown").contains("AccessDenied"));
        assertTrue(callAs("nobody", RdpmuxObject.PATH, register).contains("AccessDenied"));
        assertTrue(callAs("nobody", RdpmuxObject.PATH, versions).contains("AccessDenied"));
        String own = "org.freedesktop.DBus.RequestName org.RDPMux.RDPMux 0";
        List<String> command = asUser(guestUser);
        command.addAll(List.of("gdbus call --system --dest org.freedesktop.DBus --object-path / --method".split(" ")));
        command.addAll(List.of(own.split(" ")));
        assertTrue(run(command).contains("AccessDenied"), run(command));
        assertEquals(List.of(), controlled);
    }

    private static List<String> asUser(String user) {
        return new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=65534", "--clear-groups"));
    }

    private String callAs(String user, String path, String call) throws Exception {
        List<String> command = asUser(user);
        command.addAll(List.of("gdbus", "call", "--system", "--dest", SERVICE, "--object-path", path, "--method"));
        command.addAll(List.of(call.split(" ")));
        return run(command);
    }

    @Test
    void refusesASecondServiceInTheSameDirectories() throws Exception {
        try (LibrdpmuxService second =
                new LibrdpmuxService(ServiceMain.config(directory, bus.address()), new RecordingListener())) {
            java.io.IOException refusal =
                    org.junit.jupiter.api.Assertions.assertThrows(java.io.IOException.class, second::start);
            assertTrue(refusal.getMessage().contains("another service uses"), refusal.getMessage());
        }
        assertTrue(service.isOnBus());
    }

    @Test
    void takesTheNameOnceItIsFree() throws Exception {
        service.close();
        try (LibrdpmuxService first = new LibrdpmuxService(
                ServiceMain.config(directory.resolve("first"), bus.address()), new RecordingListener())) {
            first.start();
            Wait.until("the first is on the bus", first::isOnBus);
            service = new LibrdpmuxService(ServiceMain.config(directory, bus.address()), listener);
            service.start();
            registerElsewhere("/first/run/");
            assertFalse(service.isOnBus());
        }
        Wait.until("the second is on the bus", service::isOnBus);
        registerGuest();
    }

    /** Any call that the owner of the name answers. */
    private void registerElsewhere(String where) throws Exception {
        assertTrue(call(RdpmuxObject.PATH, SERVICE + ".Register", "7777", "1").contains(where));
    }

    @Test
    void refusesWhoCallsTooOftenAndServesOthers() throws Exception {
        try (DBusConnection connection = DBusConnectionBuilder.forAddress(bus.address())
                .withShared(false)
                .build()) {
            RdpmuxInterface server = connection.getRemoteObject(SERVICE, RdpmuxObject.PATH, RdpmuxInterface.class);
            int refused = 0;
            for (int i = 0; i < 300; i++) {
                refused += server.Register(i, 5, UUID_TEXT, new UInt16(0), "").isEmpty() ? 1 : 0;
            }
            assertTrue(refused > 0, "none of 300 calls was too many");
            assertTrue(refused < 280, refused + " of 300 calls were too many");
            registerElsewhere("/run/");
        }
    }

    @Test
    void leavesNothingBehindWhenTheBusRestarts() throws Exception {
        int threads = Thread.activeCount();
        for (int i = 0; i < 3; i++) {
            bus.stop();
            Wait.until("the service notices", () -> !service.isOnBus());
            bus.start();
            Wait.until("the service is on the bus", service::isOnBus);
        }
        registerGuest();
        Wait.until("old threads end", () -> Thread.activeCount() <= threads + 4);
    }

    @Test
    void waitsForABusThatComesLater() throws Exception {
        service.close();
        bus.stop();
        service = new LibrdpmuxService(ServiceMain.config(directory, bus.address()), listener);
        service.start();
        assertFalse(service.isOnBus());
        bus.start();
        Wait.until("the service is on the bus", service::isOnBus);
    }
}
