// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.security.nla;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** RFC 4178 section 4.2, [MS-SPNG] 2.2: the tokens of SPNEGO, as far as a server that speaks NTLM needs them. */
final class Spnego {

    /** 1.3.6.1.4.1.311.2.2.10, DER contents. */
    private static final byte[] NTLM = {0x2B, 0x06, 0x01, 0x04, 0x01, (byte) 0x82, 0x37, 0x02, 0x02, 0x0A};

    /** 1.3.6.1.5.5.2, DER contents. */
    private static final byte[] SPNEGO = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x02};

    private static final int APPLICATION_0 = 0x60;

    /** Windows offers five. */
    private static final int MAX_MECHANISMS = 16;

    private static final int MAX_OID = 32;

    /** An NTLM signature has 16 bytes. */
    private static final int MAX_MIC = 64;

    private Spnego() {}

    /** RFC 4178 section 4.2.2 negState. */
    enum NegState {
        ACCEPT_COMPLETED,
        ACCEPT_INCOMPLETE,
        REJECT,
        REQUEST_MIC
    }

    /**
     * Section 4.2.1 NegTokenInit.
     *
     * @param mechTypes [0] as encoded, for the mechListMIC
     * @param mechanisms the same, decoded: contents of each OBJECT IDENTIFIER
     * @param mechToken [2] the token for the first of them; null if absent
     */
    record NegTokenInit(byte[] mechTypes, List<byte[]> mechanisms, byte[] mechToken) {

        boolean offersNtlm() {
            return mechanisms.stream().anyMatch(oid -> Arrays.equals(oid, NTLM));
        }

        boolean prefersNtlm() {
            return Arrays.equals(mechanisms.get(0), NTLM);
        }

        static NegTokenInit decode(byte[] token) {
            DerReader outside = new DerReader(token);
            DerReader gss = outside.enter(APPLICATION_0, "InitialContextToken");
            outside.end("the end of InitialContextToken");
            if (!Arrays.equals(gss.bytes(DerReader.OBJECT_IDENTIFIER, "thisMech", MAX_OID), SPNEGO)) {
                throw new NlaException(Refusal.UNSUPPORTED, "InitialContextToken.thisMech is not SPNEGO");
            }
            DerReader choice = gss.enter(DerReader.context(0), "NegTokenInit");
            gss.end("InitialContextToken");
            DerReader in = choice.enter(DerReader.SEQUENCE, "NegTokenInit");
            choice.end("NegTokenInit");
            DerReader types = in.enter(DerReader.context(0), "NegTokenInit.mechTypes");
            byte[] mechTypes = types.whole(DerReader.SEQUENCE, "mechTypes", MAX_MECHANISMS * (MAX_OID + 2) + 4);
            types.end("NegTokenInit.mechTypes");
            List<byte[]> mechanisms = mechanisms(mechTypes);
            if (in.at(DerReader.context(1))) {
                in.enter(DerReader.context(1), "NegTokenInit.reqFlags");
            }
            byte[] mechToken =
                    in.explicitBytes(2, DerReader.OCTET_STRING, "NegTokenInit.mechToken", TsRequest.MAX_SIZE);
            if (in.at(DerReader.context(3))) {
                // mechListMIC of RFC 4178, or negHints of [MS-SPNG] 2.2.1, which share the number.
                in.enter(DerReader.context(3), "NegTokenInit.mechListMIC");
            }
            if (in.at(DerReader.context(4))) {
                in.enter(DerReader.context(4), "NegTokenInit2.mechListMIC");
            }
            in.end("NegTokenInit");
            return new NegTokenInit(mechTypes, mechanisms, mechToken);
        }

        private static List<byte[]> mechanisms(byte[] mechTypes) {
            DerReader list = new DerReader(mechTypes).enter(DerReader.SEQUENCE, "mechTypes");
            List<byte[]> mechanisms = new ArrayList<>();
            while (list.hasMore()) {
                if (mechanisms.size() == MAX_MECHANISMS) {
                    throw new NlaException("mechTypes has more than " + MAX_MECHANISMS + " mechanisms");
                }
                mechanisms.add(list.bytes(DerReader.OBJECT_IDENTIFIER, "mechType", MAX_OID));
            }
            if (mechanisms.isEmpty()) {
                throw new NlaException("mechTypes is empty");
            }
            return mechanisms;
        }

        /** For clients; {@code mechanisms} are contents of OBJECT IDENTIFIERs. */
        static byte[] encode(List<byte[]> mechanisms, byte[] mechToken) {
            byte[] fields = DerWriter.context(0, mechTypes(mechanisms));
            byte[] token = mechToken == null ? new byte[0] : DerWriter.context(2, DerWriter.octets(mechToken));
            byte[] init = DerWriter.context(0, DerWriter.element(DerReader.SEQUENCE, fields, token));
            return DerWriter.element(APPLICATION_0, DerWriter.element(DerReader.OBJECT_IDENTIFIER, SPNEGO), init);
        }

        static byte[] mechTypes(List<byte[]> mechanisms) {
            return DerWriter.element(
                    DerReader.SEQUENCE,
                    mechanisms.stream()
                            .map(oid -> DerWriter.element(DerReader.OBJECT_IDENTIFIER, oid))
                            .toArray(byte[][]::new));
        }
    }

    /**
     * Section 4.2.2 NegTokenResp.
     *
     * @param negState [0]; null if absent, like the following
     * @param supportedMech [1] contents of an OBJECT IDENTIFIER
     * @param responseToken [2]
     * @param mechListMic [3]
     */
    record NegTokenResp(NegState negState, byte[] supportedMech, byte[] responseToken, byte[] mechListMic) {

        static NegTokenResp decode(byte[] token) {
            DerReader outside = new DerReader(token);
            DerReader choice = outside.enter(DerReader.context(1), "NegTokenResp");
            outside.end("the end of NegTokenResp");
            DerReader in = choice.enter(DerReader.SEQUENCE, "NegTokenResp");
            choice.end("NegTokenResp");
            NegState negState = null;
            if (in.at(DerReader.context(0))) {
                int number = in.explicitNumber(0, DerReader.ENUMERATED, "NegTokenResp.negState");
                if (number < 0 || number >= NegState.values().length) {
                    throw new NlaException("NegTokenResp.negState is " + number);
                }
                negState = NegState.values()[number];
            }
            byte[] supportedMech =
                    in.explicitBytes(1, DerReader.OBJECT_IDENTIFIER, "NegTokenResp.supportedMech", MAX_OID);
            byte[] responseToken =
                    in.explicitBytes(2, DerReader.OCTET_STRING, "NegTokenResp.responseToken", TsRequest.MAX_SIZE);
            byte[] mechListMic = in.explicitBytes(3, DerReader.OCTET_STRING, "NegTokenResp.mechListMIC", MAX_MIC);
            in.end("NegTokenResp");
            return new NegTokenResp(negState, supportedMech, responseToken, mechListMic);
        }

        byte[] encode() {
            List<byte[]> fields = new ArrayList<>();
            if (negState != null) {
                fields.add(DerWriter.context(0, DerWriter.number(DerReader.ENUMERATED, negState.ordinal())));
            }
            if (supportedMech != null) {
                fields.add(DerWriter.context(1, DerWriter.element(DerReader.OBJECT_IDENTIFIER, supportedMech)));
            }
            if (responseToken != null) {
                fields.add(DerWriter.context(2, DerWriter.octets(responseToken)));
            }
            if (mechListMic != null) {
                fields.add(DerWriter.context(3, DerWriter.octets(mechListMic)));
            }
            return DerWriter.context(1, DerWriter.element(DerReader.SEQUENCE, fields.toArray(byte[][]::new)));
        }
    }

    /** Contents of NTLM's OBJECT IDENTIFIER. */
    static byte[] ntlm() {
        return NTLM.clone();
    }

    /** Whether a first token is wrapped in SPNEGO rather than bare NTLM. */
    static boolean isInitial(byte[] token) {
        return token.length > 0 && (token[0] & 0xFF) == APPLICATION_0;
    }
}
