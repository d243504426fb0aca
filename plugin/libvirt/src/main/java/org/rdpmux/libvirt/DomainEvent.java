// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.libvirt;

import java.util.Objects;

/**
 * What happened to a domain, or to the connection that tells of domains. A sink that applies events in order has the same
 * domains as libvirt whenever {@link Listed} arrives, and follows them from then on.
 *
 * <p>Each domain's events keep this order: {@link Defined}, then any number of runs, each {@link Started} ... {@link Stopped},
 * with {@link Renamed} and {@link Updated} anywhere, then {@link Undefined}. A run that begins and ends faster than the
 * watcher can look is left out as a whole.
 */
public sealed interface DomainEvent {

    /** An event of one domain. */
    sealed interface OfDomain extends DomainEvent {
        /** The domain as it is after the event. */
        DomainInfo domain();
    }

    /** libvirt answers. Next come events for all that is not as it was when the connection broke, then {@link Listed}. */
    record Connected(String uri) implements DomainEvent {
        public Connected {
            Objects.requireNonNull(uri);
        }
    }

    /**
     * There is no connection, and this is why. The watcher keeps trying; domains stay as they were last known, since they
     * run on without libvirt. Not repeated while attempts fail for the same kind of reason.
     */
    record Disconnected(ConnectionFailure failure) implements DomainEvent {
        public Disconnected {
            Objects.requireNonNull(failure);
        }
    }

    /** All domains there are have been reported since {@link Connected}. */
    record Listed() implements DomainEvent {}

    /** A domain is known from now on. If it is active, {@link Started} comes next. */
    record Defined(DomainInfo domain) implements OfDomain {
        public Defined {
            Objects.requireNonNull(domain);
        }
    }

    /** A run has begun: the domain is active and has a new {@link DomainInfo#generation() generation}. */
    record Started(DomainInfo domain) implements OfDomain {
        public Started {
            Objects.requireNonNull(domain);
        }
    }

    /** A run has ended, the one of the domain's {@link DomainInfo#generation() generation}. */
    record Stopped(DomainInfo domain, StopReason reason) implements OfDomain {
        public Stopped {
            Objects.requireNonNull(domain);
            Objects.requireNonNull(reason);
        }
    }

    /** The domain was running and is not now; its {@link DomainInfo#state() state} says more. It is still active. */
    record Suspended(DomainInfo domain) implements OfDomain {
        public Suspended {
            Objects.requireNonNull(domain);
        }
    }

    /** The domain runs again. */
    record Resumed(DomainInfo domain) implements OfDomain {
        public Resumed {
            Objects.requireNonNull(domain);
        }
    }

    /** The domain has another name. */
    record Renamed(DomainInfo domain, String oldName) implements OfDomain {
        public Renamed {
            Objects.requireNonNull(domain);
            Objects.requireNonNull(oldName);
        }
    }

    /** Graphics, metadata or persistence have changed. */
    record Updated(DomainInfo domain) implements OfDomain {
        public Updated {
            Objects.requireNonNull(domain);
        }
    }

    /** libvirt does not know the domain any more. It is not active: {@link Stopped} came before if it was. */
    record Undefined(DomainInfo domain) implements OfDomain {
        public Undefined {
            Objects.requireNonNull(domain);
        }
    }
}
