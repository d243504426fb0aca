// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a guest plays with its PC speaker, as real clients give it to their sound card. */
class SoundIT {

    @RegisterExtension
    static Programs programs = new Programs();

    private static final int RATE = 44_100;

    /**
     * A sound card for machines without one: clients that are started with it write what they play to a file. ALSA's own
     * devices for that have no mixer, without which FreeRDP plays nothing.
     */
    private static final String SOUND_CARD = """
            #include <fcntl.h>
            #include <stdlib.h>
            #include <unistd.h>
            int snd_mixer_attach(void *mixer, const char *name) { return 0; }
            int snd_mixer_load(void *mixer) { return 0; }
            long snd_pcm_writei(void *pcm, const void *samples, unsigned long frames) {
                static int file = -1;
                if (file < 0) file = open(getenv("PLAYED"), O_WRONLY | O_CREAT | O_APPEND, 0644);
                return write(file, samples, frames * 4) / 4;
            }
            """;

    /** What the file must hold of a tone before it is looked at: a second. */
    private static final int ENOUGH = RATE;

    /** Somebody with a client that plays what it hears to a file. */
    private static final class Listener {
        private final Viewer viewer;
        private final Path file;

        Listener(Host host, SerialGuest guest, Clients client) {
            Path directory = programs.newDirectory("sound");
            file = directory.resolve("played");
            Path alsa = write(directory.resolve("asound.conf"), "pcm.!default { type null }\n");
            Path source = write(directory.resolve("card.c"), SOUND_CARD);
            Path card = directory.resolve("card.so");
            Programs.run("gcc", "-shared", "-fPIC", "-o", card.toString(), source.toString());
            List<String> command =
                    new ArrayList<>(List.of("env", "ALSA_CONFIG_PATH=" + alsa, "LD_PRELOAD=" + card, "PLAYED=" + file));
            command.addAll(client.command(host.agent().awaitPort(guest.name()), "/sound:sys:alsa"));
            viewer = new Viewer(programs, command);
            viewer.awaitShows(guest::screenshot);
        }

        private static Path write(Path file, String text) {
            try {
                return Files.writeString(file, text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The left channel's samples that were played so far, from a place on. */
        short[] played(int from) {
            try {
                byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
                ShortBuffer samples =
                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
                short[] left = new short[Math.max(0, samples.remaining() / 2 - from)];
                for (int i = 0; i < left.length; i++) {
                    left[i] = samples.get(2 * (from + i));
                }
                return left;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int frames() {
            return played(0).length;
        }
    }

    /** How often the samples go from below zero to above it, in a second. */
    private static double frequency(short[] samples) {
        int rises = 0;
        boolean high = true;
        for (short sample : samples) {
            if (sample > 0 && !high) {
                rises++;
            }
            high = sample == 0 ? high : sample > 0;
        }
        return rises * (double) RATE / samples.length;
    }

    /** The mean of the samples' sizes: of a square wave, its height. */
    private static double level(short[] samples) {
        long sum = 0;
        for (short sample : samples) {
            sum += Math.abs(sample);
        }
        return (double) sum / samples.length;
    }

    /** The guest plays a tone of this frequency until it is told otherwise, and the client plays that. @return its level */
    private static double assertHeard(KeysGuest guest, Listener listener, int hertz) {
        guest.command("s 0");
        guest.command("s " + hertz);
        double[] found = new double[2];
        Wait.until(
                "a tone of " + hertz + " Hz is heard",
                () -> {
                    int before = listener.frames();
                    Wait.until("sound arrives", () -> listener.frames() >= before + ENOUGH, listener::frames);
                    short[] tone = listener.played(before);
                    found[0] = frequency(tone);
                    found[1] = level(tone);
                    return Math.abs(found[0] - hertz) < 0.02 * hertz;
                },
                () -> found[0] + " Hz");
        return found[1];
    }

    @ParameterizedTest
    @EnumSource(names = {"XFREERDP_GFX", "XFREERDP3_GFX"})
    void whatTheGuestPlaysIsHeardAtItsFrequencyAndLevel(Clients client) {
        assumeTrue(client.isInstalled());
        Host host = new Host(programs, Map.of("display.sound", "control"));
        KeysGuest guest = KeysGuest.loud(host.libvirt(), "loud");
        Listener listener = new Listener(host, guest, client);
        double low = assertHeard(guest, listener, 440);
        double high = assertHeard(guest, listener, 1000);
        assertTrue(low > 1000, "level " + low);
        assertEquals(low, high, 0.1 * low);
    }
}
