// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.testkit.rdp.RdpClient;

/** What clients type and click reaches the guest. */
class RdpInputTest extends RdpServerFixture {

    @Test
    void inputReachesTheGuestInOrder() throws Exception {
        RdpClient client = connect();
        awaitPicture(client, 32);
        List<InputEvent> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int code = 1 + i % 0x35; // beyond these, one key has several codes
            client.type(code, i % 3 == 0);
            Scancode key = i % 3 == 0 ? Scancode.extended(code) : Scancode.of(code);
            expected.add(new InputEvent.Key(key, true));
            expected.add(new InputEvent.Key(key, false));
        }
        List<InputEvent> got = new ArrayList<>();
        while (got.size() < expected.size()) {
            InputEvent event = input.poll(20, TimeUnit.SECONDS);
            assertNotEquals(null, event, "after " + got.size() + " events");
            got.add(event);
        }
        assertEquals(expected, got);
    }

    @Test
    void moreInOnePduThanTheGuestTakesReachesItInOrder() throws Exception {
        RdpClient client = connect();
        awaitPicture(client, 32);
        ClientInput[] keys = new ClientInput[1200];
        Arrays.setAll(keys, i -> new ClientInput.Key(1 + i / 2 % 0x50, i % 2 == 0, false, false));
        client.slowInput(keys);
        client.input(new ClientInput.Key(0x57, true, false, false));
        for (int i = 0; i < keys.length; i++) {
            assertEquals(
                    new InputEvent.Key(Scancode.of(1 + i / 2 % 0x50), i % 2 == 0), input.poll(20, TimeUnit.SECONDS));
        }
        assertEquals(new InputEvent.Key(Scancode.of(0x57), true), input.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void slowPathInputButtonsAndWheelsReachTheGuest() throws Exception {
        RdpClient client = connect();
        awaitPicture(client, 32);
        client.slowInput(
                new ClientInput.Mouse(
                        ClientInput.Mouse.MOVE | ClientInput.Mouse.BUTTON1 | ClientInput.Mouse.DOWN, 7, 9),
                new ClientInput.Mouse(ClientInput.Mouse.BUTTON1, 7, 9),
                new ClientInput.Mouse(ClientInput.Mouse.WHEEL | ClientInput.Mouse.rotationBits(-120), 0, 0));
        List<InputEvent> expected = List.of(
                new InputEvent.PointerMove(7, 9),
                new InputEvent.Button(PointerButton.LEFT, true),
                new InputEvent.PointerMove(7, 9),
                new InputEvent.Button(PointerButton.LEFT, false),
                new InputEvent.Wheel(-120, 0));
        for (InputEvent event : expected) {
            assertEquals(event, input.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aClientThatLeavesLeavesNoKeyDown() throws Exception {
        RdpClient client = connect();
        awaitPicture(client, 32);
        client.input(new ClientInput.Key(0x1d, true, false, false));
        assertEquals(new InputEvent.Key(Scancode.LEFT_CTRL, true), input.poll(20, TimeUnit.SECONDS));
        client.close();
        assertEquals(new InputEvent.Key(Scancode.LEFT_CTRL, false), input.poll(20, TimeUnit.SECONDS));
        await("nobody to be left", () -> console.viewers().isEmpty());
    }
}
