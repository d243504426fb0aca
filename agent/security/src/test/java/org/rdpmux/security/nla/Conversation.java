// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.access.Moment;
import org.rdpmux.security.access.NtHash;

/** Lets a client and a server talk, whole or up to a step. */
final class Conversation {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final Moment MOMENT = new Moment(NOW, 0);

    private static final int MAX_MESSAGES = 10;

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final ChannelBinding BINDING;

    static {
        byte[] key = new byte[270];
        byte[] hash = new byte[32];
        RANDOM.nextBytes(key);
        RANDOM.nextBytes(hash);
        key[0] = 0x30;
        BINDING = new ChannelBinding(key, List.of(hash));
    }

    static ChannelBinding binding() {
        return new ChannelBinding(BINDING.subjectPublicKey(), BINDING.endPointHashes());
    }

    CredSspServer server() {
        return server(CredSspServer.MIN_VERSION);
    }

    CredSspServer server(int minimum) {
        return new CredSspServer(ServerNames.of("kvm1.example.org"), minimum, BINDING, NOW, RANDOM);
    }

    CredSspClient.Options options(String user, String password) {
        return new CredSspClient.Options(user, password, BINDING.subjectPublicKey());
    }

    /** Runs to the end. */
    CredSspStep run(CredSspServer server, CredSspClient.Options options, Credential... credentials) {
        CredSspClient client = new CredSspClient(options);
        byte[] message = client.start();
        for (int i = 0; i < MAX_MESSAGES; i++) {
            CredSspStep step = give(server, message, credentials);
            if (!(step instanceof CredSspStep.Reply reply)) {
                return step;
            }
            message = client.on(reply.bytes());
        }
        throw new AssertionError("no end after " + MAX_MESSAGES + " messages");
    }

    /** The messages a client sends in a whole conversation. */
    List<byte[]> record(CredSspClient.Options options, Credential... credentials) {
        CredSspServer server = server();
        CredSspClient client = new CredSspClient(options);
        List<byte[]> messages = new ArrayList<>();
        messages.add(client.start());
        while (give(server, messages.get(messages.size() - 1), credentials) instanceof CredSspStep.Reply reply) {
            messages.add(client.on(reply.bytes()));
        }
        return messages;
    }

    /** Runs up to where the client's message number {@code step} is due, and returns that message. */
    byte[] advance(CredSspServer server, CredSspClient client, int step, Credential... credentials) {
        byte[] message = client.start();
        for (int i = 0; i < step; i++) {
            message = client.on(((CredSspStep.Reply) give(server, message, credentials)).bytes());
        }
        return message;
    }

    /** Gives one message and answers the look-up it may lead to. */
    CredSspStep give(CredSspServer server, byte[] message, Credential... credentials) {
        CredSspStep step = server.on(message);
        return step instanceof CredSspStep.Identify ? server.answer(List.of(credentials), MOMENT) : step;
    }

    static Credential credential(String account, String password) {
        return new Fixed(account, NtHash.ofPassword(password.toCharArray()), null);
    }

    static Credential credential(String account, String password, Credential.Denial denial) {
        return new Fixed(account, NtHash.ofPassword(password.toCharArray()), denial);
    }

    private record Fixed(String account, NtHash ntHash, Credential.Denial reason) implements Credential {
        @Override
        public Source source() {
            return Source.USERS_FILE;
        }

        @Override
        public boolean viewOnly() {
            return false;
        }

        @Override
        public Optional<Denial> denial(Moment now) {
            return Optional.ofNullable(reason);
        }
    }
}
