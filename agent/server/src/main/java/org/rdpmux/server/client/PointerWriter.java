// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.rdpmux.display.PointerShape;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.fastpath.FastPathHeaders;
import org.rdpmux.pdu.fastpath.FastPathHeaders.Fragment;
import org.rdpmux.pdu.pointer.PointerUpdate;
import org.rdpmux.pdu.share.SlowPathPointer;
import org.rdpmux.server.connection.ClientProfile;
import org.rdpmux.server.connection.Share;

/**
 * Puts pointer shapes and positions into the PDUs that one client understands. Used by one thread; made anew with each
 * activation, since the client's cache of shapes is empty then.
 */
final class PointerWriter {

    private final boolean fastPath;
    private final Share share;
    private final int desktopWidth;
    private final int desktopHeight;
    private final PointerEncoder shapes;
    private final ByteBufAllocator allocator;

    PointerWriter(ClientProfile profile, Share share, ByteBufAllocator allocator) {
        this.fastPath = profile.graphics().fastPath();
        this.share = share;
        this.desktopWidth = profile.desktop().width();
        this.desktopHeight = profile.desktop().height();
        this.shapes = new PointerEncoder(profile.pointer(), profile.graphics());
        this.allocator = allocator;
    }

    /**
     * A new shape, in a buffer of the caller's. A large one is an update in fragments: no other update may come between
     * them.
     */
    ByteBuf shape(PointerShape shape) {
        return write(shapes.encode(shape));
    }

    /** A position that the guest chose, in a buffer of the caller's. */
    ByteBuf position(int x, int y) {
        return write(new PointerUpdate.Position(
                Math.max(0, Math.min(x, desktopWidth - 1)), Math.max(0, Math.min(y, desktopHeight - 1))));
    }

    private ByteBuf write(PointerUpdate update) {
        if (!fastPath) {
            Pdu pdu = share.frame(new SlowPathPointer(update));
            ByteBuf out = allocator.heapBuffer(pdu.size());
            pdu.encode(out);
            return out;
        }
        int size = update.size();
        List<Fragment> fragments = FastPathHeaders.fragments(size, FastPathHeaders.MAX_FRAGMENT);
        ByteBuf out = allocator.heapBuffer(size + fragments.size() * FastPathHeaders.SIZE);
        if (fragments.size() == 1) {
            FastPathHeaders.write(out, update.updateCode(), fragments.get(0).fragmentation(), size);
            update.encode(out);
            return out;
        }
        ByteBuf whole = allocator.heapBuffer(size, size);
        try {
            update.encode(whole);
            for (Fragment fragment : fragments) {
                FastPathHeaders.write(out, update.updateCode(), fragment.fragmentation(), fragment.length());
                out.writeBytes(whole, fragment.offset(), fragment.length());
            }
            return out;
        } finally {
            whole.release();
        }
    }
}
