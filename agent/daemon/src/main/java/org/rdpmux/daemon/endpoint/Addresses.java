// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.endpoint;

import java.net.InetSocketAddress;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.server.Endpoint;

/** Endpoints as people and clients write them. */
public final class Addresses {

    /** Stands for whoever wants in. */
    public static final String ANY_USER = "USER";

    private Addresses() {}

    /** Under which clients find an endpoint: its address, or this host's name where it listens on all addresses. */
    public static String host(InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress()
                ? HostName.get()
                : address.getAddress().getHostAddress();
    }

    /** {@code rdp://HOST:PORT}. */
    public static String uri(InetSocketAddress address) {
        return "rdp://" + hostAndPort(address);
    }

    /** What clients must prove: {@code nla}, {@code tls} or {@code none}. */
    public static String access(Endpoint endpoint) {
        return endpoint.policy().authentication().toString();
    }

    /** A command line that opens the endpoint and asks for the password if there must be one. */
    public static String openWith(Endpoint endpoint, String user) {
        Authentication authentication = endpoint.policy().authentication();
        String who = authentication == Authentication.NONE ? "" : " /u:" + quoted(user);
        // Without NLA, version 2 of FreeRDP asks only when told to.
        String how = authentication == Authentication.TLS ? " /sec:tls /from-stdin:force" : "";
        return "xfreerdp " + where(endpoint.address()) + who + how + " /cert:tofu";
    }

    /** Version 2 of FreeRDP takes no port behind brackets. */
    private static String where(InetSocketAddress address) {
        String host = host(address);
        return host.indexOf(':') >= 0
                ? "/v:[" + host + "] /port:" + address.getPort()
                : "/v:" + host + ":" + address.getPort();
    }

    /** For a shell. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9._@+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String hostAndPort(InetSocketAddress address) {
        String host = host(address);
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
