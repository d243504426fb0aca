// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One-time tickets: a name and a random password that open one console once, within a short time. They live in memory only
 * and end with the process. Of a password just the NT hash is kept; the password has 130 random bits, so that the hash leads
 * nobody back to it, but until the ticket is used or expires, who reads this process's memory can use the hash itself.
 *
 * <p>Thread safe. Ended tickets are remembered for a while, so that the audit trail can tell a second use from a guess.
 */
public final class Tickets implements CredentialStore {

    /** More than this many consoles are not handed out at once; whoever issues them learns it. */
    public static final int MAX_LIVE = 1024;

    /** Tickets of one user name: each is tried when somebody logs in with that name. */
    public static final int MAX_LIVE_PER_USER = 16;

    /** How long an ended ticket is told from a wrong password. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    private static final int MAX_ENDED = 1024;
    private static final int MAX_ENDED_PER_USER = 16;

    /** 26 characters of 5 bits. */
    private static final int PASSWORD_LENGTH = 26;

    private static final int ID_LENGTH = 8;

    /** 32 characters that are told apart by eye. */
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private final SecureRandom random;
    private final Credential decoy;

    /** By id, oldest first. Guarded by this. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Guarded by the store. */
    private static final class Entry {
        final Ticket ticket;
        final NtHash hash;
        Credential.Denial end;
        Instant ended;

        Entry(Ticket ticket, NtHash hash) {
            this.ticket = ticket;
            this.hash = hash;
        }

        boolean isLive() {
            return end == null;
        }

        void end(Credential.Denial reason, Instant now) {
            end = reason;
            ended = now;
        }
    }

    public Tickets(SecureRandom random) {
        this.random = random;
        decoy = new DecoyCredential(Credential.Source.TICKET, random);
    }

    /**
     * Makes a ticket. Its password is in the answer and nowhere else.
     *
     * @throws IllegalStateException with a sentence, if there are too many
     */
    public synchronized Ticket.Issued issue(Ticket.Terms terms, Instant now) {
        tidy(now);
        String id = draw(ID_LENGTH);
        while (entries.containsKey(id)) {
            id = draw(ID_LENGTH);
        }
        String user = terms.user().orElse("ticket-" + id);
        if (entries.values().stream().filter(Entry::isLive).count() >= MAX_LIVE) {
            throw new IllegalStateException("there are " + MAX_LIVE + " unused tickets already");
        }
        if (of(user).stream().filter(Entry::isLive).count() >= MAX_LIVE_PER_USER) {
            throw new IllegalStateException(
                    "there are " + MAX_LIVE_PER_USER + " unused tickets for " + Logfmt.escape(user) + " already");
        }
        char[] password = draw(PASSWORD_LENGTH).toCharArray();
        Ticket ticket = new Ticket(id, user, terms.console(), terms.viewOnly(), now.plus(terms.lifetime()));
        entries.put(id, new Entry(ticket, NtHash.ofPassword(password)));
        return new Ticket.Issued(ticket, password);
    }

    /** The tickets that can still be used, oldest first. */
    public synchronized List<Ticket> live(Instant now) {
        tidy(now);
        return entries.values().stream()
                .filter(Entry::isLive)
                .map(entry -> entry.ticket)
                .toList();
    }

    /** Ends a ticket before its time; empty if there is no such ticket that can still be used. */
    public synchronized Optional<Ticket> revoke(String id, Instant now) {
        tidy(now);
        Entry entry = entries.get(id);
        if (entry == null || !entry.isLive()) {
            return Optional.empty();
        }
        entry.end(Credential.Denial.REVOKED, now);
        return Optional.of(entry.ticket);
    }

    /** Ends all tickets of a console, such as one that is no longer served. */
    public synchronized void revokeAll(ConsoleRef console, Instant now) {
        for (Entry entry : entries.values()) {
            if (entry.isLive() && entry.ticket.console().id().equals(console.id())) {
                entry.end(Credential.Denial.REVOKED, now);
            }
        }
    }

    @Override
    public synchronized List<Credential> find(Claim claim, ConsoleRef console, Instant now) {
        tidy(now);
        for (String name : UserName.spellings(claim)) {
            List<Entry> found = of(name);
            if (!found.isEmpty()) {
                return found.stream()
                        .<Credential>map(entry -> new Bearer(entry, console))
                        .toList();
            }
        }
        return List.of(decoy);
    }

    private List<Entry> of(String user) {
        String folded = UserName.fold(user);
        List<Entry> found = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (UserName.fold(entry.ticket.user()).equals(folded)) {
                found.add(entry);
            }
        }
        return found;
    }

    /** Ends what has expired and forgets what ended long ago, or is one too many. */
    private void tidy(Instant now) {
        Map<String, Integer> endedOfUser = new LinkedHashMap<>();
        int ended = 0;
        List<Entry> newestFirst = new ArrayList<>(entries.values());
        Collections.reverse(newestFirst);
        for (Entry entry : newestFirst) {
            if (entry.isLive() && !now.isBefore(entry.ticket.expires())) {
                entry.end(Credential.Denial.EXPIRED, entry.ticket.expires());
            }
            if (!entry.isLive()) {
                int same = endedOfUser.merge(UserName.fold(entry.ticket.user()), 1, Integer::sum);
                if (++ended > MAX_ENDED || same > MAX_ENDED_PER_USER || !now.isBefore(entry.ended.plus(REMEMBERED))) {
                    entries.remove(entry.ticket.id());
                }
            }
        }
    }

    private String draw(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /** A ticket as it looks from one console. */
    private final class Bearer implements Credential {
        private final Entry entry;
        private final ConsoleRef console;

        Bearer(Entry entry, ConsoleRef console) {
            this.entry = entry;
            this.console = console;
        }

        @Override
        public NtHash ntHash() {
            return entry.hash;
        }

        @Override
        public String account() {
            return entry.ticket.user();
        }

        @Override
        public Source source() {
            return Source.TICKET;
        }

        @Override
        public boolean viewOnly() {
            return entry.ticket.viewOnly();
        }

        @Override
        public Optional<Denial> denial(Instant now) {
            synchronized (Tickets.this) {
                if (entry.end != null) {
                    return Optional.of(entry.end);
                }
                if (!now.isBefore(entry.ticket.expires())) {
                    return Optional.of(Denial.EXPIRED);
                }
                return entry.ticket.console().id().equals(console.id())
                        ? Optional.empty()
                        : Optional.of(Denial.OTHER_CONSOLE);
            }
        }

        @Override
        public Optional<Denial> redeem(Instant now) {
            synchronized (Tickets.this) {
                Optional<Denial> denial = denial(now);
                if (denial.isEmpty()) {
                    entry.end(Denial.USED, now);
                }
                return denial;
            }
        }
    }
}
