// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu.fastpath;

/** updateCode of TS_FP_UPDATE ([MS-RDPBCGR] 2.2.9.1.2.1). Numbers, since newer servers may send others. */
public final class UpdateCode {

    public static final int ORDERS = 0x0;
    public static final int BITMAP = 0x1;
    public static final int PALETTE = 0x2;
    public static final int SYNCHRONIZE = 0x3;
    public static final int SURFACE_COMMANDS = 0x4;
    public static final int POINTER_HIDDEN = 0x5;
    public static final int POINTER_DEFAULT = 0x6;
    public static final int POINTER_POSITION = 0x8;
    public static final int POINTER_COLOR = 0x9;
    public static final int POINTER_CACHED = 0xa;
    public static final int POINTER_NEW = 0xb;
    public static final int POINTER_LARGE = 0xc;

    private UpdateCode() {}
}
