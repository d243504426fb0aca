// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Another machine as far as the network goes: a network namespace with a cable to this host. Its addresses are of the range
 * that is set aside for tests of networks (RFC 2544), and of a unique local one for IPv6. Removed with the programs.
 */
final class RemoteMachine {

    /** Of the next one: those of one test must not have the same network, those of two runs should not. */
    private static final AtomicInteger NUMBER =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(0x10000));

    private final String namespace;
    private final String network;
    private final String network6;

    /** Plugs it in. */
    RemoteMachine(Programs programs) {
        int number = NUMBER.getAndIncrement() & 0xffff;
        namespace = String.format("rdpmux-%d-%04x", ProcessHandle.current().pid(), number);
        network = String.format("198.18.%d.", number & 0xff);
        network6 =
                String.format("fd5a:1b0d:%x:%x::", ThreadLocalRandom.current().nextInt(0x10000), number);
        String cable = String.format("rx%04x", number);
        Programs.run("ip", "netns", "add", namespace);
        programs.atEnd(() -> Programs.run("ip", "netns", "del", namespace));
        Programs.run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        programs.atEnd(() -> Programs.run("ip", "link", "del", cable));
        plug("", cable, 1);
        plug(namespace, "eth0", 2);
        Programs.run("ip", "-n", namespace, "link", "set", "lo", "up");
        Programs.run("ip", "-n", namespace, "route", "add", "default", "via", host());
    }

    private void plug(String where, String cable, int host) {
        String[] ip = where.isEmpty() ? new String[] {"ip"} : new String[] {"ip", "-n", where};
        address(ip, cable, network + host + "/24");
        address(ip, cable, network6 + host + "/64", "nodad");
        Programs.run(concat(ip, "link", "set", cable, "up"));
    }

    private static void address(String[] ip, String cable, String address, String... flags) {
        Programs.run(concat(concat(ip, "address", "add", address, "dev", cable), flags));
    }

    private static String[] concat(String[] words, String... more) {
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return all;
    }

    /** This host's address on the cable. */
    String host() {
        return network + 1;
    }

    /** Its own address. */
    String address() {
        return network + 2;
    }

    String host6() {
        return network6 + 1;
    }

    /** Its own address until it {@link #move6 moves}, as Java writes it. */
    String address6() {
        return network6.replace("::", ":0:0:0:") + 2;
    }

    /** What all its addresses have in common, as Java writes it. */
    String network6() {
        return network6.replace("::", ":0:0:0:0/64");
    }

    /** Moves it to another IPv6 address of its network. */
    void move6(int host) {
        Programs.run("ip", "-n", namespace, "address", "flush", "dev", "eth0", "scope", "global");
        address(new String[] {"ip", "-n", namespace}, "eth0", network + 2 + "/24");
        address(new String[] {"ip", "-n", namespace}, "eth0", network6 + host + "/64", "nodad");
    }

    /** Has what follows run there. */
    String run() {
        return "ip netns exec " + namespace + " ";
    }
}
