// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.packaging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.rdpmux.control.cli.Rdpmuxctl;
import org.rdpmux.daemon.Main;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Writes what is made from the command lines and the sample configuration into the root of the packages. */
public final class Documents {

    /** The header of a gzip file without a name or a time, so that the same text gives the same bytes; made by 'gzip -9'. */
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 2, 3};

    private Documents() {}

    /**
     * @param args the root, the sample configuration, Debian's changelog, the version, the maintainer
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        List<String> sample = Files.readAllLines(Path.of(args[1]));
        String version = args[3];
        CommandSpec agent = new CommandLine(new Main()).getCommandSpec();
        CommandSpec control = Rdpmuxctl.commandLine();

        Path man = root.resolve("usr/share/man");
        writeGzip(man.resolve("man8/rdpmux.8.gz"), CommandPage.text(agent, 8, version));
        writeGzip(man.resolve("man1/rdpmuxctl.1.gz"), CommandPage.text(control, 1, version));
        writeGzip(man.resolve("man5/rdpmux.conf.5.gz"), ConfigurationPage.text(sample, version));
        String changelog = Files.readString(Path.of(args[2]));
        writeGzip(
                root.resolve("usr/share/doc/rdpmux/changelog.gz"),
                changelog.replace("@VERSION@", version).replace("@MAINTAINER@", args[4]));

        // Read by a shell, not run: without the line that names one.
        String bash = AutoComplete.bash("rdpmuxctl", control.commandLine());
        write(root.resolve("usr/share/bash-completion/completions/rdpmuxctl"), bash.substring(bash.indexOf('\n') + 1));
        write(root.resolve("usr/share/zsh/vendor-completions/_rdpmuxctl"), Completions.zsh(control));
        write(root.resolve("usr/share/fish/vendor_completions.d/rdpmuxctl.fish"), Completions.fish(control));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void writeGzip(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(GZIP_HEADER);
            DeflaterOutputStream compressed = new DeflaterOutputStream(out, deflater);
            compressed.write(bytes);
            compressed.finish();
            CRC32 crc = new CRC32();
            crc.update(bytes);
            writeLittleEndian(out, (int) crc.getValue());
            writeLittleEndian(out, bytes.length);
        } finally {
            deflater.end();
        }
    }

    private static void writeLittleEndian(OutputStream out, int value) throws IOException {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >> shift);
        }
    }
}
