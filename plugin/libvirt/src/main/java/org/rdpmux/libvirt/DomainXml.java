// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.io.CharArrayReader;
import java.io.Reader;
import java.io.StringReader;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What we need of a domain's XML (https://libvirt.org/formatdomain.html). Part of it was written by whoever may define
 * domains, and the metadata by whoever may change that: neither can make us read files, expand entities, or allocate more
 * than the text is long.
 *
 * @param id empty if the domain is off
 */
record DomainXml(UUID uuid, String name, OptionalInt id, List<Graphics> graphics, DomainMetadata metadata) {

    /** The longest text read: libvirt's own limit for a string in a message (VIR_NET_MESSAGE_STRING_MAX, 4 MiB). */
    static final int MAX_CHARS = 4 * 1024 * 1024;

    /** The deepest nesting followed. libvirt's own elements go to a depth of about ten. */
    static final int MAX_DEPTH = 64;

    /** The longest name, port, address or path read: no such thing is longer than a path. */
    static final int MAX_VALUE_CHARS = 4096;

    /** The longest piece of a bad value that a sentence about it quotes. */
    private static final int QUOTED_CHARS = 32;

    private static final XMLInputFactory FACTORY = factory();

    DomainXml {
        Objects.requireNonNull(uuid);
        Objects.requireNonNull(name);
        graphics = List.copyOf(graphics);
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setXMLResolver((publicId, systemId, baseUri, namespace) -> {
            throw new XMLStreamException("external entity " + systemId);
        });
        return factory;
    }

    /**
     * Reads a {@code <domain>} element.
     *
     * @throws IllegalArgumentException with the reason if this is no domain's XML
     */
    static DomainXml parse(String xml) {
        if (xml.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "domain XML of " + xml.length() + " characters; at most " + MAX_CHARS + " are read");
        }
        try {
            return new Parser(reader(new StringReader(xml)), OptionalInt.empty()).domain();
        } catch (XMLStreamException e) {
            String reason =
                    e.getMessage() == null ? "not well-formed" : e.getMessage().replaceAll("\\s+", " ");
            throw new IllegalArgumentException("domain XML: " + reason, e);
        }
    }

    /**
     * The password in a console's {@code <graphics>} element; empty if it has none.
     *
     * @param xml of a domain, as libvirt tells it to those who may see secrets; the caller's to wipe
     * @param index as {@link Graphics#index()}
     * @throws IllegalArgumentException if this is no domain's XML; the message quotes none of it
     */
    static Optional<GraphicsPassword> password(char[] xml, int index) {
        if (xml.length > MAX_CHARS) {
            throw new IllegalArgumentException("domain XML of more than " + MAX_CHARS + " characters");
        }
        try {
            Parser parser = new Parser(reader(new CharArrayReader(xml)), OptionalInt.of(index));
            parser.domain();
            return parser.password;
        } catch (XMLStreamException e) {
            // Without the cause, which may quote what it stumbled over.
            throw new IllegalArgumentException("domain XML: not well-formed");
        }
    }

    private static XMLStreamReader reader(Reader text) throws XMLStreamException {
        synchronized (FACTORY) { // the JDK's factory reuses its last reader
            return FACTORY.createXMLStreamReader(text);
        }
    }

    /** Walks through the document once. Its many fields are what it has found so far. */
    private static final class Parser {
        private final XMLStreamReader reader;
        private static final Optional<String> YES = Optional.of("yes");

        private final List<Graphics> graphics = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private Optional<Boolean> enabled = Optional.empty();
        private OptionalInt port = OptionalInt.empty();
        private Optional<String> policy = Optional.empty();
        private OptionalInt id = OptionalInt.empty();
        private UUID uuid;
        private String name;
        private int depth;
        private int graphicsSeen;
        private final OptionalInt passwordOf;
        private Optional<GraphicsPassword> password = Optional.empty();

        /** @param passwordOf the console whose password is wanted */
        Parser(XMLStreamReader reader, OptionalInt passwordOf) {
            this.reader = reader;
            this.passwordOf = passwordOf;
        }

        DomainXml domain() throws XMLStreamException {
            if (!nextElement() || !reader.getLocalName().equals("domain")) {
                throw new IllegalArgumentException("domain XML: the root is not <domain>");
            }
            String idText = reader.getAttributeValue(null, "id");
            if (idText != null) {
                id = OptionalInt.of(number("domain id", idText, 0, Integer.MAX_VALUE));
            }
            while (nextElement()) {
                switch (reader.getLocalName()) {
                    case "name" -> name = text("name");
                    case "uuid" -> uuid = uuid(text("uuid"));
                    case "devices" -> children(this::device);
                    case "metadata" -> children(this::metadata);
                    default -> skip();
                }
            }
            if (name == null || uuid == null) {
                throw new IllegalArgumentException("domain XML: no <" + (name == null ? "name" : "uuid") + ">");
            }
            return new DomainXml(uuid, name, id, graphics, new DomainMetadata(enabled, port, policy, problems));
        }

        private interface Child {
            void read() throws XMLStreamException;
        }

        /** Hands each child of the present element to {@code child}, which has to consume it. */
        private void children(Child child) throws XMLStreamException {
            while (nextElement()) {
                child.read();
            }
        }

        private void device() throws XMLStreamException {
            if (!reader.getLocalName().equals("graphics")) {
                skip();
                return;
            }
            int index = graphicsSeen++;
            if (index >= Graphics.LIMIT) {
                skip();
                return;
            }
            String type = attribute("graphics type", "type").orElse("");
            OptionalInt tcpPort = tcpPort(attribute("graphics port", "port"));
            if (passwordOf.equals(OptionalInt.of(index))) {
                password = password();
            }
            Optional<String> socket = attribute("graphics socket", "socket");
            Optional<String> listen = attribute("graphics listen", "listen");
            Optional<String> keymap = attribute("graphics keymap", "keymap");
            boolean peerToPeer = attribute("graphics p2p", "p2p").equals(YES);
            while (nextElement()) {
                if (reader.getLocalName().equals("gl")) {
                    peerToPeer &= !attribute("gl enable", "enable").equals(YES);
                }
                if (reader.getLocalName().equals("listen")) {
                    socket = socket.or(() -> attribute("listen socket", "socket"));
                    listen = listen.or(() -> attribute("listen address", "address"));
                }
                skip();
            }
            graphics.add(new Graphics(index, type, tcpPort, socket, listen, keymap, peerToPeer));
        }

        private Optional<GraphicsPassword> password() {
            Optional<Instant> validTo =
                    attribute("graphics passwdValidTo", "passwdValidTo").map(Parser::time);
            return attribute("graphics passwd", "passwd")
                    .map(text -> new GraphicsPassword(text.toCharArray(), validTo));
        }

        /** Such as {@code 2026-11-22T15:00:00}, in UTC. */
        private static Instant time(String text) {
            try {
                return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("domain XML: passwdValidTo '" + quoted(text) + "' is no time", e);
            }
        }

        /** A port that is not chosen yet is -1 or 0 or not there. */
        private static OptionalInt tcpPort(Optional<String> text) {
            if (text.isEmpty()) {
                return OptionalInt.empty();
            }
            int value = number("graphics port", text.get(), -1, 65535);
            return value > 0 ? OptionalInt.of(value) : OptionalInt.empty();
        }

        private void metadata() throws XMLStreamException {
            if (!DomainMetadata.NAMESPACE.equals(reader.getNamespaceURI())) {
                skip();
                return;
            }
            if (!reader.getLocalName().equals("vm")) {
                problem("<" + quoted(reader.getLocalName()) + "> is not known; the element is <vm>");
                skip();
                return;
            }
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                String value = reader.getAttributeValue(i);
                String attribute = reader.getAttributeLocalName(i);
                switch (attribute) {
                    case "enabled" -> enabled(value);
                    case "port" -> pinned(value);
                    case "policy" -> policy(value);
                    default ->
                        problem("attribute " + quoted(attribute) + " is not known; there are enabled, port and policy");
                }
            }
            skip();
        }

        private void enabled(String value) {
            switch (value) {
                case "yes" -> enabled = Optional.of(true);
                case "no" -> enabled = Optional.of(false);
                default -> problem("enabled='" + quoted(value) + "' is neither yes nor no");
            }
        }

        private void pinned(String value) {
            try {
                port = OptionalInt.of(number("port", value, 1, 65535));
            } catch (IllegalArgumentException e) {
                problem("port='" + quoted(value) + "' is not a number of 1 to 65535");
            }
        }

        private void policy(String value) {
            boolean known = DomainMetadata.POLICIES.contains(value);
            policy = Optional.of(known ? value : DomainMetadata.STRICTEST_POLICY);
            if (!known) {
                problem("policy='" + quoted(value) + "' is none of nla, tls and none; nla holds");
            }
        }

        private void problem(String sentence) {
            if (problems.size() < DomainMetadata.PROBLEM_LIMIT) {
                problems.add(sentence);
            }
        }

        private Optional<String> attribute(String what, String attribute) {
            String value = reader.getAttributeValue(null, attribute);
            return value == null ? Optional.empty() : Optional.of(bounded(what, value));
        }

        /** Goes to the next child element of the present one; false at the end of the present one. */
        private boolean nextElement() throws XMLStreamException {
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (++depth > MAX_DEPTH) {
                            throw new IllegalArgumentException("domain XML: nested deeper than " + MAX_DEPTH);
                        }
                        return true;
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        depth--;
                        return false;
                    }
                    case XMLStreamConstants.DTD ->
                        throw new IllegalArgumentException("domain XML: a document type has no place in it");
                    case XMLStreamConstants.ENTITY_REFERENCE ->
                        throw new IllegalArgumentException("domain XML: an entity reference has no place in it");
                    default -> {
                        // Text, comments and processing instructions between elements mean nothing here.
                    }
                }
            }
            return false;
        }

        /** Consumes the present element with all that is in it. */
        private void skip() throws XMLStreamException {
            int outside = depth - 1;
            while (depth > outside) {
                nextElement();
            }
        }

        /** The text of the present element, which it consumes; there is nothing but text in it. */
        private String text(String what) throws XMLStreamException {
            StringBuilder text = new StringBuilder();
            for (int event = reader.next(); event != XMLStreamConstants.END_ELEMENT; event = reader.next()) {
                switch (event) {
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                        text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
                    case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {
                        // means nothing
                    }
                    default ->
                        throw new IllegalArgumentException("domain XML: " + what + " holds something that is not text");
                }
            }
            depth--;
            if (text.isEmpty()) {
                throw new IllegalArgumentException("domain XML: " + what + " is empty");
            }
            return bounded(what, text.toString());
        }

        private static UUID uuid(String text) {
            try {
                return UUID.fromString(text.trim());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("domain XML: uuid '" + quoted(text) + "' is none", e);
            }
        }

        private static String bounded(String what, String value) {
            if (value.length() > MAX_VALUE_CHARS) {
                throw new IllegalArgumentException(
                        "domain XML: " + what + " has " + value.length() + " characters; at most " + MAX_VALUE_CHARS);
            }
            return value;
        }

        private static int number(String what, String text, int min, int max) {
            try {
                int value = Integer.parseInt(text);
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException ignored) {
                // said below
            }
            throw new IllegalArgumentException(
                    "domain XML: " + what + " '" + quoted(text) + "' is not a number of " + min + " to " + max);
        }

        private static String quoted(String text) {
            String printable = text.replaceAll("\\p{Cntrl}", "?");
            return printable.length() <= QUOTED_CHARS ? printable : printable.substring(0, QUOTED_CHARS) + "...";
        }
    }
}
