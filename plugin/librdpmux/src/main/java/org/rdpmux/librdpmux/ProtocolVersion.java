// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rdpmux.librdpmux.wire.Numbering;
import org.rdpmux.librdpmux.wire.TransportReady.Framing;

/** A version of librdpmux's protocol, as guests name it when they register, and what follows from it. */
public enum ProtocolVersion {
    V1(1, "ii", Set.of(Framing.SP), Numbering.ZERO_BASED),
    /** Early builds speak nanomsg, late ones ZeroMQ; which one shows on the socket alone. */
    V2(2, "iis", Set.of(Framing.SP, Framing.ZMTP), Numbering.ZERO_BASED),
    V3(3, "iis", Set.of(Framing.ZMTP), Numbering.ZERO_BASED),
    /**
     * Early builds number messages as version 3 does and wait for acknowledges, late ones number as version 5 does and
     * wait for nothing; which one shows in the first message. The latest ones register with version 5's arguments.
     */
    V4(4, "iisq iisqs", Set.of(Framing.ZMTP), null),
    V5(5, "iisqs", Set.of(Framing.ZMTP), Numbering.ONE_BASED);

    private final int number;
    private final List<String> signatures;
    private final Set<Framing> framings;
    private final Numbering numbering;

    ProtocolVersion(int number, String signatures, Set<Framing> framings, Numbering numbering) {
        this.number = number;
        this.signatures = List.of(signatures.split(" "));
        this.framings = framings;
        this.numbering = numbering;
    }

    /** The version with this number, if there is one. */
    public static Optional<ProtocolVersion> of(int number) {
        return number >= 1 && number <= values().length ? Optional.of(values()[number - 1]) : Optional.empty();
    }

    /** 1 to 5. */
    public int number() {
        return number;
    }

    /** The D-Bus signatures of {@code Register} that guests of this version call. */
    List<String> signatures() {
        return signatures;
    }

    Set<Framing> framings() {
        return framings;
    }

    /** Empty if only the first message tells. */
    Optional<Numbering> numbering() {
        return Optional.ofNullable(numbering);
    }

    /**
     * Whether over nanomsg each update is to be read as a change of the whole screen: those builds announce only the first
     * of several changed rectangles.
     */
    boolean announcesOnlyFirstChange(Framing framing) {
        return framing == Framing.SP;
    }
}
