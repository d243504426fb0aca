// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.rdpmux.display.Rect;
import org.rdpmux.server.InputScript;
import org.rdpmux.server.ScreenPicture;
import org.rdpmux.server.ScreenState;
import org.rdpmux.server.ScreenWait;

/** What programs do at a console: they look at its screen, and type. The public methods may be called from any thread. */
public final class ConsolePrograms {

    private final ConsoleLoop loop;
    private final DisplayKeeper keeper;
    private final ConsoleVideo video;
    private final ConsoleInput input;
    private boolean closed;

    ConsolePrograms(ConsoleLoop loop, DisplayKeeper keeper, ConsoleVideo video, ConsoleInput input) {
        this.loop = loop;
        this.keeper = keeper;
        this.video = video;
        this.input = input;
    }

    /** See {@link org.rdpmux.server.Console#picture}. */
    public CompletableFuture<ScreenPicture> picture(Rect area) {
        return ask(answer -> observe(() -> video.observers().picture(area, answer)), video::pump);
    }

    /** See {@link org.rdpmux.server.Console#await}. */
    public CompletableFuture<ScreenState> await(ScreenWait wait) {
        return ask(answer -> observe(() -> video.observers().await(wait, answer)), video::pump);
    }

    /** See {@link org.rdpmux.server.Console#type}. */
    public CompletableFuture<Void> type(InputScript script) {
        return ask(answer -> type(script, answer), input::pump);
    }

    /** @param pump run, too, if the answer is cancelled */
    private <T> CompletableFuture<T> ask(Consumer<CompletableFuture<T>> add, Runnable pump) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> add.accept(answer));
        answer.whenComplete((done, failure) -> {
            if (answer.isCancelled()) {
                loop.execute(pump);
            }
        });
        return answer;
    }

    private void observe(Runnable add) {
        add.run();
        if (closed) {
            video.observers().close();
            return;
        }
        keeper.wishes().set(DisplayWishes.Wish.OBSERVERS, true);
        video.observers().displayState();
        video.pump();
    }

    private void type(InputScript script, CompletableFuture<Void> answer) {
        input.programs().add(script, answer);
        if (closed) {
            input.programs().close();
        }
        input.pump();
    }

    /** The state of the display is another. */
    void displayState() {
        video.observers().displayState();
        input.programs().displayState();
    }

    /** The console is closed. */
    void close() {
        closed = true;
        video.observers().close();
        input.programs().close();
    }
}
