// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.util.ArrayList;
import java.util.List;

/**
 * [MS-CSSP] 2.2.1 TSRequest: the one message of CredSSP, in DER.
 *
 * @param version [0] INTEGER
 * @param negoToken [1] the one token of negoTokens; null if absent, like the following
 * @param authInfo [2] OCTET STRING, sealed TSCredentials
 * @param pubKeyAuth [3] OCTET STRING, sealed
 * @param errorCode [4] INTEGER, an NTSTATUS
 * @param clientNonce [5] OCTET STRING, since version 5
 */
record TsRequest(
        int version, byte[] negoToken, byte[] authInfo, byte[] pubKeyAuth, Integer errorCode, byte[] clientNonce) {

    /** Room for a Kerberos ticket with a large authorization part that a client of a domain sends first. */
    static final int MAX_SIZE = 0xFFFF;

    static final int NONCE_SIZE = 32;

    /** A reply's tag, length and what stands around the fields. */
    private static final int HEAD_SIZE = 5;

    static TsRequest ofToken(int version, byte[] negoToken) {
        return new TsRequest(version, negoToken, null, null, null, null);
    }

    static TsRequest ofPubKeyAuth(int version, byte[] pubKeyAuth) {
        return new TsRequest(version, null, null, pubKeyAuth, null, null);
    }

    static TsRequest ofError(int version, int errorCode) {
        return new TsRequest(version, null, null, null, errorCode, null);
    }

    /**
     * How many bytes the TSRequest has whose first {@code length} bytes stand in {@code data}.
     *
     * @return 0 if that cannot be known yet
     * @throws NlaException if these are not the first bytes of a TSRequest, or of one that is too long
     */
    static int frameSize(byte[] data, int length) {
        if (length < 1) {
            return 0;
        }
        if ((data[0] & 0xFF) != DerReader.SEQUENCE) {
            throw new NlaException(String.format("TSRequest begins with 0x%02x", data[0] & 0xFF));
        }
        if (length < 2) {
            return 0;
        }
        int first = data[1] & 0xFF;
        if (first < 0x80) {
            return 2 + first;
        }
        int count = first & 0x7F;
        if (count == 0 || count > HEAD_SIZE - 2) {
            throw new NlaException(String.format("TSRequest has a length that begins with 0x%02x", first));
        }
        if (length < 2 + count) {
            return 0;
        }
        int size = 0;
        for (int i = 0; i < count; i++) {
            size = size << 8 | data[2 + i] & 0xFF;
        }
        size += 2 + count;
        if (size > MAX_SIZE) {
            throw new NlaException("TSRequest has " + size + " bytes; at most " + MAX_SIZE + " are allowed");
        }
        return size;
    }

    static TsRequest decode(byte[] bytes) {
        DerReader outside = new DerReader(bytes);
        DerReader in = outside.enter(DerReader.SEQUENCE, "TSRequest");
        outside.end("the end of TSRequest");
        int version = in.explicitNumber(0, DerReader.INTEGER, "TSRequest.version");
        byte[] negoToken = in.at(DerReader.context(1)) ? negoToken(in.enter(DerReader.context(1), "negoTokens")) : null;
        byte[] authInfo = in.explicitBytes(2, DerReader.OCTET_STRING, "TSRequest.authInfo", MAX_SIZE);
        byte[] pubKeyAuth = in.explicitBytes(3, DerReader.OCTET_STRING, "TSRequest.pubKeyAuth", MAX_SIZE);
        Integer errorCode = null;
        if (in.at(DerReader.context(4))) {
            errorCode = in.explicitNumber(4, DerReader.INTEGER, "TSRequest.errorCode");
        }
        byte[] clientNonce = in.explicitBytes(5, DerReader.OCTET_STRING, "TSRequest.clientNonce", MAX_SIZE);
        if (clientNonce != null && clientNonce.length != NONCE_SIZE) {
            throw new NlaException(
                    "TSRequest.clientNonce has " + clientNonce.length + " bytes; expected " + NONCE_SIZE);
        }
        in.end("TSRequest");
        return new TsRequest(version, negoToken, authInfo, pubKeyAuth, errorCode, clientNonce);
    }

    byte[] encode() {
        List<byte[]> fields = new ArrayList<>();
        fields.add(DerWriter.context(0, DerWriter.number(DerReader.INTEGER, version)));
        if (negoToken != null) {
            byte[] one = DerWriter.element(DerReader.SEQUENCE, DerWriter.context(0, DerWriter.octets(negoToken)));
            fields.add(DerWriter.context(1, DerWriter.element(DerReader.SEQUENCE, one)));
        }
        if (authInfo != null) {
            fields.add(DerWriter.context(2, DerWriter.octets(authInfo)));
        }
        if (pubKeyAuth != null) {
            fields.add(DerWriter.context(3, DerWriter.octets(pubKeyAuth)));
        }
        if (errorCode != null) {
            fields.add(DerWriter.context(4, DerWriter.number(DerReader.INTEGER, errorCode)));
        }
        if (clientNonce != null) {
            fields.add(DerWriter.context(5, DerWriter.octets(clientNonce)));
        }
        return DerWriter.element(DerReader.SEQUENCE, fields.toArray(byte[][]::new));
    }

    /** 2.2.1.1 NegoData: a sequence of tokens, of which there is always exactly one. */
    private static byte[] negoToken(DerReader in) {
        DerReader list = in.enter(DerReader.SEQUENCE, "negoTokens");
        in.end("negoTokens");
        DerReader item = list.enter(DerReader.SEQUENCE, "negoTokens[0]");
        list.end("negoTokens");
        byte[] token = item.explicitBytes(0, DerReader.OCTET_STRING, "negoToken", MAX_SIZE);
        item.end("negoTokens[0]");
        if (token == null) {
            throw new NlaException("negoToken is missing");
        }
        return token;
    }
}
