// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.rdpmux.control.ControlClient;
import org.rdpmux.control.Done;
import org.rdpmux.control.InputStep;
import org.rdpmux.control.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that type and point. */
final class InputCommands {

    private static final String CONSOLE = "Name, UUID, VMID or port.";

    private InputCommands() {}

    /** What they share. */
    private abstract static class Input extends Rdpmuxctl.Base {
        @Parameters(index = "0", paramLabel = "CONSOLE", description = CONSOLE)
        String console;

        @Option(
                names = "--force",
                description = "Also while a viewer holds a key or a button down, which may change what arrives.")
        private boolean force;

        Request.SendInput request(String layout, List<InputStep> steps) {
            return new Request.SendInput(console, layout, force, steps);
        }
    }

    @Command(
            name = "key",
            description = {
                "Presses keys in a guest, one combination after the other, such as: key web1 ctrl-alt-delete",
                "Keys are called as on a US keyboard: a, 1, f1, enter, esc, tab, space, up, pageup, delete, ctrl, shift, alt,"
                        + " altgr, win, minus, kp5. 0xe053 is a scan code (set 1)."
            })
    static final class Key extends Input {
        private static final int MOST_MILLIS = 5000;

        @Parameters(index = "1", arity = "1..*", paramLabel = "KEYS", description = "Keys, joined by '-' or '+'.")
        private List<String> keys;

        @Option(
                names = "--hold",
                paramLabel = "MS",
                description = "How long each combination is held down, at most 5000 in all. Default: 0.")
        private int hold;

        @Override
        public Integer call() throws IOException {
            if (hold < 0 || hold > MOST_MILLIS) {
                throw usage("--hold is 0 to " + MOST_MILLIS + " ms.");
            }
            agent().ask(
                            request(
                                    "",
                                    keys.stream()
                                            .map(key -> InputStep.keys(key, hold))
                                            .toList()),
                            Done.class);
            return 0;
        }
    }

    @Command(
            name = "type",
            description = {
                "Types text in a guest, whose keyboard layout --layout names.",
                "Everybody on the host sees command lines: give a password on standard input, with '-' for the text."
            })
    static final class Type extends Input {
        /** Typed in some three seconds by the slowest guest: less than the agent's patience. */
        private static final int AT_ONCE = 50;

        private static final int MOST_BYTES = 64 * 1024;

        @Parameters(
                index = "1",
                paramLabel = "TEXT",
                description = "The text; '-' for standard input, at most 64 KiB of UTF-8.")
        private String text;

        @Option(
                names = "--layout",
                paramLabel = "LAYOUT",
                description = "The guest's keyboard layout, as QEMU calls it (de, fr-ch) or by Windows' number (0x407)."
                        + " Default: the one of the guest's display, or US.")
        private String layout = "";

        @Option(names = "--enter", description = "Also types Enter at the end.")
        private boolean enter;

        @Override
        public Integer call() throws IOException {
            int[] characters = ((text.equals("-") ? read() : text) + (enter ? "\n" : ""))
                    .codePoints()
                    .toArray();
            try (ControlClient client = agent().connect()) {
                for (int from = 0; from < characters.length; from += AT_ONCE) {
                    String part = new String(characters, from, Math.min(AT_ONCE, characters.length - from));
                    client.ask(request(layout, List.of(InputStep.text(part))), Done.class);
                }
            }
            return 0;
        }

        private String read() throws IOException {
            byte[] bytes = System.in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw usage("Standard input has more than " + MOST_BYTES + " bytes.");
            }
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                throw usage("Standard input is not UTF-8.");
            }
        }
    }

    @Command(name = "click", description = "Moves a guest's pointer, and presses a button there.")
    static final class Click extends Input {
        @Parameters(index = "1", paramLabel = "X,Y", split = ",", description = "Pixel of the guest's screen.")
        private List<Integer> place;

        @Option(
                names = "--button",
                paramLabel = "BUTTON",
                completionCandidates = Buttons.class,
                description = "${COMPLETION-CANDIDATES}; none only moves the pointer. Default: left.")
        private String button = "left";

        @Override
        public Integer call() throws IOException {
            if (place.size() != 2) {
                throw usage("X,Y are two numbers, such as 320,240.");
            }
            List<InputStep> steps = new ArrayList<>();
            steps.add(InputStep.pointer("move", place.get(0), place.get(1)));
            if (!button.equals("none")) {
                steps.add(InputStep.click(button));
            }
            agent().ask(request("", steps), Done.class);
            return 0;
        }
    }

    /** For help and completion; the agent knows what they mean. */
    static final class Buttons extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Buttons() {
            super(List.of("left", "middle", "right", "none"));
        }
    }
}
