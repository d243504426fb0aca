// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rdpmux.security.access.Claim;
import org.rdpmux.security.access.Credential;
import org.rdpmux.security.access.Moment;
import org.rdpmux.security.access.NtHash;

/**
 * [MS-CSSP] 3.1.5: the server's side of one CredSSP authentication over an established TLS connection, versions 2 to 6, with
 * NTLMv2 bare or inside SPNEGO. No sockets, no clock, no threads: give each message of the client to {@link #on} and do what
 * the returned {@link CredSspStep} says. {@link #frameSize} cuts the stream into messages.
 *
 * <p>After {@link CredSspStep.Proven} or {@link CredSspStep.Refused} it is over and holds no keys any more; a connection that
 * ends earlier calls {@link #wipe}. Not thread safe: one thread at a time.
 *
 * <p>Its many fields are what one authentication has gathered, in the order of its messages.
 */
public final class CredSspServer {

    /** The newest version we speak. */
    public static final int VERSION = 6;

    /** The oldest version we speak. Before version 5 a login is bound to the key itself, not by a hash with a nonce. */
    public static final int MIN_VERSION = 2;

    /** The longest message accepted, tag and length included. */
    public static final int MAX_MESSAGE_SIZE = TsRequest.MAX_SIZE;

    /** errorCode exists since this version; a client of version 5 does not expect it. */
    private static final int ERROR_VERSION = 3;

    private static final int NO_ERROR_VERSION = 5;

    private enum State {
        /** The client's first token. */
        NEGOTIATE,
        /** SPNEGO only: the client preferred another mechanism and now sends NTLM's first token. */
        NEGOTIATE_NTLM,
        /** The answer to the challenge. */
        AUTHENTICATE,
        /** The caller's look-up. */
        CLAIMED,
        /** The client's binding to the TLS key. */
        PUBLIC_KEY,
        /** The delegated credentials, which end it. */
        CREDENTIALS,
        ENDED
    }

    private final ChannelBinding binding;
    private final int minimum;
    private final NtlmServer ntlm;
    private final NtHash decoy;

    private State state = State.NEGOTIATE;
    private int clientVersion;
    private byte[] nonce;

    /** SPNEGO's mechTypes as sent; null if NTLM came bare. */
    private byte[] mechTypes;

    private boolean micRequired;
    private byte[] mechListMic;
    private byte[] pubKeyAuth;
    private NtlmAuthenticate response;
    private Claim claim;
    private NtlmSession session;
    private Credential proven;

    /**
     * @param names what clients are told
     * @param minimum older versions are refused; {@link #MIN_VERSION} to {@link #VERSION}
     * @param binding the TLS connection's certificate
     * @param now for the challenge; clients copy it into their answer
     * @param random for the challenge
     */
    public CredSspServer(ServerNames names, int minimum, ChannelBinding binding, Instant now, SecureRandom random) {
        this.minimum = minimum;
        this.binding = binding;
        ntlm = new NtlmServer(names, now, random);
        decoy = NtHash.decoy(random);
    }

    /**
     * How many bytes the message has whose first {@code length} bytes stand in {@code head}; 0 if that takes more of them
     * (six always suffice), -1 if no message begins like this.
     */
    public static int frameSize(byte[] head, int length) {
        try {
            return TsRequest.frameSize(head, length);
        } catch (NlaException malformed) {
            return -1;
        }
    }

    /**
     * [MS-RDPBCGR] 5.4.2.2 Early User Authorization Result PDU: sent right after CredSSP if and only if PROTOCOL_HYBRID_EX
     * was selected.
     */
    public static byte[] earlyAuthorization(boolean allowed) {
        return new byte[] {(byte) (allowed ? 0 : 5), 0, 0, 0};
    }

    /** Who the client says it is, as soon as it has said so. */
    public Optional<Claim> claim() {
        return Optional.ofNullable(claim);
    }

    /**
     * Takes one message of the client.
     *
     * @throws IllegalStateException if it is over already
     */
    public CredSspStep on(byte[] message) {
        requireRunning();
        try {
            TsRequest request = TsRequest.decode(message);
            checkVersion(request.version());
            if (request.errorCode() != null) {
                throw new NlaException(String.format("the client gives up with 0x%08x", request.errorCode()));
            }
            takeNonce(request.clientNonce());
            return switch (state) {
                case NEGOTIATE -> onNegotiate(token(request));
                case NEGOTIATE_NTLM -> onNegotiateNtlm(token(request));
                case AUTHENTICATE -> onAuthenticate(request);
                case CLAIMED -> throw new NlaException("a message out of turn");
                case PUBLIC_KEY -> onPublicKey(request);
                case CREDENTIALS -> onCredentials(request);
                case ENDED -> throw new IllegalStateException();
            };
        } catch (NlaException e) {
            return refused(e.refusal(), e.getMessage());
        }
    }

    /**
     * Answers {@link CredSspStep.Identify} with every credential the client may mean; none if the user is unknown, which takes
     * the same steps.
     *
     * @throws IllegalStateException if nothing was asked, or it is over already
     */
    public CredSspStep answer(List<? extends Credential> credentials, Moment now) {
        requireClaimed();
        try {
            Credential match = null;
            boolean tried = false;
            for (Credential credential : credentials) {
                tried = true;
                if (ntlm.proves(response, credential.ntHash())) {
                    match = better(match, credential, now);
                }
            }
            if (!tried) {
                ntlm.proves(response, decoy);
            }
            if (match == null) {
                return refused(Refusal.WRONG_CREDENTIALS, "no secret fits");
            }
            Optional<Credential.Denial> denial = match.denial(now);
            if (denial.isPresent()) {
                return refused(Refusal.DENIED_CREDENTIAL, denial.get().toString(), Optional.of(match));
            }
            return onProof(match);
        } catch (NlaException e) {
            return refused(e.refusal(), e.getMessage());
        }
    }

    /**
     * Whether the client knows one of these secrets; for {@link CredSspStep.Identify}, which waits for its answer still.
     *
     * @throws IllegalStateException if nothing was asked, or it is over already
     */
    public boolean knows(List<? extends Credential> credentials) {
        requireClaimed();
        return credentials.stream().anyMatch(credential -> ntlm.proves(response, credential.ntHash()));
    }

    /**
     * Answers {@link CredSspStep.Identify} without a look-up.
     *
     * @throws IllegalStateException if nothing was asked, or it is over already
     */
    public CredSspStep refuse(Refusal refusal, String detail) {
        requireClaimed();
        return refused(refusal, detail);
    }

    /** Forgets all keys; idempotent. Nothing but {@link #claim()} may be called afterwards. */
    public void wipe() {
        state = State.ENDED;
        if (session != null) {
            session.wipe();
            session = null;
        }
        response = null;
        pubKeyAuth = null;
    }

    private static Credential better(Credential match, Credential credential, Moment now) {
        return match == null || match.denial(now).isPresent() ? credential : match;
    }

    private CredSspStep onNegotiate(byte[] token) {
        if (!Spnego.isInitial(token)) {
            byte[] challenge = ntlm.challenge(token);
            state = State.AUTHENTICATE;
            return reply(TsRequest.ofToken(version(), challenge));
        }
        Spnego.NegTokenInit init = Spnego.NegTokenInit.decode(token);
        if (!init.offersNtlm()) {
            throw new NlaException(Refusal.UNSUPPORTED, "NegTokenInit.mechTypes do not contain NTLM");
        }
        mechTypes = init.mechTypes();
        if (init.prefersNtlm() && init.mechToken() != null) {
            byte[] challenge = ntlm.challenge(init.mechToken());
            state = State.AUTHENTICATE;
            return reply(Spnego.NegState.ACCEPT_INCOMPLETE, Spnego.ntlm(), challenge);
        }
        micRequired = !init.prefersNtlm();
        state = State.NEGOTIATE_NTLM;
        return reply(
                micRequired ? Spnego.NegState.REQUEST_MIC : Spnego.NegState.ACCEPT_INCOMPLETE, Spnego.ntlm(), null);
    }

    private CredSspStep onNegotiateNtlm(byte[] token) {
        Spnego.NegTokenResp next = Spnego.NegTokenResp.decode(token);
        if (next.responseToken() == null) {
            throw new NlaException("NegTokenResp.responseToken is missing");
        }
        byte[] challenge = ntlm.challenge(next.responseToken());
        state = State.AUTHENTICATE;
        return reply(Spnego.NegState.ACCEPT_INCOMPLETE, null, challenge);
    }

    private CredSspStep reply(Spnego.NegState negState, byte[] mechanism, byte[] token) {
        byte[] response = new Spnego.NegTokenResp(negState, mechanism, token, null).encode();
        return reply(TsRequest.ofToken(version(), response));
    }

    private CredSspStep onAuthenticate(TsRequest request) {
        byte[] token = request.negoToken();
        if (token == null || request.authInfo() != null) {
            throw new NlaException("TSRequest has no negoTokens, or authInfo, where the client authenticates");
        }
        if (mechTypes != null) {
            Spnego.NegTokenResp wrapped = Spnego.NegTokenResp.decode(token);
            mechListMic = wrapped.mechListMic();
            token = wrapped.responseToken();
            if (token == null) {
                throw new NlaException("NegTokenResp.responseToken is missing");
            }
        }
        pubKeyAuth = request.pubKeyAuth();
        response = ntlm.authenticate(token);
        claim = new Claim(response.user(), response.domain(), response.workstation());
        state = State.CLAIMED;
        return new CredSspStep.Identify(claim);
    }

    private CredSspStep onProof(Credential credential) {
        byte[] bindings = response.avPairs().find(AvPairs.CHANNEL_BINDINGS);
        if (bindings != null && !isZero(bindings) && !binding.matches(bindings)) {
            throw new NlaException(Refusal.RELAYED, "MsvAvChannelBindings name another certificate");
        }
        session = ntlm.session(response, credential.ntHash());
        proven = credential;
        byte[] token = mechTypes == null ? null : concludeSpnego();
        response = null;
        if (pubKeyAuth == null) {
            // The client waits for SPNEGO's end before it binds to the key.
            state = State.PUBLIC_KEY;
            return token == null ? new CredSspStep.Reply(new byte[0]) : reply(TsRequest.ofToken(version(), token));
        }
        byte[] answer = bindToPublicKey(pubKeyAuth);
        pubKeyAuth = null;
        byte[] conclusion = mechListMic == null ? null : token;
        return reply(new TsRequest(version(), conclusion, null, answer, null, null));
    }

    /** RFC 4178 section 5: the exchange of mechListMICs, which a client leaves out if its first choice was taken. */
    private byte[] concludeSpnego() {
        byte[] ours = null;
        if (mechListMic != null) {
            if (!session.verify(mechTypes, mechListMic)) {
                throw new NlaException(Refusal.TAMPERED, "NegTokenResp.mechListMIC is wrong");
            }
            ours = session.sign(mechTypes);
            session.restartCiphers();
        } else if (micRequired) {
            throw new NlaException("NegTokenResp.mechListMIC is missing");
        }
        return new Spnego.NegTokenResp(Spnego.NegState.ACCEPT_COMPLETED, null, null, ours).encode();
    }

    private CredSspStep onPublicKey(TsRequest request) {
        if (request.pubKeyAuth() == null || request.authInfo() != null) {
            throw new NlaException("TSRequest has no pubKeyAuth, or authInfo, where the client binds to the key");
        }
        return reply(TsRequest.ofPubKeyAuth(version(), bindToPublicKey(request.pubKeyAuth())));
    }

    /** 3.1.5.1.1.3 and following: verifies the client's binding and makes ours. */
    private byte[] bindToPublicKey(byte[] sealed) {
        byte[] theirs = session.unseal(sealed, "pubKeyAuth");
        PublicKeyBinding keys = PublicKeyBinding.of(version(), nonce, binding.subjectPublicKey());
        if (!MessageDigest.isEqual(theirs, keys.clients())) {
            throw new NlaException(Refusal.RELAYED, "pubKeyAuth names another key");
        }
        state = State.CREDENTIALS;
        return session.seal(keys.servers());
    }

    private CredSspStep onCredentials(TsRequest request) {
        if (request.authInfo() == null || request.negoToken() != null || request.pubKeyAuth() != null) {
            throw new NlaException("TSRequest has no authInfo, or more than that, at the end");
        }
        TsCredentials.checkAndWipe(session.unseal(request.authInfo(), "authInfo"));
        Credential credential = proven;
        wipe();
        return new CredSspStep.Proven(claim, credential);
    }

    private static byte[] token(TsRequest request) {
        if (request.negoToken() == null || request.authInfo() != null || request.pubKeyAuth() != null) {
            throw new NlaException("TSRequest has no negoTokens, or more than that, at the beginning");
        }
        return request.negoToken();
    }

    private void checkVersion(int version) {
        if (clientVersion == 0) {
            if (version < minimum) {
                throw new NlaException(
                        Refusal.UNSUPPORTED, "TSRequest.version is " + version + ", not " + minimum + " or later");
            }
            clientVersion = version;
        } else if (version != clientVersion) {
            throw new NlaException("TSRequest.version was " + clientVersion + " and is " + version);
        }
    }

    private void takeNonce(byte[] clientNonce) {
        if (clientNonce == null) {
            return;
        }
        if (nonce != null && !Arrays.equals(nonce, clientNonce)) {
            throw new NlaException("TSRequest.clientNonce changed");
        }
        nonce = clientNonce;
    }

    private int version() {
        return Math.min(clientVersion, VERSION);
    }

    private static CredSspStep reply(TsRequest request) {
        return new CredSspStep.Reply(request.encode());
    }

    private CredSspStep refused(Refusal refusal, String detail) {
        return refused(refusal, detail, Optional.empty());
    }

    private CredSspStep refused(Refusal refusal, String detail, Optional<Credential> credential) {
        int version = version();
        wipe();
        boolean told = refusal.status() != 0 && version >= ERROR_VERSION && version != NO_ERROR_VERSION;
        byte[] bytes = told ? TsRequest.ofError(version, refusal.status()).encode() : new byte[0];
        return new CredSspStep.Refused(bytes, refusal, detail, credential);
    }

    private void requireRunning() {
        if (state == State.ENDED) {
            throw new IllegalStateException("the authentication is over");
        }
    }

    private void requireClaimed() {
        if (state != State.CLAIMED) {
            throw new IllegalStateException("no look-up was asked for");
        }
    }

    private static boolean isZero(byte[] value) {
        int all = 0;
        for (byte part : value) {
            all |= part;
        }
        return all == 0;
    }
}
