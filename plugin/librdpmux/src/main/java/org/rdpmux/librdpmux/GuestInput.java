// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.rdpmux.display.InputEvent;
import org.rdpmux.librdpmux.wire.HostMessage;

/** What is typed and pointed at, on its way to one guest: motion that comes too fast is sent later. Confined to the loop. */
final class GuestInput {

    private final EventLoop loop;
    private final Consumer<HostMessage> guest;
    private final InputTranslator translator = new InputTranslator();
    private boolean motionScheduled;

    /** @param guest takes the messages, in order */
    GuestInput(EventLoop loop, Consumer<HostMessage> guest) {
        this.loop = loop;
        this.guest = guest;
    }

    void resize(int width, int height) {
        translator.resize(width, height);
    }

    void send(InputEvent event) {
        translator.translate(event, System.nanoTime()).forEach(guest);
        scheduleMotion();
    }

    private void scheduleMotion() {
        if (!translator.holdsMotion() || motionScheduled) {
            return;
        }
        motionScheduled = true;
        loop.schedule(
                () -> {
                    motionScheduled = false;
                    translator.flush(System.nanoTime()).ifPresent(guest);
                    scheduleMotion();
                },
                Math.max(0, translator.nanosUntilDue(System.nanoTime())),
                TimeUnit.NANOSECONDS);
    }
}
