// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.display.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.GuestDisplay;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.display.SoundBlock;

/** A listener that keeps what it hears, for any thread to wait for. */
public final class Recorder implements GuestDisplay.Listener {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Only the last is kept: they can be large. */
    private Framebuffer framebuffer;

    /** An area that was copied from elsewhere on the screen. */
    public record Move(Rect to, int dx, int dy) {}

    public int resizes;
    /** What was damaged, as a Rect, and what was moved, in the order reported. */
    public final List<Object> changes = new ArrayList<>();

    public final List<Rect> damage = new ArrayList<>();
    public final List<PointerShape> pointers = new ArrayList<>();
    public final List<LockKeys> locks = new ArrayList<>();
    public final List<ClipboardEvent> clipboard = new ArrayList<>();
    public final List<SoundBlock> sound = new ArrayList<>();
    public final List<String> failures = new ArrayList<>();

    private <T> void note(List<T> list, T value) {
        lock.lock();
        try {
            list.add(value);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resized(Framebuffer fresh) {
        lock.lock();
        try {
            framebuffer = fresh;
            resizes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void damaged(Rect area) {
        lock.lock();
        try {
            changes.add(area);
            note(damage, area);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void moved(Rect to, int dx, int dy) {
        note(changes, new Move(to, dx, dy));
    }

    @Override
    public void pointer(PointerShape shape) {
        note(pointers, shape);
    }

    @Override
    public void locks(LockKeys told) {
        note(locks, told);
    }

    @Override
    public void clipboard(ClipboardEvent event) {
        note(clipboard, event);
    }

    @Override
    public void sound(SoundBlock block) {
        note(sound, block);
    }

    @Override
    public void failed(String reason) {
        note(failures, reason);
    }

    /** Waits until the condition holds; it is looked at whenever something was heard. */
    public boolean await(Predicate<Recorder> condition, long seconds) throws InterruptedException {
        long left = TimeUnit.SECONDS.toNanos(seconds);
        lock.lock();
        try {
            while (!condition.test(this)) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** How many areas were reported so far. */
    public int damageCount() {
        lock.lock();
        try {
            return damage.size();
        } finally {
            lock.unlock();
        }
    }

    public Framebuffer framebuffer() {
        lock.lock();
        try {
            return framebuffer;
        } finally {
            lock.unlock();
        }
    }

    /** The whole screen as it is now. */
    public int[] screen() {
        Framebuffer now = framebuffer();
        int[] pixels = new int[now.width() * now.height()];
        now.read(now.bounds(), pixels, 0, now.width());
        return pixels;
    }
}
