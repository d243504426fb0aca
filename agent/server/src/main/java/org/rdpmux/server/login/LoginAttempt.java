// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.login;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.rdpmux.security.access.Admission;
import org.rdpmux.security.access.Admission.Inquiry;
import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.access.Login;
import org.rdpmux.security.access.Moment;
import org.rdpmux.security.nla.Refusal;
import org.rdpmux.server.connection.ClientCredentials;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's attempt to log in: carries what may block to another thread and back, and waits without holding
 * anybody up. Lives on the channel's loop.
 */
public final class LoginAttempt {

    /** A client that does not know more after this is refused: well below the patience of clients. */
    public static final long LOOKUP_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(LoginAttempt.class);

    private final LoginContext context;
    private final Admission admission;
    private final EventExecutor loop;
    /** The deadline of the look-up or the delay; null before. */
    private Future<?> waiting;

    /** What is to be wiped if nobody looks at it; null if there is nothing. */
    private ClientCredentials unread;

    private boolean abandoned;

    public LoginAttempt(LoginContext context, InetSocketAddress remote, EventExecutor loop) {
        this.context = context;
        this.admission = context.admission(remote);
        this.loop = loop;
    }

    /**
     * Finds out who {@code claim} may be.
     *
     * @param knows whether the client knows one of some secrets
     * @param then called on the loop, after the delay if there is one; not at all if the client leaves first
     */
    public void inquire(Claim claim, Predicate<List<Credential>> knows, Consumer<Inquiry> then) {
        Optional<Inquiry> locked = admission.begin(claim, now());
        if (locked.isPresent()) {
            then.accept(locked.get());
            return;
        }
        AtomicBoolean answered = new AtomicBoolean();
        Consumer<Inquiry> once = inquiry -> {
            if (answered.compareAndSet(false, true)) {
                found(inquiry, knows, then);
            }
        };
        waiting = loop.schedule(() -> once.accept(new Inquiry.Unavailable()), LOOKUP_SECONDS, TimeUnit.SECONDS);
        try {
            context.lookups().execute(() -> {
                if (!answered.get()) {
                    Inquiry inquiry = lookUp();
                    onLoop(() -> once.accept(inquiry));
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("too many look-ups wait", e);
            once.accept(new Inquiry.Unavailable());
        }
    }

    private Inquiry lookUp() {
        try {
            return admission.lookUp(now());
        } catch (RuntimeException e) {
            LOG.error("defect while looking up who may come in", e);
            return new Inquiry.Unavailable();
        }
    }

    private void found(Inquiry inquiry, Predicate<List<Credential>> knows, Consumer<Inquiry> then) {
        waiting.cancel(false);
        if (abandoned) {
            return;
        }
        if (!(inquiry instanceof Inquiry.Try found) || found.delay().isZero()) {
            then.accept(inquiry);
        } else if (knows.test(found.unguessable())) {
            then.accept(new Inquiry.Try(found.unguessable(), found.unguessable(), Duration.ZERO));
        } else {
            waiting = loop.schedule(() -> then.accept(inquiry), found.delay().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** The client has gone, whatever was decided about it. Idempotent. */
    public void abandon() {
        abandoned = true;
        if (waiting != null) {
            waiting.cancel(false);
        }
        if (unread != null) {
            unread.wipe();
        }
        admission.abandon(now());
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ignored) {
            // the server has ended, and this connection with it
        }
    }

    /** See {@link Admission#admit}. */
    public Optional<Login> admit(Credential credential) {
        return admission.admit(credential, now());
    }

    /**
     * Decides about a name and a password; {@code then} is called on the loop, with nothing if the client is refused.
     *
     * @param credentials wiped in the end
     */
    public void verify(ClientCredentials credentials, Consumer<Optional<Login>> then) {
        // Some clients send an empty name or password to ask for a login screen, which is not here.
        if (credentials.user().isEmpty() || credentials.password().length == 0) {
            credentials.wipe();
            refuse(Refusal.ANONYMOUS.toString());
            then.accept(Optional.empty());
            return;
        }
        Claim claim = new Claim(credentials.user(), credentials.domain(), "");
        unread = credentials;
        inquire(
                claim,
                secrets -> !Admission.knownTo(credentials.password(), secrets).isEmpty(),
                inquiry -> then.accept(decide(credentials, inquiry)));
    }

    private Optional<Login> decide(ClientCredentials credentials, Inquiry inquiry) {
        try {
            if (inquiry instanceof Inquiry.Try found) {
                return admission.verify(found.credentials(), credentials.password(), now());
            }
            boolean locked = inquiry instanceof Inquiry.LockedOut;
            refuse((locked ? Refusal.LOCKED_OUT : Refusal.UNAVAILABLE).toString());
            return Optional.empty();
        } finally {
            credentials.wipe();
        }
    }

    /** See {@link Admission#admitAnybody}. */
    public Login admitAnybody() {
        return admission.admitAnybody(now());
    }

    /** See {@link Admission#deny}. */
    public void deny(Credential credential) {
        admission.deny(credential, now());
    }

    /** See {@link Admission#refuse}. */
    public void refuse(String reason) {
        admission.refuse(reason, now());
    }

    public Moment now() {
        return Moment.now(context.clock());
    }
}
