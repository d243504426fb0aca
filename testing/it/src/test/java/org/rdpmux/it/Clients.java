// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.testkit.codec.BitmapDecoder;

/** Command lines of RDP clients, as a user would start them on a screen of their own. */
enum Clients {
    XFREERDP_32("xfreerdp", "/bpp:32"),
    XFREERDP_RFX("xfreerdp", "/bpp:32", "/rfx"),
    XFREERDP_GFX("xfreerdp", "/bpp:32", "/gfx"),
    XFREERDP_GFX_RFX("xfreerdp", "/bpp:32", "/gfx:RFX"),
    XFREERDP_GFX_AVC420("xfreerdp", "/bpp:32", "/gfx:AVC420"),
    XFREERDP_GFX_AVC("xfreerdp", "/bpp:32", "/gfx:AVC444"),
    XFREERDP_GFX_PROGRESSIVE("xfreerdp", "/bpp:32", "/gfx", "/gfx-progressive"),
    XFREERDP_GFX_THIN("xfreerdp", "/bpp:32", "/gfx", "/gfx-thin-client"),
    XFREERDP_GFX_SMALL("xfreerdp", "/bpp:32", "/gfx", "/gfx-small-cache"),
    XFREERDP_24("xfreerdp", "/bpp:24"),
    XFREERDP_16("xfreerdp", "/bpp:16"),
    XFREERDP_15("xfreerdp", "/bpp:15"),
    XFREERDP3_32("xfreerdp3", "/bpp:32", "-gfx"),
    XFREERDP3_24_RFX("xfreerdp3", "/bpp:24", "/rfx"),
    XFREERDP3_GFX("xfreerdp3", "/bpp:32", "/gfx"),
    XFREERDP3_GFX_RFX("xfreerdp3", "/bpp:32", "/gfx:RFX"),
    XFREERDP3_GFX_AVC420("xfreerdp3", "/bpp:32", "/gfx:AVC420"),
    XFREERDP3_GFX_AVC("xfreerdp3", "/bpp:32", "/gfx:AVC444"),
    XFREERDP3_GFX_PROGRESSIVE("xfreerdp3", "/bpp:32", "/gfx:progressive"),
    XFREERDP3_GFX_THIN("xfreerdp3", "/bpp:32", "/gfx:thin-client"),
    XFREERDP3_GFX_SMALL("xfreerdp3", "/bpp:32", "/gfx:small-cache"),
    XFREERDP3_24("xfreerdp3", "/bpp:24"),
    XFREERDP3_16("xfreerdp3", "/bpp:16"),
    RDESKTOP_32("rdesktop", "32"),
    RDESKTOP_24("rdesktop", "24"),
    RDESKTOP_16("rdesktop", "16");

    private final String program;
    private final String depth;
    private final List<String> own;

    /** @param own options that make it what it is */
    Clients(String program, String depth, String... own) {
        this.program = program;
        this.depth = depth;
        this.own = List.of(own);
    }

    /** Where FreeRDP 2 is gone, its successor has its name, and other words for some of these options. */
    boolean isInstalled() {
        boolean older = own.stream().anyMatch(option -> option.startsWith("/gfx-"));
        String script = "path=$(command -v " + program + ")" + (older ? " && ldd \"$path\" | grep -q libfreerdp2" : "");
        return Programs.result("sh", "-c", script).status() == 0;
    }

    /** What this client shows of a colour after its way through a session of fewer bits. */
    int shown(int rgb) {
        int bits = Integer.parseInt(depth.replace("/bpp:", ""));
        int stored = switch (bits) {
            case 16 -> rgb >> 8 & 0xf800 | rgb >> 5 & 0x07e0 | rgb >> 3 & 0x1f;
            case 15 -> rgb >> 9 & 0x7c00 | rgb >> 6 & 0x03e0 | rgb >> 3 & 0x1f;
            default -> rgb;
        };
        return program.equals("rdesktop")
                ? BitmapDecoder.widen(stored, bits)
                : BitmapDecoder.widenAsFreeRdp(stored, bits);
    }

    /**
     * What it takes beside, to follow a screen that has this size at first. rdesktop makes its window the size that it asked
     * for, and has a window manager change it, unless that was the screen's size: then it does so itself.
     */
    String[] following(int width, int height) {
        return program.equals("rdesktop") ? new String[] {"-g", width + "x" + height} : new String[0];
    }

    /** @param options more of them, of this client's own */
    List<String> command(int port, String... options) {
        List<String> command = new ArrayList<>(
                program.equals("rdesktop")
                        ? List.of(program, "-u", "viewer", "-p", "secret", "-a", depth)
                        : List.of(
                                program,
                                "/u:viewer",
                                "/p:secret",
                                "/cert:ignore",
                                "/sec:tls",
                                depth,
                                "-grab-keyboard"));
        command.addAll(own);
        command.addAll(List.of(options));
        String address = "127.0.0.1:" + port;
        command.add(program.equals("rdesktop") ? address : "/v:" + address);
        return command;
    }
}
