// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import static org.rdpmux.vnc.RfbException.violation;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * From the first byte to ServerInit (RFC 6143 sections 7.1 to 7.3), for protocol versions 3.3, 3.7 and 3.8. Asks for a
 * shared session, so that nobody else is thrown out.
 */
final class RfbHandshake {

    /** What ServerInit tells. The server's own pixel format is of no interest: we set ours. */
    record ServerInit(int width, int height, String name) {}

    /** Longer names are not names; QEMU's is that of the virtual machine. */
    static final int MAX_NAME = 4096;
    /** A reason is one sentence for people; what does not fit the log is not worth waiting for. */
    static final int MAX_REASON = 4096;

    /** Of up to 255 security types; as many as a sentence for people holds. */
    private static final int MAX_NAMED_TYPES = 5;

    private static final int VERSION_SIZE = 12;
    private static final int SECURITY_NONE = 1;
    private static final int SECURITY_VNC = 2;
    private static final int SERVER_INIT_SIZE = 24;

    private enum State {
        VERSION,
        SECURITY_TYPE_GIVEN,
        SECURITY_TYPES,
        CHALLENGE,
        RESULT,
        REASON,
        SERVER_INIT,
        DONE
    }

    private final char[] password;
    private State state = State.VERSION;
    private int minor;
    private String refusal;
    private ServerInit serverInit;

    /** @param password empty or not, or null if there is none; cleared by {@link #wipe} */
    RfbHandshake(char[] password) {
        this.password = password;
    }

    /**
     * Reads what it can.
     *
     * @return ServerInit once it is there, null while bytes are missing
     */
    ServerInit receive(ByteBuf in, ByteBuf out) {
        boolean progress = true;
        while (progress && state != State.DONE) {
            progress = switch (state) {
                case VERSION -> version(in, out);
                case SECURITY_TYPE_GIVEN -> securityTypeGiven(in, out);
                case SECURITY_TYPES -> securityTypes(in, out);
                case CHALLENGE -> challenge(in, out);
                case RESULT -> result(in, out);
                case REASON -> reason(in);
                case SERVER_INIT -> serverInit(in);
                case DONE -> false;
            };
        }
        return serverInit;
    }

    /** Whether the server has let us in: all that is missing is its screen. */
    boolean isLetIn() {
        return state == State.SERVER_INIT || state == State.DONE;
    }

    /** Overwrites the password. */
    void wipe() {
        if (password != null) {
            Arrays.fill(password, '\0');
        }
    }

    /** 7.1.1 ProtocolVersion: "RFB xxx.yyy\n". */
    private boolean version(ByteBuf in, ByteBuf out) {
        if (in.readableBytes() < VERSION_SIZE) {
            return false;
        }
        String text =
                in.readCharSequence(VERSION_SIZE, StandardCharsets.ISO_8859_1).toString();
        if (!text.matches("RFB \\d{3}\\.\\d{3}\n")) {
            throw violation("ProtocolVersion", "text", "is not that of a VNC server");
        }
        int major = Integer.parseInt(text.substring(4, 7));
        int offered = Integer.parseInt(text.substring(8, 11));
        if (major < 3 || major == 3 && offered < 3) {
            throw new RfbException("speaks RFB " + major + "." + offered + ", which is too old");
        }
        // Versions that never were (3.5, 3.889, 4.1) stand for the nearest one below that was.
        minor = major > 3 || offered >= 8 ? 8 : offered == 7 ? 7 : 3;
        out.writeCharSequence("RFB 003.00" + minor + "\n", StandardCharsets.ISO_8859_1);
        state = minor == 3 ? State.SECURITY_TYPE_GIVEN : State.SECURITY_TYPES;
        return true;
    }

    /** 7.1.2 Security, version 3.3: the server decides. */
    private boolean securityTypeGiven(ByteBuf in, ByteBuf out) {
        if (in.readableBytes() < 4) {
            return false;
        }
        int type = in.readInt();
        if (type == 0) {
            return awaitReason("refused the connection");
        }
        use(choose(new int[] {type}), out);
        return true;
    }

    /** 7.1.2 Security, versions 3.7 and 3.8: the server offers. */
    private boolean securityTypes(ByteBuf in, ByteBuf out) {
        if (!in.isReadable()) {
            return false;
        }
        int count = in.getUnsignedByte(in.readerIndex());
        if (in.readableBytes() < 1 + count) {
            return false;
        }
        in.skipBytes(1);
        if (count == 0) {
            return awaitReason("refused the connection");
        }
        int[] types = new int[count];
        for (int i = 0; i < count; i++) {
            types[i] = in.readUnsignedByte();
        }
        int type = choose(types);
        out.writeByte(type);
        use(type, out);
        return true;
    }

    private int choose(int[] types) {
        boolean wantsPassword = false;
        Set<String> names = new LinkedHashSet<>();
        for (int type : types) {
            if (type == SECURITY_NONE || type == SECURITY_VNC && password != null) {
                return type;
            }
            wantsPassword |= type == SECURITY_VNC;
            if (names.size() < MAX_NAMED_TYPES) {
                names.add(securityName(type));
            }
        }
        if (wantsPassword) {
            throw new RfbException("asks for a password, and none is configured");
        }
        throw new RfbException(
                "asks for authentication type " + String.join(" or ", names) + ", which rdpmux does not speak");
    }

    private static String securityName(int type) {
        return switch (type) {
            case 5, 6, 13 -> type + " (RA2)";
            case 16 -> "16 (Tight)";
            case 17 -> "17 (Ultra)";
            case 18 -> "18 (TLS)";
            case 19 -> "19 (VeNCrypt)";
            case 20 -> "20 (SASL)";
            case 30 -> "30 (Apple)";
            default -> Integer.toUnsignedString(type);
        };
    }

    private void use(int type, ByteBuf out) {
        if (type == SECURITY_VNC) {
            state = State.CHALLENGE;
        } else if (minor == 8) {
            state = State.RESULT;
        } else {
            clientInit(out);
        }
    }

    /** 7.2.2 VNC Authentication. */
    private boolean challenge(ByteBuf in, ByteBuf out) {
        if (in.readableBytes() < VncAuthentication.CHALLENGE_SIZE) {
            return false;
        }
        byte[] challenge = new byte[VncAuthentication.CHALLENGE_SIZE];
        in.readBytes(challenge);
        out.writeBytes(VncAuthentication.respond(challenge, password));
        wipe();
        state = State.RESULT;
        return true;
    }

    /** 7.1.3 SecurityResult. */
    private boolean result(ByteBuf in, ByteBuf out) {
        if (in.readableBytes() < 4) {
            return false;
        }
        int result = in.readInt();
        if (result == 0) {
            clientInit(out);
            return true;
        }
        String refused = result == 2 ? "refused us after too many attempts" : "refused the password";
        if (minor < 8) {
            throw new RfbException(refused);
        }
        return awaitReason(refused);
    }

    private boolean awaitReason(String refused) {
        refusal = refused;
        state = State.REASON;
        return true;
    }

    private boolean reason(ByteBuf in) {
        if (in.readableBytes() < 4) {
            return false;
        }
        long length = in.getUnsignedInt(in.readerIndex());
        if (length > MAX_REASON) {
            throw new RfbException(refusal);
        }
        if (in.readableBytes() < 4 + length) {
            return false;
        }
        in.skipBytes(4);
        String reason = Text.line(in, (int) length);
        throw new RfbException(reason.isEmpty() ? refusal : refusal + ": " + reason);
    }

    /** 7.3.1 ClientInit. */
    private void clientInit(ByteBuf out) {
        out.writeByte(1); // shared-flag
        wipe();
        state = State.SERVER_INIT;
    }

    /** 7.3.2 ServerInit. */
    private boolean serverInit(ByteBuf in) {
        if (in.readableBytes() < SERVER_INIT_SIZE) {
            return false;
        }
        int start = in.readerIndex();
        int width = in.getUnsignedShort(start);
        int height = in.getUnsignedShort(start + 2);
        long nameLength = in.getUnsignedInt(start + 20);
        Surface.checkSize("ServerInit", width, height);
        if (nameLength > MAX_NAME) {
            throw violation("ServerInit", "name-length", nameLength + " is more than " + MAX_NAME);
        }
        if (in.readableBytes() < SERVER_INIT_SIZE + nameLength) {
            return false;
        }
        in.skipBytes(SERVER_INIT_SIZE);
        serverInit = new ServerInit(width, height, Text.line(in, (int) nameLength));
        state = State.DONE;
        return true;
    }
}
