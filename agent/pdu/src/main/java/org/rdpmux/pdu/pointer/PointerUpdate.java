// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.pointer;

import io.netty.buffer.ByteBuf;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.fastpath.UpdateCode;

/**
 * A pointer update. {@link #encode} writes what fast-path and slow-path have in common: the fast-path updateData
 * ([MS-RDPBCGR] 2.2.9.1.2.1.5 to .11). The slow-path form with its messageType is
 * {@link org.rdpmux.pdu.share.SlowPathPointer}.
 */
public sealed interface PointerUpdate extends Pdu permits PointerShapeUpdate, PointerUpdate.Simple {

    /** The fast-path update code: see {@link UpdateCode}. */
    int updateCode();

    /** Updates without pixels. */
    sealed interface Simple extends PointerUpdate {}

    /** Reads the fast-path form to the end of {@code in}. */
    static PointerUpdate decode(int updateCode, ByteBuf in) {
        PointerUpdate update = switch (updateCode) {
            case UpdateCode.POINTER_HIDDEN -> new Hidden();
            case UpdateCode.POINTER_DEFAULT -> new Default();
            case UpdateCode.POINTER_POSITION -> Position.decode(in);
            case UpdateCode.POINTER_CACHED -> Cached.decode(in);
            case UpdateCode.POINTER_COLOR -> ColorPointer.decode(in);
            case UpdateCode.POINTER_NEW -> NewPointer.decode(in);
            case UpdateCode.POINTER_LARGE -> LargePointer.decode(in);
            default -> throw new PduException("TS_FP_UPDATE", "updateCode", updateCode + " is no pointer's");
        };
        PduException.end(in, "TS_FP_UPDATE");
        return update;
    }

    /** TS_FP_SYSTEMPOINTERHIDDENATTRIBUTE: no pointer at all. */
    record Hidden() implements Simple {
        @Override
        public int updateCode() {
            return UpdateCode.POINTER_HIDDEN;
        }

        @Override
        public int size() {
            return 0;
        }

        @Override
        public void encode(ByteBuf out) {
            // has no body
        }
    }

    /** TS_FP_SYSTEMPOINTERDEFAULTATTRIBUTE: the client's own arrow. */
    record Default() implements Simple {
        @Override
        public int updateCode() {
            return UpdateCode.POINTER_DEFAULT;
        }

        @Override
        public int size() {
            return 0;
        }

        @Override
        public void encode(ByteBuf out) {
            // has no body
        }
    }

    /** TS_POINTERPOSATTRIBUTE: the server moves the client's pointer here. */
    record Position(int x, int y) implements Simple {

        public Position {
            if (x < 0 || x > 0xffff || y < 0 || y > 0xffff) {
                throw new IllegalArgumentException("position " + x + "," + y);
            }
        }

        static Position decode(ByteBuf in) {
            PduException.need(in, 4, "TS_POINTERPOSATTRIBUTE", "position");
            return new Position(in.readUnsignedShortLE(), in.readUnsignedShortLE()); // 2 bytes each
        }

        @Override
        public int updateCode() {
            return UpdateCode.POINTER_POSITION;
        }

        @Override
        public int size() {
            return 4;
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeShortLE(x).writeShortLE(y);
        }
    }

    /** TS_CACHEDPOINTERATTRIBUTE: a shape sent before. */
    record Cached(int cacheIndex) implements Simple {

        public Cached {
            if (cacheIndex < 0 || cacheIndex > 0xffff) {
                throw new IllegalArgumentException("cache index " + cacheIndex);
            }
        }

        static Cached decode(ByteBuf in) {
            PduException.need(in, 2, "TS_CACHEDPOINTERATTRIBUTE", "cacheIndex");
            return new Cached(in.readUnsignedShortLE()); // 2 bytes
        }

        @Override
        public int updateCode() {
            return UpdateCode.POINTER_CACHED;
        }

        @Override
        public int size() {
            return 2;
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeShortLE(cacheIndex);
        }
    }
}
