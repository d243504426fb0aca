// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A real QEMU with a guest of one sector: it sends each key to the serial port as {@code K character scancode}, each event
 * of VMware's mouse port as {@code M} and four little-endian words (buttons, x, y, wheel), and goes to 1368x769 pixels of
 * noise when 'm' is typed.
 */
public final class Qemu implements AutoCloseable {

    public static final String PROGRAM = "qemu-system-x86_64";

    /*
     *         xor ax, ax                       mode:   mov si, modes
     *         mov ds, ax                               mov cx, 5
     *         mov ebx, 0x45414552 ; announce   set:    lodsw
     *         mov ecx, 41                              mov dx, 0x1ce
     *         call vmport                              out dx, ax
     *         mov ebx, 1          ; version            lodsw
     *         mov ecx, 39                              mov dx, 0x1cf
     *         call vmport                              out dx, ax
     *         mov ebx, 0x53424152 ; absolute           loop set
     *         mov ecx, 41                              mov ax, 0xa000
     *         call vmport                              mov es, ax
     *         mov al, 'R'                              xor di, di
     *         call serial                              mov ax, 0x1234
     * next:   mov ah, 0x11                     paint:  imul ax, ax, 25173
     *         int 0x16                                 add ax, 13849
     *         jz mouse                                 stosw
     *         mov ah, 0x10                             test di, di
     *         int 0x16                                 jnz paint
     *         push ax                                  jmp next
     *         mov al, 'K'                      vmport: mov eax, 0x564d5868
     *         call serial                              mov dx, 0x5658
     *         pop ax                                   in eax, dx
     *         push ax                                  ret
     *         call serial                      serial: push ax
     *         pop ax                                   mov dx, 0x3fd
     *         push ax                          wait_:  in al, dx
     *         mov al, ah                               test al, 0x20
     *         call serial                              jz wait_
     *         pop ax                                   pop ax
     *         cmp al, 'm'                              mov dx, 0x3f8
     *         je mode                                  out dx, al
     *         mov ah, 0x0e                             ret
     *         mov bx, 7                        modes:  dw 4, 0, 1, 1368, 2, 769, 3, 32, 4, 1
     *         int 0x10
     * mouse:  mov ecx, 40         ; status
     *         call vmport
     *         cmp ax, 4
     *         jb next
     *         mov ebx, 4          ; data
     *         mov ecx, 39
     *         call vmport
     *         push dx
     *         push cx
     *         push bx
     *         push ax
     *         mov al, 'M'
     *         call serial
     *         mov cx, 4
     * word_:  pop ax
     *         push ax
     *         call serial
     *         pop ax
     *         mov al, ah
     *         call serial
     *         loop word_
     *         jmp next
     */
    private static final String BOOT_SECTOR = "31c08ed866bb5245414566b929000000e8ae0066bb0100000066b927000000e89f0066bb"
            + "5241425366b929000000e89000b052e89700b411cd167422b410cd1650b04be887005850e88200585088e0e87b00583c6d743fb40e"
            + "bb0700cd1066b928000000e85a0083f80472ca66bb0400000066b927000000e8460052515350b04de84900b904005850e841005888"
            + "e0e83b00e2f3eba0bedc7cb90500adbace01efadbacf01efe2f4b800a08ec031ffb8341269c05562051936ab85ff75f4e975ff66b8"
            + "68584d56ba585666edc350bafd03eca82074fb58baf803eec304000000010058050200010303002000040001";

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final Path directory;
    private final Process process;
    private final Path serial;
    private SocketChannel monitor;

    /** @param options further ones; "DIR" in them stands for the directory */
    public Qemu(Path directory, String... options) throws IOException {
        this.directory = directory;
        byte[] disk = new byte[512];
        byte[] code = HexFormat.of().parseHex(BOOT_SECTOR);
        System.arraycopy(code, 0, disk, 0, code.length);
        disk[510] = 0x55;
        disk[511] = (byte) 0xaa;
        Files.write(directory.resolve("disk"), disk);
        serial = directory.resolve("serial");
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "-M",
                "pc,accel=tcg",
                "-m",
                "16",
                "-nodefaults",
                "-display",
                "none",
                "-device",
                "VGA",
                "-drive",
                "if=floppy,format=raw,file=" + directory.resolve("disk"),
                "-boot",
                "a",
                "-serial",
                "file:" + serial,
                "-qmp",
                "unix:" + directory.resolve("qmp") + ",server=on,wait=off"));
        for (String option : options) {
            command.add(option.replace("DIR", directory.toString()));
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        SocketChannel[] connected = {null};
        await("QMP", () -> {
            try {
                connected[0] = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("qmp")));
                return true;
            } catch (IOException e) {
                return false; // not there yet, or there and not listening yet
            }
        });
        monitor = connected[0];
        readUntil("\"QMP\"");
        qmp("{\"execute\":\"qmp_capabilities\"}");
    }

    public static boolean isInstalled() {
        for (String directory : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(directory, PROGRAM))) {
                return true;
            }
        }
        return false;
    }

    private void await(String what, BooleanSupplier condition) throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                String log = Files.readString(directory.resolve("log"));
                close();
                throw new IOException("no " + what + ": " + log);
            }
            Pause.briefly();
        }
    }

    /** Runs a command and returns the line of its answer. */
    public String qmp(String command) throws IOException {
        monitor.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
        String answer = readUntil("\"return\"", "\"error\"");
        if (answer.contains("\"error\"")) {
            throw new IOException(command + ": " + answer);
        }
        return answer;
    }

    private String readUntil(String... parts) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (monitor.read(one.clear()) == 1) {
            line.write(one.get(0));
            if (one.get(0) == '\n') {
                String text = line.toString(StandardCharsets.UTF_8);
                for (String part : parts) {
                    if (text.contains(part)) {
                        return text;
                    }
                }
                line.reset();
            }
        }
        throw new IOException("QMP closed");
    }

    /** What QEMU itself says is on the screen. */
    public record Screendump(int width, int height, int[] pixels) {}

    public Screendump screendump() throws IOException {
        Path file = directory.resolve("screen.ppm");
        qmp("{\"execute\":\"screendump\",\"arguments\":{\"filename\":\"" + file + "\"}}");
        byte[] ppm = Files.readAllBytes(file);
        String[] header = new String(ppm, 0, Math.min(ppm.length, 40), StandardCharsets.ISO_8859_1).split("\\s", 5);
        int width = Integer.parseInt(header[1]);
        int height = Integer.parseInt(header[2]);
        int start =
                String.join(" ", header[0], header[1], header[2], header[3], "").length();
        // QEMU 7.2 fills rows up to a multiple of four bytes, which the format does not know.
        int row = (ppm.length - start) / height;
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            int at = start + i / width * row + i % width * 3;
            pixels[i] = (ppm[at] & 0xff) << 16 | (ppm[at + 1] & 0xff) << 8 | ppm[at + 2] & 0xff;
        }
        return new Screendump(width, height, pixels);
    }

    /** Waits until the guest has sent so many bytes, and returns them all. */
    public byte[] serial(int atLeast) throws IOException {
        await(atLeast + " bytes on the serial port", () -> {
            try {
                return Files.exists(serial) && Files.size(serial) >= atLeast;
            } catch (IOException e) {
                return false;
            }
        });
        return Files.readAllBytes(serial);
    }

    /** Sends a signal, such as {@code STOP}. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (monitor != null) {
            monitor.close();
        }
    }
}
