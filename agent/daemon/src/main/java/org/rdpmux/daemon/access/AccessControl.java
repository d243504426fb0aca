// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.access;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.Key;
import org.rdpmux.daemon.control.Peer;
import org.rdpmux.daemon.endpoint.AccessTerms;
import org.rdpmux.daemon.endpoint.ConsoleId;
import org.rdpmux.daemon.endpoint.HostName;
import org.rdpmux.daemon.endpoint.KnownConsole;
import org.rdpmux.daemon.service.Service;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.security.access.AuditSink;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.Authorization;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.access.FloodGuard;
import org.rdpmux.security.access.Gate;
import org.rdpmux.security.access.GuessLimiter;
import org.rdpmux.security.access.Moment;
import org.rdpmux.security.access.Ticket;
import org.rdpmux.security.access.Tickets;
import org.rdpmux.security.access.UsersStore;
import org.rdpmux.security.nla.ServerNames;
import org.rdpmux.security.tls.TlsIdentity;
import org.rdpmux.server.EndpointPolicy;
import org.rdpmux.server.ServerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may see which console: the agent's one {@link Gate}, the stores behind it, and the policy of each endpoint. Belongs to
 * the agent thread; the gate and the stores may be used from any.
 *
 * <p>Has more fields than most classes: the stores, the gate over them, and what the configuration says.
 */
public final class AccessControl implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);

    /** In the state directory, unless the configuration names another file. */
    static final String USERS_FILE = "users";

    /** Wrong passwords of a user before it has to wait, if it is not locked out sooner. */
    private static final int FREE_FAILURES = 3;

    private static final long SCREENSHOTS_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** For endpoints that ask nothing. */
    private static final CredentialStore NOBODY = CredentialStore.all(List.of());

    private final Clock clock;
    private final int credSspMinimum;
    private final Path usersFile;
    private final UsersStore users;
    private final Tickets tickets;
    private final GuessLimiter limiter;
    private final Optional<AuditFile> auditFile;
    private final FloodGuard trail;
    private final AuditSink audit;
    private final Gate gate;
    private final GraphicsPasswords graphics;
    private final ConsoleCertificates certificates;
    private final Map<ConsoleId, Decided> decided = new HashMap<>();
    /** The last one; null before. */
    private NotedScreenshot screenshot;

    private volatile Authorization rules;
    private Authentication policy;
    private Optional<Authentication> weakest = Optional.empty();
    private boolean noneOnNetwork;
    private String problem = "";

    /** An endpoint's policy, kept as long as what it was made from is the same: another one means another endpoint. */
    private record Decided(
            Authentication policy,
            AccessTerms terms,
            Optional<Path> samFile,
            Supplier<?> certificate,
            EndpointPolicy result) {}

    /**
     * Reads the users and opens the audit trail.
     *
     * @param stateDirectory where the users are, unless the configuration names a file
     * @param asker of libvirt
     * @param observer hears of each decision too
     * @throws IOException with a sentence, if one of these files cannot be used
     */
    public AccessControl(
            AgentConfig config, Path stateDirectory, GraphicsPasswords.Asker asker, Clock clock, AuditSink observer)
            throws IOException {
        this.clock = clock;
        certificates = new ConsoleCertificates(clock);
        usersFile = config.get(Key.SECURITY_USERS_FILE).orElseGet(() -> stateDirectory.resolve(USERS_FILE));
        users = new UsersStore(usersFile);
        tickets = new Tickets(
                new SecureRandom(),
                Optional.of(config.get(Key.SECURITY_TICKET_SESSION)).filter(longest -> !longest.isZero()));
        credSspMinimum = config.get(Key.SECURITY_CREDSSP_MINIMUM);
        limiter = new GuessLimiter(limits(config));
        Optional<Path> file = config.get(Key.AUDIT_FILE);
        auditFile = file.isPresent() ? Optional.of(new AuditFile(file.get(), AuditSink.toLog())) : Optional.empty();
        trail = new FloodGuard(auditFile.<AuditSink>map(open -> open).orElseGet(AuditSink::toLog));
        audit = event -> {
            trail.accept(event);
            observer.accept(event);
        };
        gate = new Gate(limiter, () -> rules, audit);
        graphics = new GraphicsPasswords(asker);
        configure(config);
    }

    /** What clients will not like about consoles' own certificates; touches files. */
    public static List<String> checkCertificates(AgentConfig config, Clock clock) {
        return config.get(Key.SECURITY_CERTIFICATES)
                .map(directory -> ConsoleCertificates.check(directory, clock))
                .orElse(List.of());
    }

    private static GuessLimiter.Limits limits(AgentConfig config) {
        GuessLimiter.Limits usual = GuessLimiter.Limits.DEFAULT;
        int lockUser = config.get(Key.SECURITY_LOCK_USER);
        return new GuessLimiter.Limits(
                Math.min(FREE_FAILURES, lockUser - 1),
                usual.firstDelay(),
                usual.maxDelay(),
                lockUser,
                config.get(Key.SECURITY_LOCK_SOURCE),
                config.get(Key.SECURITY_LOCK_TIME),
                config.get(Key.SECURITY_SHARED_SOURCES));
    }

    @Override
    public List<String> reload(AgentConfig config) {
        configure(config);
        reloadUsers();
        auditFile.ifPresent(AuditFile::reopen); // it may have been moved away
        return certificates.reload();
    }

    /** For logins that begin from now on. */
    private void configure(AgentConfig config) {
        policy = config.get(Key.SECURITY_POLICY);
        weakest = config.get(Key.SECURITY_WEAKEST_POLICY);
        noneOnNetwork = config.get(Key.SECURITY_NONE_ON_NETWORK);
        rules = config.get(Key.SECURITY_RULES);
        certificates.useDirectory(config.get(Key.SECURITY_CERTIFICATES));
        if (policy == Authentication.NONE) {
            LOG.warn("{} is 'none': whoever reaches an endpoint controls its guest", Key.SECURITY_POLICY);
        }
    }

    /** How the server lets clients in. */
    public ServerOptions.Access forServer() {
        ServerNames names;
        try {
            names = ServerNames.of(HostName.get());
        } catch (IllegalArgumentException e) {
            LOG.debug("the host's name will not do", e);
            names = ServerNames.of("rdpmux");
        }
        return new ServerOptions.Access(gate, names, credSspMinimum);
    }

    /**
     * Reads the certificates of consoles that were not known before, and decides who may come in at each one's endpoint.
     *
     * @param known all consoles
     * @return the consoles as they may be served: without its display, and with a note, if one's own certificate cannot be
     *     used; with a note if its metadata asks for a policy that the host does not leave to it
     */
    public List<KnownConsole> decide(List<KnownConsole> known) {
        List<KnownConsole> servable = certificates.load(known);
        Map<ConsoleId, Decided> before = Map.copyOf(decided);
        decided.clear();
        known.forEach(console -> decided.put(console.id(), decide(console, before.get(console.id()))));
        return servable.stream().map(this::noted).toList();
    }

    private KnownConsole noted(KnownConsole console) {
        Optional<Authentication> asked = console.access().policy();
        if (asked.isEmpty()
                || mayChoose(console, asked.get())
                || !console.note().isEmpty()) {
            return console;
        }
        return console.withNote("its metadata asks for policy '" + asked.get() + "', which is weaker than the host's '"
                + policy + "': that holds, unless " + Key.SECURITY_WEAKEST_POLICY + " says otherwise");
    }

    /** A domain's metadata is its owner's, the rest is the host's. */
    private boolean mayChoose(KnownConsole console, Authentication asked) {
        return console.origin() != KnownConsole.Origin.LIBVIRT
                || asked.isAtLeast(policy)
                || weakest.filter(asked::isAtLeast).isPresent();
    }

    /**
     * Who may come in at a console's endpoint, as {@link #decide} found. The same object for as long as nothing about it
     * changes.
     */
    public EndpointPolicy policy(KnownConsole console) {
        return decided.get(console.id()).result();
    }

    private Decided decide(KnownConsole console, Decided before) {
        Optional<Path> samFile = console.wishes().credentials();
        Authentication chosen = console.access()
                .policy()
                .filter(asked -> mayChoose(console, asked))
                .orElse(policy);
        // Its guest may be stricter than the host, never laxer.
        Authentication effective = chosen == Authentication.NONE && samFile.isPresent() ? Authentication.NLA : chosen;
        Supplier<Optional<TlsIdentity>> certificate = certificates.of(console);
        if (before != null
                && before.policy() == effective
                && before.terms().equals(console.access())
                && before.samFile().equals(samFile)
                && before.certificate() == certificate
                && before.result().openAnywhere() == (noneOnNetwork && effective == Authentication.NONE)) {
            return before;
        }
        EndpointPolicy result = make(effective, console).withOwnIdentity(certificate);
        return new Decided(effective, console.access(), samFile, certificate, result);
    }

    private EndpointPolicy make(Authentication effective, KnownConsole console) {
        String id = console.id().accessId();
        return switch (effective) {
            case NLA -> EndpointPolicy.nla(stores(console), id);
            case TLS -> EndpointPolicy.tls(stores(console), id);
            case NONE -> new EndpointPolicy(Authentication.NONE, NOBODY, id, noneOnNetwork);
        };
    }

    private CredentialStore stores(KnownConsole console) {
        List<CredentialStore> stores = new ArrayList<>(List.of(users, tickets));
        if (console.id() instanceof ConsoleId.OfDomain domain) {
            console.access().graphics().ifPresent(index -> stores.add(graphics.of(domain.uuid(), index)));
        }
        console.wishes().credentials().ifPresent(file -> stores.add(new SamUsers(file)));
        return CredentialStore.all(stores);
    }

    /** Ends the tickets of all consoles but these. */
    public void revokeTicketsExceptFor(Set<ConsoleId> consoles) {
        Set<String> ids = new HashSet<>();
        consoles.forEach(id -> ids.add(id.accessId()));
        tickets.revokeExcept(ids, now()).forEach(ticket -> recordRevoked(ticket, Optional.empty()));
    }

    /** Ends a ticket; empty if there is no such ticket that can still be used. */
    Optional<Ticket> revoke(String id, Peer by) {
        Optional<Ticket> revoked = tickets.revoke(id, now());
        revoked.ifPresent(ticket -> recordRevoked(ticket, Optional.of(by)));
        return revoked;
    }

    private void recordRevoked(Ticket ticket, Optional<Peer> by) {
        record(AuditEvent.Action.TICKET_REVOKED, ticket.user(), ticket.console().name(), by);
    }

    private record NotedScreenshot(String console, Peer by, long at) {}

    /** Tells of refusals that the audit trail did not name. */
    public void summarize() {
        trail.summarize(clock.instant());
    }

    /**
     * Notes in the audit trail that somebody took a picture of a console; a process that takes one after the other is named once
     * a minute.
     */
    public void noteScreenshot(String console, Peer by) {
        long now = System.nanoTime();
        if (screenshot != null
                && screenshot.by().equals(by)
                && screenshot.console().equals(console)
                && now - screenshot.at() < SCREENSHOTS_NANOS) {
            return;
        }
        screenshot = new NotedScreenshot(console, by, now);
        record(AuditEvent.Action.SCREENSHOT, "", console, Optional.of(by));
    }

    /** Notes in the audit trail that somebody typed by the control API: how much, and never what. */
    public void noteInput(String console, int steps, int characters, Peer by) {
        audit.accept(new AuditEvent(
                clock.instant(),
                AuditEvent.Action.INPUT,
                AuditEvent.OK,
                AuditEvent.Subject.UNKNOWN,
                AuditEvent.Place.local(console, Optional.of(by.requester())),
                Duration.ZERO,
                Optional.of(new AuditEvent.Copied(steps, characters))));
    }

    /**
     * Notes a change in the audit trail.
     *
     * @param by who asked for it by the control socket
     */
    void record(AuditEvent.Action action, String account, String console, Optional<Peer> by) {
        audit.accept(new AuditEvent(
                clock.instant(),
                action,
                AuditEvent.OK,
                new AuditEvent.Subject(account, "", "", ""),
                AuditEvent.Place.local(console, by.map(Peer::requester)),
                Duration.ZERO));
    }

    /** Reads the users again if their file has changed. */
    public void reloadUsers() {
        try {
            if (users.reloadIfChanged()) {
                LOG.info("the users were read again from {}", usersFile);
            }
            problem = "";
        } catch (IOException e) {
            if (!problem.equals(e.getMessage())) {
                LOG.warn("the users stay as they were: {}", e.getMessage());
            }
            problem = e.getMessage();
        }
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!problem.isEmpty()) {
            problems.add("the users stay as they were: " + problem);
        }
        problems.addAll(certificates.problems());
        auditFile.map(AuditFile::problem).filter(text -> !text.isEmpty()).ifPresent(problems::add);
        return problems;
    }

    /** Whether clients must prove something, but there is nobody yet who could with a password of their own. */
    public boolean wantsUsers() {
        return policy != Authentication.NONE && users.users().users().isEmpty();
    }

    UsersStore users() {
        return users;
    }

    Tickets tickets() {
        return tickets;
    }

    GuessLimiter limiter() {
        return limiter;
    }

    Moment now() {
        return Moment.now(clock);
    }

    @Override
    public void close() {
        auditFile.ifPresent(AuditFile::close);
    }
}
