// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import static org.rdpmux.qemudbus.DbusException.violation;

import io.netty.buffer.ByteBuf;

/**
 * The header of a message (D-Bus specification, "Message Format"). Fields that are not there are empty, numbers 0.
 *
 * @param type one of the four below, or another that is to be ignored
 * @param flags of the message
 * @param bodyLength in bytes
 * @param serial the sender's number of the message, not 0
 * @param replySerial the number of the message that this answers
 * @param descriptors how many come with it
 */
record MessageHeader(
        int type,
        int flags,
        int bodyLength,
        int serial,
        String path,
        String interfaceName,
        String member,
        String errorName,
        int replySerial,
        String signature,
        int descriptors) {

    static final int METHOD_CALL = 1;
    static final int METHOD_RETURN = 2;
    static final int ERROR = 3;
    static final int SIGNAL = 4;

    static final int NO_REPLY_EXPECTED = 1;

    /** Of the fields. QEMU's have some 200 bytes; names have 255 at most, a path is the longest. */
    static final int MAX_FIELDS = 16 << 10;

    /** Of a message, by the specification; a screen of 8K has 133 MB. */
    static final int MAX_BODY = 1 << 27;

    private static final int LITTLE_ENDIAN = 'l';
    private static final int VERSION = 1;
    /** Of what comes before the fields: byte order, type, flags, version, three numbers. */
    private static final int FIXED = 16;

    private static final int PATH = 1;
    private static final int INTERFACE = 2;
    private static final int MEMBER = 3;
    private static final int ERROR_NAME = 4;
    private static final int REPLY_SERIAL = 5;
    private static final int SIGNATURE = 8;
    private static final int UNIX_FDS = 9;

    static MessageHeader call(String path, String interfaceName, String member, String signature) {
        return new MessageHeader(METHOD_CALL, 0, 0, 0, path, interfaceName, member, "", 0, signature, 0);
    }

    static MessageHeader reply(int serial, String signature) {
        return new MessageHeader(METHOD_RETURN, NO_REPLY_EXPECTED, 0, 0, "", "", "", "", serial, signature, 0);
    }

    static MessageHeader error(int serial, String name) {
        return new MessageHeader(ERROR, NO_REPLY_EXPECTED, 0, 0, "", "", "", name, serial, "s", 0);
    }

    boolean isReplyWanted() {
        return type == METHOD_CALL && (flags & NO_REPLY_EXPECTED) == 0;
    }

    /** Reads a header with the padding behind it, or nothing if it is not there whole: then null. */
    static MessageHeader read(ByteBuf in) {
        if (in.readableBytes() < FIXED) {
            return null;
        }
        int at = in.readerIndex();
        if (in.getUnsignedByte(at) != LITTLE_ENDIAN || in.getUnsignedByte(at + 3) != VERSION) {
            throw violation("message", "is not little-endian of version 1");
        }
        int bodyLength = in.getIntLE(at + 4);
        int serial = in.getIntLE(at + 8);
        int fields = in.getIntLE(at + 12);
        if (bodyLength < 0 || bodyLength > MAX_BODY) {
            throw violation("message", "has a body of " + Integer.toUnsignedLong(bodyLength) + " bytes");
        }
        if (fields < 0 || fields > MAX_FIELDS) {
            throw violation("message", "has fields of " + Integer.toUnsignedLong(fields) + " bytes");
        }
        if (serial == 0) {
            throw violation("message", "has no serial");
        }
        int size = FIXED + fields + 7 & ~7;
        if (in.readableBytes() < size) {
            return null;
        }
        Fields read = new Fields();
        DbusReader reader = new DbusReader(in.slice(at, size));
        reader.int32();
        reader.int32();
        reader.int32();
        int end = reader.array(8);
        while (reader.isBefore(end)) {
            read.field(reader);
        }
        MessageHeader header = read.header(in.getUnsignedByte(at + 1), in.getUnsignedByte(at + 2), bodyLength, serial);
        in.skipBytes(size);
        return header;
    }

    /** The fields as they are read. */
    private static final class Fields {
        private String path = "";
        private String interfaceName = "";
        private String member = "";
        private String errorName = "";
        private String signature = "";
        private int replySerial;
        private int descriptors;

        void field(DbusReader reader) {
            reader.structure();
            int code = reader.uint8();
            switch (code) {
                case PATH -> path = text(reader, "o");
                case INTERFACE -> interfaceName = text(reader, "s");
                case MEMBER -> member = text(reader, "s");
                case ERROR_NAME -> errorName = text(reader, "s");
                case REPLY_SERIAL -> replySerial = number(reader);
                case UNIX_FDS -> descriptors = number(reader);
                case SIGNATURE -> {
                    expect(reader, "g");
                    signature = reader.signature();
                }
                default -> reader.skipVariant();
            }
        }

        private static String text(DbusReader reader, String type) {
            expect(reader, type);
            return reader.string();
        }

        private static int number(DbusReader reader) {
            expect(reader, "u");
            return reader.int32();
        }

        private static void expect(DbusReader reader, String type) {
            if (!reader.signature().equals(type)) {
                throw violation("message", "has a field of another type than " + type);
            }
        }

        MessageHeader header(int type, int flags, int bodyLength, int serial) {
            if (descriptors < 0 || descriptors > Descriptors.MAX) {
                throw violation("message", "speaks of " + Integer.toUnsignedLong(descriptors) + " file descriptors");
            }
            if (signature.isEmpty() && bodyLength > 0) {
                throw violation("message", "has a body without a signature");
            }
            return new MessageHeader(
                    type,
                    flags,
                    bodyLength,
                    serial,
                    path,
                    interfaceName,
                    member,
                    errorName,
                    replySerial,
                    signature,
                    descriptors);
        }
    }

    /** Writes a message: this header with another serial and the length of the body, then the body. */
    void write(int newSerial, ByteBuf body, ByteBuf out) {
        DbusWriter writer = new DbusWriter(out);
        writer.uint8(LITTLE_ENDIAN).uint8(type).uint8(flags).uint8(VERSION);
        writer.int32(body.readableBytes()).int32(newSerial);
        writer.array(8, () -> {
            text(writer, PATH, "o", path);
            text(writer, INTERFACE, "s", interfaceName);
            text(writer, MEMBER, "s", member);
            text(writer, ERROR_NAME, "s", errorName);
            number(writer, REPLY_SERIAL, replySerial);
            number(writer, UNIX_FDS, descriptors);
            if (!signature.isEmpty()) {
                writer.align(8).uint8(SIGNATURE).signature("g").signature(signature);
            }
        });
        writer.align(8);
        out.writeBytes(body, body.readerIndex(), body.readableBytes());
    }

    private static void text(DbusWriter writer, int code, String type, String value) {
        if (!value.isEmpty()) {
            writer.align(8).uint8(code).signature(type).string(value);
        }
    }

    private static void number(DbusWriter writer, int code, int value) {
        if (value != 0) {
            writer.align(8).uint8(code).signature("u").int32(value);
        }
    }

    /** The same with this many descriptors. */
    MessageHeader with(int count) {
        return new MessageHeader(
                type, flags, bodyLength, serial, path, interfaceName, member, errorName, replySerial, signature, count);
    }
}
