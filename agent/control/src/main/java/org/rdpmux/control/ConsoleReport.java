// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.util.List;

/**
 * A console at one moment.
 *
 * @param name what people call it: the domain's name, or the one it was configured or attached with
 * @param uuid of the domain or the guest; empty for consoles that have none
 * @param vmid the number that Proxmox knows the guest by; 0 for others
 * @param origin {@code libvirt}, {@code proxmox}, {@code configured}, {@code attached}, or {@code registered} by the guest itself
 * @param state of the guest: {@code running}, {@code paused}, {@code shut off}; empty if not known
 * @param uri where RDP clients find it, {@code rdp://HOST:PORT}; empty without an endpoint
 * @param host of the endpoint; empty without
 * @param port of the endpoint; 0 without
 * @param access what clients must prove: {@code nla}, {@code tls} or {@code none}; empty without an endpoint
 * @param certificate SHA-256 of the certificate of its own that clients are shown, colon-separated; empty if it is the
 *     agent's, and without an endpoint
 * @param openWith a command line that opens it; empty without an endpoint
 * @param display where the pixels come from, such as {@code VNC display}, {@code librdpmux 5} or
 *     {@code vnc://127.0.0.1:5900}; may be empty
 * @param displayState {@code idle} (nobody looks on), {@code connecting}, {@code running}, {@code failed}; empty without
 *     an endpoint
 * @param problem why there is no endpoint, or what is wrong with its display; otherwise empty
 * @param width of the guest's screen in pixels; 0 while not known
 * @param height likewise
 * @param framesChanged times at which the screen was seen to change, since the endpoint was opened
 * @param videoFrames frames of H.264 that were encoded, since then
 * @param inputEvents events sent to the guest since then
 * @param viewers clients that see it
 */
public record ConsoleReport(
        String name,
        String uuid,
        int vmid,
        String origin,
        String state,
        String uri,
        String host,
        int port,
        String access,
        String certificate,
        String openWith,
        String display,
        String displayState,
        String problem,
        int width,
        int height,
        long framesChanged,
        long videoFrames,
        long inputEvents,
        List<ViewerReport> viewers) {
    public ConsoleReport {
        viewers = List.copyOf(viewers);
    }
}
