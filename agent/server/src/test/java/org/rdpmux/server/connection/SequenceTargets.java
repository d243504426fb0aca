// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.OptionalInt;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.pdu.PduException;
import org.rdpmux.pdu.PreconnectionPdu;
import org.rdpmux.pdu.gcc.ClientCoreData.Tail;
import org.rdpmux.security.access.Authentication;

/**
 * What a fuzzer feeds the connection sequence: any order of what can come in, and any frames. The first byte chooses the
 * policy, the second how far an honest client has come before. Each of the others is the kind of the next thing, and its
 * contents follow; frames are cut from the bytes as the pipeline cuts them.
 */
final class SequenceTargets {

    private static final int FRAME_KINDS = 8;
    private static final int EVENT_KINDS = 10;

    /** Set in the second byte if the client has a message channel and answers there. */
    private static final int ANSWERS = 0x40;

    private final Script script;
    private int seen;
    private boolean joined;
    private boolean active;
    private boolean closed;

    private SequenceTargets(Script script) {
        this.script = script;
        checkActions();
    }

    /** Whatever comes, the sequence keeps its promises, and nothing but a {@link PduException} ends it. */
    static void conversation(byte[] bytes) {
        if (bytes.length < 3) {
            return;
        }
        Authentication[] policies = Authentication.values();
        Authentication policy = policies[(bytes[0] & 0xff) % policies.length];
        SequenceTargets target = new SequenceTargets(begun(policy, bytes[1]));
        ByteBuf in = Unpooled.wrappedBuffer(bytes).skipBytes(2);
        try {
            while (in.isReadable() && target.next(in)) {
                target.checkActions();
            }
        } catch (PduException refused) {
            assertFalse(refused.getMessage().isBlank());
        }
    }

    /** An honest client's way, up to a point; the one of NLA is at its beginning always. */
    private static Script begun(Authentication policy, int stage) {
        Script script = new Script(policy);
        int steps = policy == Authentication.NLA ? 0 : (stage & 0xff) % 4;
        OptionalInt selected = OptionalInt.empty();
        int early = Tail.WANT_32BPP_SESSION | Tail.SUPPORT_ERRINFO_PDU;
        if ((stage & ANSWERS) != 0) {
            script.withMessageChannel();
            early |= Tail.SUPPORT_NETCHAR_AUTODETECT;
        }
        switch (steps) {
            case 1 -> script.toInfo(Script.core(early, 24, selected));
            case 2 -> script.toDemandActive(Script.core(early, 24, selected));
            case 3 -> {
                script.toDemandActive(Script.core(early, 24, selected));
                script.confirmAndFinalize((stage & 0x80) != 0);
            }
            default -> {
                // nothing has been said
            }
        }
        return script;
    }

    /** Feeds one thing; false if there was no whole thing left. */
    private boolean next(ByteBuf in) {
        int kind = in.readUnsignedByte() % (FRAME_KINDS + EVENT_KINDS);
        if (kind < FRAME_KINDS) {
            int length = FrameSplitter.nextLength(in, FrameSplitter.MAX_CLIENT_LENGTH);
            if (length == FrameSplitter.INCOMPLETE || length > in.readableBytes()) {
                return false;
            }
            feed(new Inbound.Frame(in.readSlice(length)));
            return true;
        }
        Inbound event = event(kind - FRAME_KINDS, in);
        ConnectionState before = script.state;
        try {
            feed(event);
        } catch (IllegalStateException unexpected) {
            assertEquals(before, script.state); // the driver has lost count, which it does not
        }
        return true;
    }

    /** Unlike {@link Script#feed}, leaves it open where the connection leads to. */
    private void feed(Inbound in) {
        Step step = script.state.on(in);
        script.state = step.next();
        script.actions.addAll(step.actions());
    }

    private static Inbound event(int kind, ByteBuf in) {
        return switch (kind) {
            case 0 -> new Inbound.Preconnection(new PreconnectionPdu(2, 1, "vm1"));
            case 1 -> new Inbound.DirectTls();
            case 2 -> new Inbound.TlsEstablished();
            case 3 -> new Inbound.NlaSucceeded();
            case 4 -> new Inbound.CredentialsAccepted();
            case 5 -> new Inbound.CredentialsRejected();
            case 6 -> new Inbound.DesktopSize(1 + number(in) % 8192, 1 + number(in) % 8192);
            case 7 -> new Inbound.Disconnect(number(in));
            case 8 -> new Inbound.Routed(Authentication.values()[number(in) % Authentication.values().length]);
            default -> new Inbound.NotRouted("nowhere");
        };
    }

    private static int number(ByteBuf in) {
        return in.readableBytes() < 2 ? 0 : in.readUnsignedShort();
    }

    /** Those that came since the last time. */
    private void checkActions() {
        List<Action> actions = script.actions;
        for (; seen < actions.size(); seen++) {
            assertFalse(closed, "an action after the last");
            Action action = actions.get(seen);
            if (action instanceof Action.Send send) {
                assertEquals(send.pdu().size(), Script.bytes(send.pdu()).length);
            } else if (action instanceof Action.AskDesktopSize) {
                joined = true;
            } else if (action instanceof Action.DetectNetwork || action instanceof Action.NetworkAnswered) {
                assertTrue(joined, "a network is measured that nobody looks after");
            } else if (action instanceof Action.Activated) {
                assertFalse(active, "activated twice");
                active = true;
            } else if (action instanceof Action.Deactivated) {
                assertTrue(active, "deactivated, but it was not active");
                active = false;
            } else if (action instanceof Action.Close close) {
                assertNotEquals("", close.reason());
                assertInstanceOf(Closed.class, script.state);
                closed = true;
            }
        }
    }
}
