// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.console;

import java.util.List;
import org.rdpmux.display.ClipboardEvent;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.LockKeys;
import org.rdpmux.display.PointerShape;
import org.rdpmux.display.Rect;
import org.rdpmux.display.Region;
import org.rdpmux.display.SoundBlock;
import org.rdpmux.server.screen.Move;

/**
 * What a display reported since the console looked last, in the order of the fields; null where nothing was.
 *
 * @param damage the console's until it looks again
 * @param moves hints, whose destinations are damaged as well
 * @param clipboard one of each kind at most
 * @param sound {@link DisplayInbox#MAX_SOUND} blocks at most
 */
record DisplayChanges(
        Framebuffer framebuffer,
        Region damage,
        List<Move> moves,
        PointerShape pointer,
        Rect warp,
        LockKeys locks,
        List<ClipboardEvent> clipboard,
        List<SoundBlock> sound,
        String failure) {}
