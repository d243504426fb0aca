// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.login;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.rdpmux.security.access.Admission;
import org.rdpmux.security.access.Admission.Inquiry;
import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.access.Login;
import org.rdpmux.security.nla.Refusal;
import org.rdpmux.server.connection.ClientCredentials;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's attempt to log in: carries what may block to another thread and back, and waits without holding
 * anybody up. Lives on the channel's loop.
 */
public final class LoginAttempt {

    private static final Logger LOG = LoggerFactory.getLogger(LoginAttempt.class);

    private final LoginContext context;
    private final Admission admission;
    private final EventExecutor loop;

    public LoginAttempt(LoginContext context, InetSocketAddress remote, EventExecutor loop) {
        this.context = context;
        this.admission = context.admission(remote);
        this.loop = loop;
    }

    /** Finds out who {@code claim} may be; {@code then} is called on the loop, after the delay if there is one. */
    public void inquire(Claim claim, Consumer<Inquiry> then) {
        Optional<Inquiry.LockedOut> locked = admission.begin(claim, now());
        if (locked.isPresent()) {
            then.accept(locked.get());
            return;
        }
        AtomicBoolean answered = new AtomicBoolean();
        Consumer<Inquiry> once = inquiry -> {
            if (answered.compareAndSet(false, true)) {
                found(inquiry, then);
            }
        };
        Future<?> deadline =
                loop.schedule(() -> once.accept(new Inquiry.Unavailable()), Lookups.DEADLINE_SECONDS, TimeUnit.SECONDS);
        try {
            context.lookups().execute(() -> {
                if (!answered.get()) {
                    Inquiry inquiry = lookUp();
                    onLoop(() -> {
                        deadline.cancel(false);
                        once.accept(inquiry);
                    });
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("too many look-ups wait", e);
            deadline.cancel(false);
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

    private void found(Inquiry inquiry, Consumer<Inquiry> then) {
        Duration delay = Duration.ZERO;
        if (inquiry instanceof Inquiry.Try found) {
            delay = found.delay();
        } else {
            admission.notTried();
        }
        if (delay.isZero()) {
            then.accept(inquiry);
        } else {
            loop.schedule(() -> then.accept(inquiry), delay.toNanos(), TimeUnit.NANOSECONDS);
        }
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
        inquire(claim, inquiry -> then.accept(decide(credentials, inquiry)));
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

    public Instant now() {
        return context.clock().instant();
    }
}
