// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.rdpmux.control.InputStep;
import org.rdpmux.control.Request;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.PointerButton;
import org.rdpmux.display.Scancode;
import org.rdpmux.server.InputScript;
import org.rdpmux.vnc.LayoutNames;

/** Makes of what a request says the events that a guest is sent. Used by one thread. */
final class InputScripts {

    /** Of one request: what is typed within the time that clients wait. */
    static final int MAX_STEPS = 64;

    static final int MAX_CHARACTERS = 256;

    static final int MAX_MILLIS = 5000;

    private static final int MAX_EVENTS = 1024;

    private static final int MAX_NOTCHES = 100;

    private final List<InputScript.Timed> events = new ArrayList<>();
    private int characters;
    private int millis;
    /** Before the next event. */
    private int pause;

    private InputScripts() {}

    /**
     * What is to be typed, and how much of it is text.
     *
     * @param characters of Unicode
     */
    record Made(InputScript script, int characters) {}

    /** @throws IllegalArgumentException a sentence, if the request makes no sense */
    static Made make(Request.SendInput request) {
        if (request.steps().isEmpty() || request.steps().size() > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "there are " + request.steps().size() + " steps, and 1 to " + MAX_STEPS + " can be sent at once");
        }
        InputScripts made = new InputScripts();
        request.steps().forEach(made::step);
        if (made.events.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to type");
        }
        return new Made(new InputScript(made.events, layout(request.layout()), request.force()), made.characters);
    }

    private static InputEvent.Layout layout(String name) {
        if (name.isEmpty()) {
            return InputEvent.Layout.US;
        }
        return new InputEvent.Layout(LayoutNames.windowsNumber(name)
                .orElseThrow(() -> new IllegalArgumentException("the keyboard layout '" + name
                        + "' is not known; name one as QEMU does, such as de or fr-ch, or by Windows' number, such as"
                        + " 0x407")));
    }

    private void step(InputStep step) {
        switch (step.type()) {
            case "key" -> chord(step.key(), step.millis());
            case "key-down" -> add(new InputEvent.Key(KeyNames.find(step.key()), true));
            case "key-up" -> add(new InputEvent.Key(KeyNames.find(step.key()), false));
            case "text" -> text(step.text().characters());
            case "move" -> move(step.x(), step.y());
            case "click" -> {
                PointerButton button = button(step.key());
                add(new InputEvent.Button(button, true));
                pause(step.millis());
                add(new InputEvent.Button(button, false));
            }
            case "button-down" -> add(new InputEvent.Button(button(step.key()), true));
            case "button-up" -> add(new InputEvent.Button(button(step.key()), false));
            case "wheel" -> wheel(step.x(), step.y());
            case "pause" -> pause(step.millis());
            default -> throw new IllegalArgumentException("there is no step of the type '" + step.type() + "'");
        }
    }

    private void add(InputEvent event) {
        if (events.size() == MAX_EVENTS) {
            throw new IllegalArgumentException("more than " + MAX_EVENTS + " events; send them in parts");
        }
        events.add(new InputScript.Timed(TimeUnit.MILLISECONDS.toNanos(pause), event));
        pause = 0;
    }

    private void pause(int length) {
        millis += Math.max(0, Math.min(length, MAX_MILLIS + 1));
        if (length < 0 || millis > MAX_MILLIS) {
            throw new IllegalArgumentException("pauses take 0 to " + MAX_MILLIS + " ms in all");
        }
        pause += length;
    }

    /** Pressed one after the other, released in reverse. */
    private void chord(String names, int held) {
        List<Scancode> keys = new ArrayList<>();
        for (String name : names.split("[-+]", -1)) {
            keys.add(KeyNames.find(name));
        }
        keys.forEach(key -> add(new InputEvent.Key(key, true)));
        pause(held);
        for (int i = keys.size() - 1; i >= 0; i--) {
            add(new InputEvent.Key(keys.get(i), false));
        }
    }

    private void text(char... text) {
        for (int i = 0; i < text.length; i += Character.charCount(Character.codePointAt(text, i))) {
            int codePoint = Character.codePointAt(text, i);
            add(new InputEvent.Unicode(codePoint, true));
            add(new InputEvent.Unicode(codePoint, false));
            characters++;
        }
        if (characters > MAX_CHARACTERS) {
            throw new IllegalArgumentException("more than " + MAX_CHARACTERS + " characters; send them in parts");
        }
    }

    private void move(int x, int y) {
        if (x < 0 || y < 0) {
            throw new IllegalArgumentException("the pointer cannot be at " + x + "," + y);
        }
        add(new InputEvent.PointerMove(x, y));
    }

    private void wheel(int right, int up) {
        if (Math.abs((long) right) > MAX_NOTCHES || Math.abs((long) up) > MAX_NOTCHES) {
            throw new IllegalArgumentException("the wheel turns by " + MAX_NOTCHES + " notches at most");
        }
        add(new InputEvent.Wheel(up * InputEvent.Wheel.NOTCH, right * InputEvent.Wheel.NOTCH));
    }

    private static PointerButton button(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "left" -> PointerButton.LEFT;
            case "middle" -> PointerButton.MIDDLE;
            case "right" -> PointerButton.RIGHT;
            default ->
                throw new IllegalArgumentException(
                        "there is no button '" + name + "'; there are left, middle and right");
        };
    }
}
