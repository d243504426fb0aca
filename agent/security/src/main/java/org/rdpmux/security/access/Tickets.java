// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One-time tickets: a name and a random password that open one console once, within a short time. If the session that one
 * began is lost, the same source may take it up again for a moment. They live in memory only and end with the process. Of a
 * password just the NT hash is kept; the password has 130 random bits, so that the hash leads nobody back to it, but until
 * the ticket is used or expires, who reads this process's memory can use the hash itself.
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

    /** How long a session that was lost can be taken up again: as long as clients try to connect anew. */
    static final Duration TAKE_UP = Duration.ofMinutes(1);

    private static final int MAX_ENDED = 1024;
    private static final int MAX_ENDED_PER_USER = 16;

    /** 26 characters of 5 bits. */
    private static final int PASSWORD_LENGTH = 26;

    private static final int ID_LENGTH = 8;

    /** 32 characters that are told apart by eye. */
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private final SecureRandom random;
    private final Optional<Duration> longestSession;
    private final Credential decoy;

    /** By id, oldest first. Guarded by this. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Guarded by the store. */
    private static final class Entry {
        final Ticket ticket;
        final NtHash hash;
        Credential.Denial end;
        Moment ended;
        /** Who used it; null before. */
        String network;

        /** Its session's. */
        Optional<Moment> sessionEnd = Optional.empty();

        /** When its session was lost; null if that did not happen, or it was taken up again. */
        Moment lost;

        Entry(Ticket ticket, NtHash hash) {
            this.ticket = ticket;
            this.hash = hash;
        }

        boolean isLive() {
            return end == null;
        }

        void end(Credential.Denial reason, Moment now) {
            end = reason;
            ended = now;
            lost = null;
        }

        /** Whether the session that it began can be taken up again from there. */
        boolean canBeTakenUp(String from, Moment now) {
            return lost != null
                    && from.equals(network)
                    && now.isWithin(TAKE_UP, lost)
                    && sessionEnd.map(now::isBefore).orElse(true);
        }
    }

    /** Whose sessions last for as long as clients like. */
    public Tickets(SecureRandom random) {
        this(random, Optional.empty());
    }

    /** @param longestSession how long sessions last that begin with a ticket, taken up again or not */
    public Tickets(SecureRandom random, Optional<Duration> longestSession) {
        this.random = random;
        this.longestSession = longestSession;
        decoy = new DecoyCredential(Credential.Source.TICKET, random);
    }

    /**
     * Makes a ticket. Its password is in the answer and nowhere else.
     *
     * @throws IllegalStateException with a sentence, if there are too many
     */
    public synchronized Ticket.Issued issue(Ticket.Terms terms, Moment now) {
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
    public synchronized List<Ticket> live(Moment now) {
        tidy(now);
        return entries.values().stream()
                .filter(Entry::isLive)
                .map(entry -> entry.ticket)
                .toList();
    }

    /** Ends a ticket before its time; empty if there is no such ticket that can still be used or taken up again. */
    public synchronized Optional<Ticket> revoke(String id, Moment now) {
        tidy(now);
        Entry entry = entries.get(id);
        if (entry == null || !entry.isLive() && entry.lost == null) {
            return Optional.empty();
        }
        entry.end(Credential.Denial.REVOKED, now);
        return Optional.of(entry.ticket);
    }

    /**
     * Ends the tickets of all consoles but these, whose sessions cannot be taken up again either.
     *
     * @param consoles by id
     * @return those that had not been used
     */
    public synchronized List<Ticket> revokeExcept(Set<String> consoles, Moment now) {
        tidy(now);
        List<Ticket> revoked = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (!consoles.contains(entry.ticket.console().id())) {
                if (entry.isLive()) {
                    entry.end(Credential.Denial.REVOKED, now);
                    revoked.add(entry.ticket);
                }
                entry.lost = null;
            }
        }
        return revoked;
    }

    @Override
    public synchronized List<Credential> find(Claim claim, LoginRequest request, Moment now) {
        List<Credential> found = unguessable(claim, request, now);
        return found.isEmpty() ? List.of(decoy) : found;
    }

    @Override
    public synchronized List<Credential> unguessable(Claim claim, LoginRequest request, Moment now) {
        tidy(now);
        for (String name : UserName.spellings(claim)) {
            List<Entry> found = of(name);
            if (!found.isEmpty()) {
                return found.stream()
                        .<Credential>map(entry -> new Bearer(entry, request))
                        .toList();
            }
        }
        return List.of();
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
    private void tidy(Moment now) {
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
                if (++ended > MAX_ENDED || same > MAX_ENDED_PER_USER || !now.isWithin(REMEMBERED, entry.ended)) {
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

    /** A ticket as it looks to one connection. */
    private final class Bearer implements Credential {
        private final Entry entry;
        private final LoginRequest request;

        Bearer(Entry entry, LoginRequest request) {
            this.entry = entry;
            this.request = request;
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
        public Optional<Denial> denial(Moment now) {
            synchronized (Tickets.this) {
                if (!entry.ticket.console().id().equals(request.console().id())) {
                    return Optional.of(entry.isLive() ? Denial.OTHER_CONSOLE : entry.end);
                }
                if (entry.isLive() && !now.isBefore(entry.ticket.expires())) {
                    return Optional.of(Denial.EXPIRED);
                }
                return entry.isLive() || entry.canBeTakenUp(request.network(), now)
                        ? Optional.empty()
                        : Optional.of(entry.end);
            }
        }

        @Override
        public Optional<Denial> redeem(Moment now) {
            synchronized (Tickets.this) {
                Optional<Denial> denial = denial(now);
                if (denial.isEmpty()) {
                    if (entry.isLive()) {
                        entry.network = request.network();
                        entry.sessionEnd = longestSession.map(now::plus);
                    }
                    entry.end(Denial.USED, now);
                }
                return denial;
            }
        }

        @Override
        public Login.Session session() {
            return new Login.Session() {
                @Override
                public Optional<Moment> end() {
                    synchronized (Tickets.this) {
                        return entry.sessionEnd;
                    }
                }

                @Override
                public void lost(Moment now) {
                    synchronized (Tickets.this) {
                        if (entry.end == Denial.USED) {
                            entry.lost = now;
                            entry.ended = now;
                            // A long session's ticket may have been forgotten.
                            entries.putIfAbsent(entry.ticket.id(), entry);
                        }
                    }
                }
            };
        }
    }
}
