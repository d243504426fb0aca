// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

/**
 * What the D-Bus object of a guest ({@code org.RDPMux.RDPListener}, or {@code org.RDPMux.ServerWorker} in its older shape)
 * shows and does. Called from D-Bus threads; must return within seconds. A call that throws is answered with an error that
 * carries the exception's message.
 */
public interface GuestControl {

    /** The port of the guest's endpoint; 0 while it has none. */
    int port();

    /** How many viewers are connected. */
    int connectedPeers();

    boolean requiresAuthentication();

    /** Turns the endpoint's authentication on or off. */
    void setAuthentication(boolean required);

    /** Sets the file of users and password hashes to authenticate with; not checked. */
    void setCredentialFile(String path);

    /** Closes the guest's endpoint and ends its viewers' sessions. */
    void shutdown();

    /** For guests that have no endpoint: zero, and unsupported. */
    GuestControl NONE = new GuestControl() {
        @Override
        public int port() {
            return 0;
        }

        @Override
        public int connectedPeers() {
            return 0;
        }

        @Override
        public boolean requiresAuthentication() {
            return true;
        }

        @Override
        public void setAuthentication(boolean required) {
            throw new UnsupportedOperationException("this guest has no endpoint");
        }

        @Override
        public void setCredentialFile(String path) {
            throw new UnsupportedOperationException("this guest has no endpoint");
        }

        @Override
        public void shutdown() {
            throw new UnsupportedOperationException("this guest has no endpoint");
        }
    };
}
