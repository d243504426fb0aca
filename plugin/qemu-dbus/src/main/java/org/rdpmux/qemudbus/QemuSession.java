// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.rdpmux.qemudbus.DbusException.violation;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.InputEvent;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PixelBudget;
import org.rdpmux.display.Rect;

/**
 * A conversation with QEMU: finds the first console that has a screen, follows its properties, has its pixels sent while somebody
 * looks on, and sends it input. The pixels come over a connection of their own, which lives as long as they are wanted. Belongs
 * to one thread.
 *
 * <p>Its many fields are the two connections, and what is known of the console.
 */
final class QemuSession implements DbusPeer.Handler, AutoCloseable {

    /** A guest with more has its screen on one of the first. */
    private static final int MAX_CONSOLES = 16;

    private static final int MAX_ERROR = 100;

    private static final String ROOT = "/org/qemu/Display1/";
    private static final String VM = "org.qemu.Display1.VM";
    private static final String CONSOLE = "org.qemu.Display1.Console";
    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
    private static final String UNKNOWN = "org.freedesktop.DBus.Error.Unknown";

    // QEMU's bits of the keyboard's lights.
    private static final int SCROLL_LOCK = 1;
    private static final int NUM_LOCK = 2;
    private static final int CAPS_LOCK = 4;

    /** Makes connections for pixels, and waits. */
    interface Surroundings {
        /**
         * Opens one, in place of the last.
         *
         * @param calls gets what QEMU calls there
         * @return the descriptor of QEMU's end, the caller's to close
         */
        int open(ListenerHandler calls) throws IOException;

        /** Closes the last one, if it is open. */
        void closeListener();

        /** Runs a task in a moment: {@link #MOMENT_MILLIS}, unless the session is closed before. */
        void later(Runnable task);
    }

    /** Three times as long as QEMU waits before it looks at its guest's graphics card. */
    static final int MOMENT_MILLIS = 100;

    /** How often the first screen is waited for to be the one that the guest has. */
    private static final int MAX_LOOKS = 5;

    private final GuestDisplay.Listener listener;
    private final Surroundings surroundings;
    private final QemuScreen screen;
    private final QemuInput input;
    private DbusPeer peer;

    private boolean active;
    /** The console's, empty until it is found. */
    private String path = "";

    private int width;
    private int height;
    /** How often the first screen was looked at; beyond {@link #MAX_LOOKS} once it is known. */
    private int looks;

    private int wantedWidth;
    private int wantedHeight;

    /**
     * @param active whether somebody looks on
     * @param lost as {@link QemuScreen}
     */
    QemuSession(
            GuestDisplay.Listener listener,
            PixelBudget budget,
            Surroundings surroundings,
            boolean active,
            Runnable lost) {
        this.listener = listener;
        this.surroundings = surroundings;
        this.active = active;
        this.screen = new QemuScreen(listener, budget, lost);
        this.input = new QemuInput(this::callConsole, () -> peer.unanswered());
    }

    /** Asks for the consoles. @param main the connection that QEMU was given */
    void begin(DbusPeer main) {
        peer = main;
        ask("VM", "Get", "ss", arguments -> arguments.string(VM).string("ConsoleIDs"), body -> {
            if (!body.signature().equals("au")) {
                throw violation("ConsoleIDs", "are no numbers");
            }
            int end = body.array(4);
            Deque<Integer> consoles = new ArrayDeque<>();
            while (body.isBefore(end) && consoles.size() < MAX_CONSOLES) {
                consoles.add(body.int32());
            }
            look(consoles);
        });
    }

    /** Asks for the properties of one console after the other, until one has a screen. */
    private void look(Deque<Integer> consoles) {
        if (consoles.isEmpty()) {
            throw new DbusException("has no console with a screen");
        }
        String console = "Console_" + Integer.toUnsignedString(consoles.remove());
        askAll(console, CONSOLE, properties -> {
            if ("Graphic".equals(properties.get("Type"))) {
                path = ROOT + console;
                askAll(console, QemuInput.KEYBOARD, this::keyboard);
                askAll(console, QemuInput.MOUSE, this::mouse);
                size(properties);
                found();
            } else {
                look(consoles);
            }
        });
    }

    private void found() {
        if (wantedWidth != 0) {
            requestSize(wantedWidth, wantedHeight);
        }
        register();
    }

    /**
     * A guest that nobody looked at has the screen of before: QEMU looks at the graphics card only for a listener. So one is
     * registered even if only the size is asked for, and the first screen is believed after a moment.
     */
    private void settle() {
        if (looks++ < MAX_LOOKS && !isCurrent()) {
            register();
            surroundings.later(this::settle);
            return;
        }
        looks = MAX_LOOKS + 1;
        screen.announce();
        if (!active) {
            surroundings.closeListener();
        }
    }

    private boolean isSettled() {
        return looks > MAX_LOOKS;
    }

    private boolean isCurrent() {
        return screen.bounds().equals(new Rect(0, 0, width, height));
    }

    /**
     * QEMU 7.2 sends no Scanout for a mode whose first picture is not drawn at once, such as text: it has one for each new
     * listener.
     */
    private void correct() {
        if (active && isSettled() && !isCurrent()) {
            register();
        }
    }

    private void register() {
        int theirs;
        try {
            theirs = surroundings.open(new ListenerHandler(screen, listener));
        } catch (IOException e) {
            throw new DbusException("cannot be shown: " + e.getMessage());
        }
        MessageHeader method = MessageHeader.call(path, CONSOLE, "RegisterListener", "h");
        // The number is that of the first descriptor that comes with the message.
        peer.call(method, arguments -> arguments.int32(0), theirs, reply("RegisterListener", body -> {}));
    }

    /** Whether the listener was told of a screen. */
    boolean isReady() {
        return isSettled();
    }

    /** Whether somebody looks on. */
    void setActive(boolean nowActive) {
        if (active != nowActive && isSettled()) {
            if (nowActive) {
                register();
            } else {
                surroundings.closeListener();
            }
        }
        active = nowActive;
    }

    void requestSize(int newWidth, int newHeight) {
        wantedWidth = newWidth;
        wantedHeight = newHeight;
        if (!path.isEmpty()) {
            // Millimetres that are not known, and no offset.
            Consumer<DbusWriter> arguments = out ->
                    out.uint16(0).uint16(0).int32(0).int32(0).int32(newWidth).int32(newHeight);
            peer.call(MessageHeader.call(path, CONSOLE, "SetUIInfo", "qqiiuu"), arguments, new Ignored());
        }
    }

    void send(InputEvent event) {
        if (!path.isEmpty()) {
            input.send(event);
        }
    }

    /** Reports what arrived together. */
    void report() {
        if (looks == 0 && !screen.bounds().isEmpty()) {
            looks = 1;
            surroundings.later(this::settle);
        }
        screen.report();
        input.screen(screen.bounds());
    }

    @Override
    public void message(MessageHeader header, DbusReader body, Descriptors descriptors) {
        boolean properties = header.type() == MessageHeader.SIGNAL
                && header.interfaceName().equals(PROPERTIES)
                && header.member().equals("PropertiesChanged")
                && header.signature().equals("sa{sv}as");
        if (!properties || !header.path().equals(path)) {
            return;
        }
        switch (body.string()) {
            case CONSOLE -> size(properties(body));
            case QemuInput.KEYBOARD -> keyboard(properties(body));
            case QemuInput.MOUSE -> mouse(properties(body));
            default -> {
                // Of no interest.
            }
        }
    }

    private void size(Map<String, Object> properties) {
        width = properties.get("Width") instanceof Integer now ? now : width;
        height = properties.get("Height") instanceof Integer now ? now : height;
        if (!isSettled() || isCurrent()) {
            return;
        }
        if (active) {
            surroundings.later(this::correct);
        } else {
            screen.size(width, height, System.nanoTime());
        }
    }

    private void keyboard(Map<String, Object> properties) {
        if (properties.get("Modifiers") instanceof Integer lights) {
            listener.locks(
                    new LockKeys((lights & SCROLL_LOCK) != 0, (lights & NUM_LOCK) != 0, (lights & CAPS_LOCK) != 0));
        }
    }

    private void mouse(Map<String, Object> properties) {
        if (properties.get("IsAbsolute") instanceof Boolean absolute) {
            input.absolute(absolute);
        }
    }

    private void askAll(String object, String interfaceName, Consumer<Map<String, Object>> answer) {
        ask(
                object,
                "GetAll",
                "s",
                arguments -> arguments.string(interfaceName),
                body -> answer.accept(properties(body)));
    }

    private void ask(
            String object,
            String member,
            String signature,
            Consumer<DbusWriter> arguments,
            Consumer<DbusReader> answer) {
        peer.call(MessageHeader.call(ROOT + object, PROPERTIES, member, signature), arguments, reply(member, answer));
    }

    /** Those that are a number, a text, or true or false. */
    private static Map<String, Object> properties(DbusReader body) {
        Map<String, Object> properties = new HashMap<>();
        int end = body.array(8);
        while (body.isBefore(end)) {
            body.structure();
            String name = body.string();
            String type = body.signature();
            switch (type) {
                case "i", "u" -> properties.put(name, body.int32());
                case "b" -> properties.put(name, body.bool());
                case "s" -> properties.put(name, body.string());
                default -> body.skip(type);
            }
        }
        return properties;
    }

    private static DbusPeer.Reply reply(String member, Consumer<DbusReader> answer) {
        return new DbusPeer.Reply() {
            @Override
            public void returned(MessageHeader header, DbusReader body) {
                answer.accept(body);
            }

            @Override
            public void refused(String error) {
                throw new DbusException("refused " + member + ": " + printable(error));
            }
        };
    }

    private static String printable(String error) {
        return error.substring(0, Math.min(error.length(), MAX_ERROR)).replaceAll("[^ -~]", "?");
    }

    private void callConsole(String interfaceName, String member, String signature, Consumer<DbusWriter> arguments) {
        peer.call(MessageHeader.call(path, interfaceName, member, signature), arguments, new Ignored());
    }

    /** The answer to a call that may fail: in the moment in which the guest's mouse changes, or its screen. */
    private final class Ignored implements DbusPeer.Reply {
        @Override
        public void returned(MessageHeader header, DbusReader body) {
            input.answered();
        }

        @Override
        public void refused(String error) {
            if (error.startsWith(UNKNOWN)) {
                throw new DbusException("was taken by another client of QEMU, which serves one peer at a time");
            }
            input.answered();
        }
    }

    @Override
    public void close() {
        surroundings.closeListener();
        screen.close();
    }
}
