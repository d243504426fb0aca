// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.access;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.rdpmux.control.Done;
import org.rdpmux.control.LockList;
import org.rdpmux.control.Request;
import org.rdpmux.control.Secret;
import org.rdpmux.control.TicketList;
import org.rdpmux.control.TicketReport;
import org.rdpmux.control.UserList;
import org.rdpmux.daemon.control.Peer;
import org.rdpmux.daemon.control.RefusedRequestException;
import org.rdpmux.daemon.control.RequestTable;
import org.rdpmux.daemon.endpoint.Addresses;
import org.rdpmux.daemon.endpoint.EndpointManager;
import org.rdpmux.daemon.state.StateDirectory;
import org.rdpmux.security.access.AuditEvent;
import org.rdpmux.security.access.Authentication;
import org.rdpmux.security.access.ConsoleRef;
import org.rdpmux.security.access.GuessLimiter;
import org.rdpmux.security.access.Moment;
import org.rdpmux.security.access.NtHash;
import org.rdpmux.security.access.Ticket;
import org.rdpmux.security.access.UserEntry;
import org.rdpmux.security.access.UsersFile;
import org.rdpmux.server.Console;
import org.rdpmux.server.DisconnectReason;
import org.rdpmux.server.Endpoint;
import org.rdpmux.server.ViewerStatus;

/**
 * Carries out what the control socket's clients ask for about users, tickets and lock-outs. Belongs to the agent thread. What
 * makes no sense is refused with an {@link IllegalArgumentException} that is a sentence.
 */
public final class AccessRequests {

    private final AccessControl access;
    private final Function<String, EndpointManager.State> finder;
    private final Supplier<List<EndpointManager.State>> consoles;

    /**
     * @param finder finds a console by what people call it, or refuses
     * @param consoles all of them
     */
    public AccessRequests(
            AccessControl access,
            Function<String, EndpointManager.State> finder,
            Supplier<List<EndpointManager.State>> consoles) {
        this.access = access;
        this.finder = finder;
        this.consoles = consoles;
    }

    /** Takes over the requests about access. */
    public void addTo(RequestTable table) {
        table.question(Request.ListUsers.class, (list, peer) -> users());
        table.question(Request.ListTickets.class, (list, peer) -> tickets());
        table.question(Request.ListLocks.class, (list, peer) -> locks());
        table.change(Request.AddUser.class, this::addUser);
        table.change(Request.ChangePassword.class, this::changePassword);
        table.change(Request.RemoveUser.class, this::removeUser);
        table.change(Request.IssueTicket.class, this::issue);
        table.change(Request.RevokeTicket.class, (revoke, peer) -> revoke(revoke.ticket(), peer));
        table.change(Request.Unlock.class, (unlock, peer) -> unlock(unlock.who(), peer));
    }

    private UserList users() {
        return new UserList(access.users().users().users().stream()
                .map(user -> new UserList.User(user.name(), user.disabled(), user.viewOnly()))
                .toList());
    }

    private TicketList tickets() {
        return new TicketList(access.tickets().live(access.now()).stream()
                .map(ticket -> report(ticket, Optional.empty(), Secret.NONE))
                .toList());
    }

    private LockList locks() {
        Moment now = access.now();
        return new LockList(access.limiter().locks(now).stream()
                .map(lock -> new LockList.Lock(lock.user(), lock.source(), seconds(now, lock.until())))
                .toList());
    }

    private Done addUser(Request.AddUser request, Peer peer) throws IOException {
        UserEntry entry = new UserEntry(request.user(), hash(request.password()), false, request.viewOnly());
        edit(users -> {
            users.user(entry.name()).ifPresent(present -> {
                throw RefusedRequestException.conflict("there is a user '" + present.name() + "' already");
            });
            return users.with(entry);
        });
        access.record(AuditEvent.Action.USER_CHANGED, entry.name(), "", Optional.of(peer));
        return Done.of(entry.name() + " may log in now");
    }

    private Done changePassword(Request.ChangePassword request, Peer peer) throws IOException {
        NtHash hash = hash(request.password());
        edit(users -> {
            UserEntry before = known(users, request.user());
            return users.with(new UserEntry(before.name(), hash, before.disabled(), before.viewOnly()));
        });
        access.record(AuditEvent.Action.USER_CHANGED, request.user(), "", Optional.of(peer));
        return Done.of(request.user() + " has another password now; sessions that are open go on");
    }

    private Done removeUser(Request.RemoveUser request, Peer peer) throws IOException {
        String name = known(access.users().users(), request.user()).name();
        edit(users -> users.without(known(users, name).name()));
        access.record(AuditEvent.Action.USER_REMOVED, name, "", Optional.of(peer));
        if (!request.disconnect()) {
            return Done.of(name + " is removed; sessions that are open go on ('disconnect' ends them)");
        }
        int ended = disconnect(name);
        return Done.of(name + " is removed; " + (ended == 1 ? "1 session has" : ended + " sessions have") + " ended");
    }

    /** Ends all sessions of a user, at all consoles. */
    private int disconnect(String user) {
        int ended = 0;
        for (EndpointManager.State state : consoles.get()) {
            for (ViewerStatus viewer : state.console().map(Console::viewers).orElse(List.of())) {
                if (viewer.user().equals(user)) {
                    state.console().get().disconnect(viewer.id(), DisconnectReason.ADMINISTRATOR);
                    ended++;
                }
            }
        }
        return ended;
    }

    private static UserEntry known(UsersFile users, String name) {
        return users.user(name).orElseThrow(() -> RefusedRequestException.notFound("there is no user '" + name + "'"));
    }

    private void edit(UnaryOperator<UsersFile> change) throws IOException {
        try {
            access.users().edit(change);
        } catch (IOException e) {
            throw new IOException("the users cannot be changed: " + StateDirectory.sentence(e), e);
        }
    }

    private static NtHash hash(Secret password) {
        try {
            if (password.isEmpty()) {
                throw new IllegalArgumentException("an empty password lets nobody in");
            }
            return NtHash.ofPassword(password.characters());
        } finally {
            password.wipe();
        }
    }

    private TicketReport issue(Request.IssueTicket request, Peer peer) {
        EndpointManager.State state = finder.apply(request.console());
        String name = state.known().name();
        Endpoint endpoint = state.endpoint()
                .orElseThrow(() -> RefusedRequestException.conflict(
                        name + " has no endpoint" + (state.problem().isEmpty() ? "" : ": " + state.problem())));
        if (endpoint.policy().authentication() == Authentication.NONE) {
            throw RefusedRequestException.conflict("whoever reaches " + name
                    + " is let in, since its policy is 'none': a ticket would change nothing");
        }
        Duration lifetime =
                request.seconds() == 0 ? Ticket.Terms.DEFAULT_LIFETIME : Duration.ofSeconds(request.seconds());
        Ticket.Terms terms = new Ticket.Terms(
                new ConsoleRef(endpoint.policy().consoleId(), name),
                lifetime,
                request.viewOnly(),
                Optional.of(request.user()).filter(user -> !user.isEmpty()));
        Ticket.Issued issued;
        try {
            issued = access.tickets().issue(terms, access.now());
        } catch (IllegalStateException e) { // too many of them
            throw RefusedRequestException.conflict(e.getMessage());
        }
        access.record(AuditEvent.Action.TICKET_ISSUED, issued.ticket().user(), name, Optional.of(peer));
        Secret password = Secret.of(issued.password().clone());
        issued.wipe();
        return report(issued.ticket(), Optional.of(endpoint), password);
    }

    private Done revoke(String id, Peer peer) {
        Ticket ticket = access.revoke(id, peer)
                .orElseThrow(() -> RefusedRequestException.notFound("there is no unused ticket '" + id + "'"));
        return Done.of("ticket " + ticket.id() + " for " + ticket.console().name() + " is revoked");
    }

    private TicketReport report(Ticket ticket, Optional<Endpoint> endpoint, Secret password) {
        Optional<InetSocketAddress> address = endpoint.map(Endpoint::address);
        return new TicketReport(
                ticket.id(),
                ticket.user(),
                password,
                ticket.console().name(),
                address.map(Addresses::host).orElse(""),
                address.map(InetSocketAddress::getPort).orElse(0),
                endpoint.map(Addresses::access).orElse(""),
                endpoint.map(open -> Addresses.openWith(open, ticket.user())).orElse(""),
                ticket.viewOnly(),
                seconds(access.now(), ticket.expires()));
    }

    /** A user, or a source, by any address in it: forgets its failures, and lifts the lock-outs that came of them. */
    private Done unlock(String who, Peer peer) {
        if (who.isBlank()) {
            throw new IllegalArgumentException("name the user or the address whose lock-out is to be lifted");
        }
        String source = source(who);
        List<GuessLimiter.Lock> before = access.limiter().locks(access.now());
        boolean ofSource = access.limiter().liftSource(source);
        boolean ofUser = access.limiter().liftUser(who);
        if (!ofSource && !ofUser) {
            throw RefusedRequestException.notFound(
                    "'" + who + "' is not locked out, nor does it have to wait; 'rdpmuxctl locks' shows who is");
        }
        access.record(AuditEvent.Action.LOCK_LIFTED, ofSource ? source : who, "", Optional.of(peer));
        List<GuessLimiter.Lock> after = access.limiter().locks(access.now());
        long lifted = before.stream().filter(lock -> !after.contains(lock)).count();
        if (lifted == 0) {
            return Done.of("the failures of " + who + " are forgotten; there was no lock-out");
        }
        return Done.of(lifted == 1 ? "1 lock-out is lifted" : lifted + " lock-outs are lifted");
    }

    /** The source that somebody means by one of its addresses, in whichever form; anything else as it is. */
    private static String source(String who) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(who.replaceFirst("/64$", ""));
        try {
            return address == null ? who : GuessLimiter.network(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // not for arrays of 4 and 16 bytes
        }
    }

    /** Rounded up: what is not over yet is not 0. */
    private static long seconds(Moment now, Moment end) {
        return Math.max(0, now.until(end).plusMillis(999).toSeconds());
    }
}
