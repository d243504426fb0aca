// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.rdpmux.librdpmux.wire.Numbering;

/**
 * All that must survive a restart of this service, since guests reconnect but neither register nor announce their mode
 * again.
 *
 * @param access who is to be let in by now, whatever the claim said
 * @param vmUuid the UUID found on the command line of a guest that does not register one; empty otherwise
 * @param socketName file name of its socket
 * @param numbering as far as it is known
 * @param mode of its screen, once it had one
 */
record GuestRecord(
        GuestClaim claim,
        GuestAccess access,
        Optional<UUID> vmUuid,
        String socketName,
        Optional<Numbering> numbering,
        Optional<ScreenMode> mode) {

    /** A record is a dozen short lines; the longest hold a path of at most 1024 characters each. */
    static final int MAX_TEXT = 8192;

    private static final String HEAD = "librdpmux-guest 2";
    private static final String END = "end";
    private static final String NONE = "-";
    private static final String YES = "yes";
    private static final String NO = "no";

    GuestRecord {
        Objects.requireNonNull(claim);
        Objects.requireNonNull(access);
        Objects.requireNonNull(vmUuid);
        Objects.requireNonNull(numbering);
        Objects.requireNonNull(mode);
        if (!socketName.matches("[0-9a-z-]{1,80}\\.sock")) {
            throw new IllegalArgumentException("socket name '" + GuestClaim.printable(socketName) + "'");
        }
    }

    /**
     * The record of a guest that just registered.
     *
     * @param salt makes the socket's name another one than that of the guest's predecessor, which may still be closing
     */
    static GuestRecord of(GuestClaim claim, Optional<UUID> vmUuid, int salt) {
        return new GuestRecord(
                claim,
                GuestAccess.registeredWith(claim.authFile()),
                vmUuid,
                "%s-%08x.sock".formatted(claim.key(), salt),
                claim.version().numbering(),
                Optional.empty());
    }

    GuestRecord with(GuestAccess newAccess) {
        return new GuestRecord(claim, newAccess, vmUuid, socketName, numbering, mode);
    }

    GuestRecord with(Numbering learned) {
        return new GuestRecord(claim, access, vmUuid, socketName, Optional.of(learned), mode);
    }

    GuestRecord with(ScreenMode newMode) {
        return new GuestRecord(claim, access, vmUuid, socketName, numbering, Optional.of(newMode));
    }

    /** The text that {@link #parse} reads: one {@code name value} a line. */
    String format(String bootId) {
        ProcessIdentity process = claim.process();
        String modeText = mode.map(m -> Integer.toHexString(m.formatCode()) + " " + m.width() + " " + m.height())
                .orElse(NONE);
        return String.join(
                "\n",
                HEAD,
                "boot " + bootId,
                "id " + claim.id(),
                "version " + claim.version().number(),
                "uuid " + orNone(claim.uuid()),
                "vm " + vmUuid.map(Object::toString).orElse(NONE),
                "process " + process.pid() + " " + process.startTime() + " " + process.uid(),
                "port " + claim.port(),
                "auth " + orNone(claim.authFile()),
                "file " + access.credentialFile().map(Path::toString).orElse(NONE),
                "authenticated " + (access.authenticated() ? YES : NO),
                "shut " + (access.shut() ? YES : NO),
                "socket " + socketName,
                "numbering " + numbering.map(Enum::name).orElse(NONE),
                "mode " + modeText,
                END,
                "");
    }

    /**
     * Reads what {@link #format} wrote during this boot.
     *
     * @throws IllegalArgumentException with the reason if it did not
     */
    static GuestRecord parse(String text, String bootId) {
        Lines lines = new Lines(List.of(text.split("\n", -1)));
        lines.exactly(HEAD);
        if (!lines.value("boot").equals(bootId)) {
            throw new IllegalArgumentException("it is of an earlier boot");
        }
        int id = Integer.parseInt(lines.value("id"));
        ProtocolVersion version = ProtocolVersion.of(Integer.parseInt(lines.value("version")))
                .orElseThrow(() -> new IllegalArgumentException("unknown version"));
        String uuid = lines.valueOrNone("uuid");
        String vm = lines.valueOrNone("vm");
        List<String> process = lines.values("process", 3);
        int port = Integer.parseInt(lines.value("port"));
        String auth = lines.valueOrNone("auth");
        GuestAccess access = parseAccess(lines);
        String socket = lines.value("socket");
        String numbering = lines.valueOrNone("numbering");
        String mode = lines.valueOrNone("mode");
        lines.exactly(END);
        ProcessIdentity owner = new ProcessIdentity(
                Integer.parseInt(process.get(0)), Long.parseLong(process.get(1)), Long.parseLong(process.get(2)));
        GuestRecord record = new GuestRecord(
                new GuestClaim(id, version, uuid, port, auth, owner),
                access,
                vm.isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(vm)),
                socket,
                numbering.isEmpty() ? Optional.empty() : Optional.of(Numbering.valueOf(numbering)),
                mode.isEmpty() ? Optional.empty() : Optional.of(parseMode(mode)));
        if (!record.format(bootId).equals(text)) {
            throw new IllegalArgumentException("it is not as it was written");
        }
        return record;
    }

    /** Anything but the two words is refused by the comparison with what {@link #format} writes. */
    private static GuestAccess parseAccess(Lines lines) {
        String file = lines.valueOrNone("file");
        GuestAccess access = file.isEmpty() ? GuestAccess.NONE : GuestAccess.NONE.withFile(file);
        access = access.withAuthentication(lines.value("authenticated").equals(YES));
        return lines.value("shut").equals(YES) ? access.asShut() : access;
    }

    private static ScreenMode parseMode(String text) {
        String[] fields = text.split(" ");
        if (fields.length != 3) {
            throw new IllegalArgumentException("mode has " + fields.length + " fields");
        }
        try {
            return new ScreenMode(
                    Integer.parseUnsignedInt(fields[0], 16), Integer.parseInt(fields[1]), Integer.parseInt(fields[2]));
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("mode " + GuestClaim.printable(text), e);
        }
    }

    private static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    /** Lines in their order, each of which must be the one expected. */
    private static final class Lines {
        private final List<String> rest;

        Lines(List<String> lines) {
            rest = new ArrayList<>(lines);
        }

        void exactly(String expected) {
            if (rest.isEmpty() || !rest.remove(0).equals(expected)) {
                throw new IllegalArgumentException("no line '" + expected + "' where it belongs");
            }
        }

        String value(String name) {
            if (rest.isEmpty() || !rest.get(0).startsWith(name + " ")) {
                throw new IllegalArgumentException("no line '" + name + "' where it belongs");
            }
            return rest.remove(0).substring(name.length() + 1);
        }

        String valueOrNone(String name) {
            String value = value(name);
            return value.equals(NONE) ? "" : value;
        }

        List<String> values(String name, int count) {
            String[] fields = value(name).split(" ");
            if (fields.length != count) {
                throw new IllegalArgumentException(name + " has " + fields.length + " fields");
            }
            return List.of(fields);
        }
    }
}
