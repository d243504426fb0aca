// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Targets for a coverage-guided fuzzer, one at a time: {@code testing/fuzz.sh 600 PduFuzzTest#sharePdu}. What it finds it puts
 * beside its inputs, where {@link HostileBytesTest} replays it in every run, without the fuzzer's agent.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class PduFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void firstBytes(byte[] bytes) {
        PduTargets.ALL.get("firstBytes").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void connectionRequest(byte[] bytes) {
        PduTargets.ALL.get("connectionRequest").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void connectionConfirm(byte[] bytes) {
        PduTargets.ALL.get("connectionConfirm").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void connectInitial(byte[] bytes) {
        PduTargets.ALL.get("connectInitial").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void connectResponse(byte[] bytes) {
        PduTargets.ALL.get("connectResponse").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void conferenceCreateRequest(byte[] bytes) {
        PduTargets.ALL.get("conferenceCreateRequest").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void conferenceCreateResponse(byte[] bytes) {
        PduTargets.ALL.get("conferenceCreateResponse").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void domainPdu(byte[] bytes) {
        PduTargets.ALL.get("domainPdu").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void clientInfo(byte[] bytes) {
        PduTargets.ALL.get("clientInfo").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void securityHeader(byte[] bytes) {
        PduTargets.ALL.get("securityHeader").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void sharePdu(byte[] bytes) {
        PduTargets.ALL.get("sharePdu").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void fastPathInput(byte[] bytes) {
        PduTargets.ALL.get("fastPathInput").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void fastPathOutput(byte[] bytes) {
        PduTargets.ALL.get("fastPathOutput").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void gfxFromClient(byte[] bytes) {
        PduTargets.ALL.get("gfxFromClient").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void gfxFromServer(byte[] bytes) {
        PduTargets.ALL.get("gfxFromServer").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void autoDetectResponse(byte[] bytes) {
        PduTargets.ALL.get("autoDetectResponse").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void autoDetectRequest(byte[] bytes) {
        PduTargets.ALL.get("autoDetectRequest").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void monitorLayout(byte[] bytes) {
        PduTargets.ALL.get("monitorLayout").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void clipboardPdu(byte[] bytes) {
        PduTargets.ALL.get("clipboardPdu").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void soundPdu(byte[] bytes) {
        PduTargets.ALL.get("soundPdu").accept(bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void channelPdu(byte[] bytes) {
        PduTargets.ALL.get("channelPdu").accept(bytes);
    }
}
