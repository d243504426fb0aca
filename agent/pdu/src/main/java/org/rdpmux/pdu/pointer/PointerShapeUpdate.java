// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.pointer;

/** A pointer update that brings a shape, which the client stores at a place of its cache. */
public sealed interface PointerShapeUpdate extends PointerUpdate permits ColorPointer, NewPointer, LargePointer {

    /** Bits per pixel of the shape's XOR mask. */
    int xorBpp();

    PointerPixels pixels();
}
