// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rdpmux.control.Done;
import org.rdpmux.control.InputStep;
import org.rdpmux.control.Request;
import org.rdpmux.control.ScriptedAgent;

/** Commands that type and point. */
class InputCommandsTest {

    @TempDir
    Path directory;

    private final List<Request> asked = new CopyOnWriteArrayList<>();

    private int run(StringWriter err, String... args) throws Exception {
        try (ScriptedAgent agent = ScriptedAgent.answering(directory, sent -> {
            asked.add(sent.request());
            return ScriptedAgent.answer(new Done(List.of()));
        })) {
            List<String> all = new ArrayList<>(Arrays.asList(args));
            all.add("--socket");
            all.add(agent.socket().toString());
            return Rdpmuxctl.run(
                    new PrintWriter(new StringWriter(), true),
                    new PrintWriter(err, true),
                    user -> new char[0],
                    all.toArray(String[]::new));
        }
    }

    private void assertAsks(List<Request> expected, String... args) throws Exception {
        StringWriter err = new StringWriter();
        assertEquals(0, run(err, args), err.toString());
        assertEquals(expected, asked);
    }

    @Test
    void keysArePressedOneCombinationAfterTheOther() throws Exception {
        Request request = new Request.SendInput(
                "demo", "", true, List.of(InputStep.keys("ctrl-alt-delete", 50), InputStep.keys("enter", 50)));
        assertAsks(List.of(request), "key", "demo", "ctrl-alt-delete", "enter", "--hold", "50", "--force");
    }

    @Test
    void textGoesInPartsThatTheGuestTakesInTime() throws Exception {
        assertAsks(
                List.of(
                        new Request.SendInput("demo", "de", false, List.of(InputStep.text("x".repeat(50)))),
                        new Request.SendInput("demo", "de", false, List.of(InputStep.text("\ud83d\ude00\n")))),
                "type",
                "demo",
                "x".repeat(50) + "\ud83d\ude00",
                "--layout",
                "de",
                "--enter");
    }

    @Test
    void aClickMovesThePointerThere() throws Exception {
        assertAsks(
                List.of(new Request.SendInput(
                        "demo", "", false, List.of(InputStep.pointer("move", 3, 4), InputStep.click("right")))),
                "click",
                "demo",
                "3,4",
                "--button",
                "right");
    }

    @Test
    void refusesWhatIsNoPlaceAndNoTime() throws Exception {
        for (String[] args : new String[][] {
            {"click", "demo", "3"}, {"key", "demo", "a", "--hold", "5001"}, {"key", "demo", "a", "--hold", "-1"}
        }) {
            StringWriter err = new StringWriter();
            assertEquals(2, run(err, args), err.toString());
        }
        assertTrue(asked.isEmpty());
    }
}
