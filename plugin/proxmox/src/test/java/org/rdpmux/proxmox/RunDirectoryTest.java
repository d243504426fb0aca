// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.proxmox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.proxmox.ProxmoxGuest.Qemu;

@Timeout(60)
class RunDirectoryTest {

    /** As Proxmox VE 9 starts QEMU, shortened. */
    private static final List<String> COMMAND = List.of(
            "/usr/bin/kvm",
            "-id",
            "100",
            "-name",
            "web,debug-threads=on",
            "-no-shutdown",
            "-chardev",
            "socket,id=qmp,path=/var/run/qemu-server/100.qmp,server=on,wait=off",
            "-mon",
            "chardev=qmp,mode=control",
            "-pidfile",
            "/var/run/qemu-server/100.pid",
            "-daemonize",
            "-vnc",
            "unix:/var/run/qemu-server/100.vnc,password=on",
            "-k",
            "de");

    private static final String STAT = "77 (kvm (a) b) S 1 77 77 0 -1 4194624 1 2 3 4 5 6 7 8 20 0 5 0 4711 1 2 3\n";

    @TempDir
    Path directory;

    private RunDirectory run;

    @BeforeEach
    void makeDirectories() throws IOException {
        run = new RunDirectory(directory.resolve("run"), directory.resolve("pve"), directory.resolve("proc"));
        Files.createDirectories(run.run());
        Files.createDirectories(run.configurations());
    }

    private void process(int pid, List<String> command, String stat) throws IOException {
        Path process = Files.createDirectories(run.processes().resolve(String.valueOf(pid)));
        Files.writeString(process.resolve("cmdline"), String.join("\0", command) + "\0");
        Files.writeString(process.resolve("stat"), stat);
    }

    private void pid(int vmid, String text) throws IOException {
        Files.writeString(run.run().resolve(vmid + ".pid"), text);
    }

    private void running() throws IOException {
        process(77, COMMAND, STAT);
        pid(100, "77\n");
    }

    private ProxmoxGuest guest(String name, Optional<Qemu> qemu) {
        return new ProxmoxGuest(100, name, qemu, run.run().resolve("100.qmp"));
    }

    private static List<String> with(String option, String value) {
        List<String> changed = new ArrayList<>(COMMAND);
        changed.set(changed.indexOf(option) + 1, value);
        return changed;
    }

    private static List<String> without(String option) {
        List<String> changed = new ArrayList<>(COMMAND);
        changed.remove(changed.indexOf(option) + 1);
        changed.remove(option);
        return changed;
    }

    private String name() throws IOException {
        return run.guests().get(0).name();
    }

    @Test
    void findsAGuestByItsProcess() throws Exception {
        assertEquals(List.of(), run.guests());
        running();
        Qemu qemu = new Qemu("77-4711", true, false, Optional.of("de"));
        assertEquals(List.of(guest("web", Optional.of(qemu))), run.guests());
    }

    @Test
    void isNotDeceivedByFilesThatWereLeftBehind() throws Exception {
        pid(100, "77\n");
        assertEquals(List.of(), run.guests(), "no such process");
        process(77, List.of("sleep", "1000"), STAT);
        assertEquals(List.of(), run.guests(), "another program");
        process(77, with("-pidfile", "/var/run/qemu-server/101.pid"), STAT);
        assertEquals(List.of(), run.guests(), "another guest");
        process(77, COMMAND, "");
        assertEquals(List.of(), run.guests(), "a process that is just ending");
        running();
        assertEquals(1, run.guests().size());
    }

    @Test
    void tellsARunFromTheNextOneOfTheSameProcessNumber() throws Exception {
        running();
        List<ProxmoxGuest> before = run.guests();
        process(77, COMMAND, STAT.replace("4711", "4712"));
        assertNotEquals(before, run.guests());
    }

    @Test
    void seesThatAGuestHasNoVncDisplay() throws Exception {
        running();
        for (List<String> command : List.of(without("-vnc"), with("-vnc", "none"))) {
            process(77, command, STAT);
            assertEquals(
                    Optional.of(new Qemu("77-4711", false, false, Optional.of("de"))),
                    run.guests().get(0).process());
        }
    }

    @Test
    void seesADbusDisplayForPeersUnlessItHasItsPixelsInTheGraphicsCard() throws Exception {
        running();
        Map<String, Boolean> displays =
                Map.of("dbus,p2p=on", true, "dbus", false, "dbus,p2p=on,gl=on", false, "egl-headless,p2p=on", false);
        for (Map.Entry<String, Boolean> display : displays.entrySet()) {
            List<String> command = new ArrayList<>(COMMAND);
            command.addAll(List.of("-display", display.getKey()));
            process(77, command, STAT);
            assertEquals(
                    display.getValue(),
                    run.guests().get(0).process().orElseThrow().dbus(),
                    display.getKey());
        }
    }

    @Test
    void theNameIsThatOfTheConfigurationOrElseTheOneOfTheStart() throws Exception {
        running();
        Path file = run.configurations().resolve("100.conf");
        Files.writeString(file, "#a description\ncores: 2\n");
        assertEquals("web", name());
        Files.writeString(file, "cores: 2\nname: shop\n\n[before]\nname: old\n");
        assertEquals("shop", name());
        Files.writeString(file, "cores: 2\n\n[before]\nname: old\n");
        assertEquals("web", name());
    }

    @Test
    void aNameIsShortAndPrintable() throws Exception {
        running();
        process(77, with("-name", "a\u001b]0;b c,debug-threads=on"), STAT);
        assertEquals("a?]0;b?c", name());
        process(77, with("-name", "x".repeat(10_000)), STAT);
        assertEquals("x".repeat(64), name());
        process(77, without("-name"), STAT);
        assertEquals("vm100", name());
    }

    @Test
    void readsNoPipeAndNoNonsense() throws Exception {
        running();
        for (String wrong : List.of("", "no number", "-1", "77777777777", "77".repeat(1000))) {
            pid(100, wrong);
            assertEquals(List.of(), run.guests(), wrong);
        }
        Files.delete(run.run().resolve("100.pid"));
        Process fifo = new ProcessBuilder("mkfifo", run.run().resolve("100.pid").toString()).start();
        assertEquals(true, fifo.waitFor(30, TimeUnit.SECONDS));
        for (String name : List.of("0.pid", "-5.pid", "1e3.pid", "1234567890.pid", "101.qmp", "x.pid")) {
            Files.writeString(run.run().resolve(name), "77\n");
        }
        assertEquals(List.of(), run.guests());
    }

    @Test
    void sortsGuestsByTheirNumber() throws Exception {
        for (int vmid : List.of(1000, 9, 300)) {
            process(vmid, with("-pidfile", "/var/run/qemu-server/" + vmid + ".pid"), STAT);
            pid(vmid, vmid + "\n");
        }
        assertEquals(
                List.of(9, 300, 1000),
                run.guests().stream().map(ProxmoxGuest::vmid).toList());
    }

    @Test
    void failsWhereThereIsNoDirectory() throws Exception {
        Files.delete(run.run());
        assertThrows(IOException.class, run::guests);
    }
}
