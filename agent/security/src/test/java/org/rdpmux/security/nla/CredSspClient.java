// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rdpmux.security.access.NtHash;

/**
 * The client's side of CredSSP for tests: {@link #start()}, then {@link #on} with each of the server's messages until
 * {@link #isDone()}. It checks what the server proves and fails with an AssertionError if that is wrong.
 */
public final class CredSspClient {

    /** How NTLM is wrapped. */
    public enum Wrapping {
        /** Bare NTLMSSP, as FreeRDP sends it. */
        BARE,
        /** SPNEGO with NTLM first. */
        SPNEGO,
        /** SPNEGO with NTLM first and a mechListMIC, as Windows sends it. */
        SPNEGO_WITH_MIC,
        /** SPNEGO with an unusable Kerberos token first, as in a domain. */
        KERBEROS_FIRST
    }

    /**
     * What to do.
     *
     * @param subjectPublicKey of the server's certificate, as the client's TLS sees it
     * @param endPointHash of the server's certificate for channel bindings; null for none
     */
    public record Options(
            String user,
            String domain,
            String password,
            int version,
            Wrapping wrapping,
            byte[] subjectPublicKey,
            byte[] endPointHash) {

        public Options(String user, String password, byte[] subjectPublicKey) {
            this(user, "", password, CredSspServer.VERSION, Wrapping.BARE, subjectPublicKey, null);
        }

        public Options withVersion(int other) {
            return new Options(user, domain, password, other, wrapping, subjectPublicKey, endPointHash);
        }

        public Options withWrapping(Wrapping other) {
            return new Options(user, domain, password, version, other, subjectPublicKey, endPointHash);
        }

        public Options withEndPointHash(byte[] other) {
            return new Options(user, domain, password, version, wrapping, subjectPublicKey, other);
        }

        public Options withDomain(String other) {
            return new Options(user, other, password, version, wrapping, subjectPublicKey, endPointHash);
        }
    }

    private static final byte[] KERBEROS = {0x2A, (byte) 0x86, 0x48, (byte) 0x82, (byte) 0xF7, 0x12, 0x01, 0x02, 0x02};

    private static final int FLAGS = NtlmFlags.REQUIRED
            | NtlmFlags.ALWAYS_SIGN
            | NtlmFlags.TARGET_INFO
            | NtlmFlags.VERSION
            | NtlmFlags.REQUEST_TARGET
            | NtlmFlags.KEY_56;

    private static final int AUTHENTICATE_HEAD_SIZE = 88;

    private enum State {
        CHALLENGE,
        MIC,
        PUBLIC_KEY,
        DONE
    }

    private final Options options;
    private final SecureRandom random = new SecureRandom();
    private final byte[] nonce = new byte[TsRequest.NONCE_SIZE];
    private final List<byte[]> mechanisms;
    private State state = State.CHALLENGE;
    private byte[] negotiate;
    private NtlmSession session;
    private int hashFrom;

    public CredSspClient(Options options) {
        this.options = options;
        random.nextBytes(nonce);
        mechanisms = options.wrapping == Wrapping.KERBEROS_FIRST
                ? List.of(KERBEROS, Spnego.ntlm())
                : List.of(Spnego.ntlm(), KERBEROS);
    }

    /** The first message. */
    public byte[] start() {
        ByteBuffer out = NtlmMessage.create(40, NtlmMessage.NEGOTIATE);
        out.putInt(FLAGS).putLong(0).putLong(0).put(NtlmMessage.VERSION);
        negotiate = out.array();
        byte[] token = switch (options.wrapping) {
            case BARE -> negotiate;
            case SPNEGO, SPNEGO_WITH_MIC -> Spnego.NegTokenInit.encode(mechanisms, negotiate);
            case KERBEROS_FIRST -> Spnego.NegTokenInit.encode(mechanisms, new byte[] {0x60, 0x00});
        };
        return TsRequest.ofToken(options.version, token).encode();
    }

    /** For tests that say other things under its seal. */
    NtlmSession session() {
        return session;
    }

    public boolean isDone() {
        return state == State.DONE;
    }

    /** The NTSTATUS in a server's message; 0 if it is no error. */
    public static int errorOf(byte[] message) {
        Integer code = TsRequest.decode(message).errorCode();
        return code == null ? 0 : code;
    }

    /** The answer to a server's message. */
    public byte[] on(byte[] message) {
        TsRequest request = TsRequest.decode(message);
        check(request.errorCode() == null, "the server refuses");
        check(request.version() == Math.min(options.version, CredSspServer.VERSION), "version");
        hashFrom = request.version();
        return switch (state) {
            case CHALLENGE -> onToken(request.negoToken());
            case MIC -> {
                checkMic(Spnego.NegTokenResp.decode(request.negoToken()));
                yield bind(null);
            }
            case PUBLIC_KEY -> onPublicKey(request.pubKeyAuth());
            case DONE -> throw new AssertionError("a message after the end");
        };
    }

    private byte[] onToken(byte[] token) {
        if (options.wrapping == Wrapping.BARE) {
            return bind(authenticate(token));
        }
        Spnego.NegTokenResp reply = Spnego.NegTokenResp.decode(token);
        if (reply.responseToken() == null) {
            check(Arrays.equals(reply.supportedMech(), Spnego.ntlm()), "supportedMech");
            return ofToken(new Spnego.NegTokenResp(null, null, negotiate, null));
        }
        byte[] authenticate = authenticate(reply.responseToken());
        if (options.wrapping == Wrapping.SPNEGO) {
            return bind(new Spnego.NegTokenResp(null, null, authenticate, null).encode());
        }
        byte[] mic = session.sign(Spnego.NegTokenInit.mechTypes(mechanisms));
        state = State.MIC;
        return ofToken(new Spnego.NegTokenResp(null, null, authenticate, mic));
    }

    private void checkMic(Spnego.NegTokenResp reply) {
        check(reply.negState() == Spnego.NegState.ACCEPT_COMPLETED, "negState");
        check(session.verify(Spnego.NegTokenInit.mechTypes(mechanisms), reply.mechListMic()), "mechListMIC");
        session.restartCiphers();
    }

    private byte[] bind(byte[] token) {
        byte[] clear = hashFrom >= 5 ? hash("CredSSP Client-To-Server Binding Hash\0") : options.subjectPublicKey;
        state = State.PUBLIC_KEY;
        byte[] sealed = session.seal(clear);
        return new TsRequest(options.version, token, null, sealed, null, options.version >= 5 ? nonce : null).encode();
    }

    private byte[] onPublicKey(byte[] sealed) {
        byte[] clear = session.unseal(sealed, "pubKeyAuth");
        if (hashFrom >= 5) {
            check(Arrays.equals(clear, hash("CredSSP Server-To-Client Binding Hash\0")), "the server's hash");
        } else {
            clear[0]--;
            check(Arrays.equals(clear, options.subjectPublicKey), "the server's public key");
        }
        state = State.DONE;
        byte[] credentials = credentials(options.domain, options.user, options.password);
        return new TsRequest(options.version, null, session.seal(credentials), null, null, null).encode();
    }

    static byte[] credentials(String domain, String user, String password) {
        byte[] creds = DerWriter.element(
                DerReader.SEQUENCE,
                DerWriter.context(0, DerWriter.octets(Utf16.encode(domain))),
                DerWriter.context(1, DerWriter.octets(Utf16.encode(user))),
                DerWriter.context(2, DerWriter.octets(Utf16.encode(password))));
        return DerWriter.element(
                DerReader.SEQUENCE,
                DerWriter.context(0, DerWriter.number(DerReader.INTEGER, 1)),
                DerWriter.context(1, DerWriter.octets(creds)));
    }

    private byte[] authenticate(byte[] challenge) {
        ByteBuffer in = NtlmMessage.open(challenge, NtlmMessage.CHALLENGE, "CHALLENGE_MESSAGE", 56);
        byte[] serverChallenge = Arrays.copyOfRange(challenge, 24, 32);
        AvPairs offered = AvPairs.decode(ByteBuffer.wrap(NtlmMessage.payload(in.position(40), 48, "TargetInfo", 4096)));
        List<AvPairs.Pair> pairs = new ArrayList<>(offered.pairs());
        pairs.add(new AvPairs.Pair(AvPairs.FLAGS, new byte[] {AvPairs.FLAG_MIC, 0, 0, 0}));
        byte[] binding = options.endPointHash == null ? new byte[16] : ChannelBinding.avPair(options.endPointHash);
        pairs.add(new AvPairs.Pair(AvPairs.CHANNEL_BINDINGS, binding));
        byte[] clientChallenge = clientChallenge(offered.find(AvPairs.TIMESTAMP), new AvPairs(pairs).encode());

        NtHash hash = NtHash.ofPassword(options.password.toCharArray());
        byte[] responseKey = NtlmCrypto.ntowfv2(hash, options.user, options.domain);
        byte[] proof = NtlmCrypto.hmacMd5(responseKey, serverChallenge, clientChallenge);
        byte[] exported = new byte[NtlmCrypto.KEY_SIZE];
        random.nextBytes(exported);
        byte[] encryptedKey = NtlmCrypto.rc4(NtlmCrypto.hmacMd5(responseKey, proof), exported);
        session = NtlmSession.ofClient(exported);
        byte[] message = message(proof, clientChallenge, encryptedKey);
        byte[] mic = NtlmCrypto.hmacMd5(exported, negotiate, challenge, message);
        System.arraycopy(mic, 0, message, NtlmAuthenticate.MIC_OFFSET, mic.length);
        return message;
    }

    private byte[] clientChallenge(byte[] timestamp, byte[] pairs) {
        byte[] own = new byte[8];
        random.nextBytes(own);
        return ByteBuffer.allocate(NtlmAuthenticate.CLIENT_CHALLENGE_HEAD_SIZE + pairs.length + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x0101)
                .putShort((short) 0)
                .putInt(0)
                .put(timestamp)
                .put(own)
                .putInt(0)
                .put(pairs)
                .putInt(0)
                .array();
    }

    private byte[] message(byte[] proof, byte[] clientChallenge, byte[] encryptedKey) {
        byte[] domain = Utf16.encode(options.domain);
        byte[] user = Utf16.encode(options.user);
        byte[] workstation = Utf16.encode("TESTER");
        int response = proof.length + clientChallenge.length;
        int offset = AUTHENTICATE_HEAD_SIZE;
        ByteBuffer out = NtlmMessage.create(
                offset + domain.length + user.length + workstation.length + 24 + response + encryptedKey.length,
                NtlmMessage.AUTHENTICATE);
        int names = offset + domain.length + user.length + workstation.length;
        NtlmMessage.putField(out, 24, names);
        NtlmMessage.putField(out, response, names + 24);
        NtlmMessage.putField(out, domain.length, offset);
        NtlmMessage.putField(out, user.length, offset + domain.length);
        NtlmMessage.putField(out, workstation.length, offset + domain.length + user.length);
        NtlmMessage.putField(out, encryptedKey.length, names + 24 + response);
        out.putInt(FLAGS).put(NtlmMessage.VERSION).put(new byte[NtlmAuthenticate.MIC_SIZE]);
        out.put(domain).put(user).put(workstation).put(new byte[24]);
        return out.put(proof).put(clientChallenge).put(encryptedKey).array();
    }

    private byte[] ofToken(Spnego.NegTokenResp token) {
        return TsRequest.ofToken(options.version, token.encode()).encode();
    }

    private byte[] hash(String magic) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(magic.getBytes(StandardCharsets.US_ASCII));
            digest.update(nonce);
            return digest.digest(options.subjectPublicKey);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new AssertionError(what);
        }
    }
}
