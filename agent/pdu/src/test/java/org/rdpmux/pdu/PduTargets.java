// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.pdu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.rdpmux.pdu.autodetect.AutoDetectRequest;
import org.rdpmux.pdu.autodetect.AutoDetectResponse;
import org.rdpmux.pdu.bitmap.BitmapUpdate;
import org.rdpmux.pdu.caps.BitmapCodecsCapability;
import org.rdpmux.pdu.caps.CapabilitySet;
import org.rdpmux.pdu.caps.RemoteFxClientCapability;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.cliprdr.ClipboardPdu;
import org.rdpmux.pdu.disp.MonitorLayout;
import org.rdpmux.pdu.fastpath.FastPathOutput;
import org.rdpmux.pdu.fastpath.FastPathUpdate;
import org.rdpmux.pdu.fastpath.UpdateCode;
import org.rdpmux.pdu.gcc.ConferenceCreateRequest;
import org.rdpmux.pdu.gcc.ConferenceCreateResponse;
import org.rdpmux.pdu.gfx.GfxPdu;
import org.rdpmux.pdu.gfx.WireToSurface1;
import org.rdpmux.pdu.gfx.WireToSurface2;
import org.rdpmux.pdu.info.ClientInfo;
import org.rdpmux.pdu.info.SecurityHeader;
import org.rdpmux.pdu.input.FastPathInput;
import org.rdpmux.pdu.license.LicenseErrorMessage;
import org.rdpmux.pdu.mcs.ConnectInitial;
import org.rdpmux.pdu.mcs.ConnectResponse;
import org.rdpmux.pdu.mcs.DomainPdu;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.pointer.PointerUpdate;
import org.rdpmux.pdu.rdpsnd.SoundPdu;
import org.rdpmux.pdu.share.ConfirmActive;
import org.rdpmux.pdu.share.DeactivateAll;
import org.rdpmux.pdu.share.DemandActive;
import org.rdpmux.pdu.share.ShareControlHeader;
import org.rdpmux.pdu.share.ShareDataPdu;
import org.rdpmux.pdu.surface.FrameMarker;
import org.rdpmux.pdu.x224.ConnectionConfirm;
import org.rdpmux.pdu.x224.ConnectionRequest;
import org.rdpmux.pdu.x224.DataFrame;

/**
 * What a fuzzer feeds: every decoder there is, from the first byte of a connection on. Whatever the bytes are, a decoder
 * refuses them with a {@link PduException} or answers with something that encodes to {@code size()} bytes, and these decode
 * to the same thing again.
 */
final class PduTargets {

    /** By the name of the fuzzer's test and of the directory with its inputs. */
    static final Map<String, Consumer<byte[]>> ALL = Map.ofEntries(
            Map.entry("firstBytes", PduTargets::firstBytes),
            Map.entry("connectionRequest", PduTargets::connectionRequest),
            Map.entry("connectionConfirm", bytes -> check(bytes, ConnectionConfirm::decode)),
            Map.entry("connectInitial", PduTargets::connectInitial),
            Map.entry("connectResponse", PduTargets::connectResponse),
            Map.entry("conferenceCreateRequest", bytes -> check(bytes, ConferenceCreateRequest::decode)),
            Map.entry("conferenceCreateResponse", bytes -> check(bytes, ConferenceCreateResponse::decode)),
            Map.entry("domainPdu", PduTargets::domainPdu),
            Map.entry("clientInfo", bytes -> check(bytes, ClientInfo::decode)),
            Map.entry("securityHeader", PduTargets::securityHeader),
            Map.entry("sharePdu", PduTargets::share),
            Map.entry("fastPathInput", bytes -> check(bytes, FastPathInput::decode)),
            Map.entry("fastPathOutput", PduTargets::fastPathOutput),
            Map.entry("gfxFromClient", bytes -> check(bytes, GfxPdu::decodeFromClient)),
            Map.entry("gfxFromServer", PduTargets::gfxFromServer),
            Map.entry("autoDetectResponse", bytes -> check(bytes, AutoDetectResponse::decode)),
            Map.entry("autoDetectRequest", bytes -> check(bytes, AutoDetectRequest::decode)),
            Map.entry("monitorLayout", bytes -> check(bytes, MonitorLayout::decode)),
            Map.entry("clipboardPdu", PduTargets::clipboard),
            Map.entry("soundPdu", bytes -> check(bytes, SoundPdu::decode)),
            Map.entry("channelPdu", bytes -> check(bytes, ChannelPduHeader::decode)));

    private PduTargets() {}

    /** Answers with what was decoded, or null if it was refused. */
    private static <T extends Pdu> T check(byte[] bytes, Function<ByteBuf, T> decode) {
        T first;
        try {
            first = decode.apply(Unpooled.wrappedBuffer(bytes));
        } catch (PduException refused) {
            assertFalse(refused.getMessage().isBlank());
            return null;
        }
        byte[] encoded = Hostile.encode(first);
        ByteBuf in = Unpooled.wrappedBuffer(encoded);
        T second = decode.apply(in);
        assertFalse(in.isReadable(), () -> in.readableBytes() + " bytes left by " + second);
        assertArrayEquals(encoded, Hostile.encode(second), () -> first + " became " + second);
        return first;
    }

    /** What a server writes has its pixels behind it: only what has none comes back. */
    private static void gfxFromServer(byte[] bytes) {
        try {
            GfxPdu pdu = GfxPdu.decodeFromServer(Unpooled.wrappedBuffer(bytes));
            if (!(pdu instanceof WireToSurface1) && !(pdu instanceof WireToSurface2)) {
                check(bytes, GfxPdu::decodeFromServer);
            }
        } catch (PduException refused) {
            assertFalse(refused.getMessage().isBlank());
        }
    }

    /** With names of both lengths; an ASCII name becomes one of UTF-16, which has room for half as many characters. */
    private static void clipboard(byte[] bytes) {
        check(bytes, in -> ClipboardPdu.decode(in, true));
        check(bytes, in -> ClipboardPdu.decode(in, false));
    }

    /** What the stream's next bytes are, looked at without consuming them, and where the next PDU ends. */
    static void firstBytes(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        FirstBytes kind = FirstBytes.classify(in);
        assertTrue(in.readerIndex() == 0 && (kind != FirstBytes.INCOMPLETE || bytes.length < 12));
        if (kind == FirstBytes.PRECONNECTION) {
            check(bytes, PreconnectionPdu::decode);
        }
        try {
            while (in.isReadable()) {
                boolean frame = FrameSplitter.isTpkt(in);
                int length = FrameSplitter.nextLength(in, FrameSplitter.MAX_CLIENT_LENGTH);
                if (length == FrameSplitter.INCOMPLETE || length > in.readableBytes()) {
                    return;
                }
                ByteBuf pdu = in.readSlice(length);
                if (frame && DataFrame.isData(pdu)) {
                    DataFrame.decodePayload(pdu);
                }
            }
        } catch (PduException refused) {
            assertFalse(refused.getMessage().isBlank());
        }
    }

    /** A cookie that is longer than the length indicator can say is read, but never written. */
    static void connectionRequest(byte[] bytes) {
        check(bytes, in -> {
            ConnectionRequest request = ConnectionRequest.decode(in);
            return request.size() > 4 + 255 ? new ConnectionRequest("", request.negotiation()) : request;
        });
    }

    static void connectInitial(byte[] bytes) {
        ConnectInitial initial = check(bytes, ConnectInitial::decode);
        if (initial != null) {
            check(initial.userData(), ConferenceCreateRequest::decode);
        }
    }

    static void connectResponse(byte[] bytes) {
        ConnectResponse response = check(bytes, ConnectResponse::decode);
        if (response != null) {
            check(response.userData(), ConferenceCreateResponse::decode);
        }
    }

    /** Of data, the header is decoded; its payload follows it. */
    static void domainPdu(byte[] bytes) {
        check(bytes, in -> {
            DomainPdu pdu = DomainPdu.decode(in);
            if (pdu instanceof SendData data) {
                byte[] payload = new byte[data.length()];
                in.readBytes(payload);
                return new Whole(data, payload);
            }
            return pdu;
        });
    }

    private record Whole(SendData header, byte[] payload) implements Pdu {
        @Override
        public int size() {
            return header.size() + payload.length;
        }

        @Override
        public void encode(ByteBuf out) {
            header.encode(out);
            out.writeBytes(payload);
        }
    }

    /** What has a security header under TLS: Client Info, and a licence error message. */
    static void securityHeader(byte[] bytes) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        SecurityHeader header = check(bytes, SecurityHeader::decode);
        if (header != null) {
            byte[] body = new byte[in.skipBytes(SecurityHeader.SIZE).readableBytes()];
            in.readBytes(body);
            check(body, header.has(SecurityHeader.SEC_LICENSE_PKT) ? LicenseErrorMessage::decode : ClientInfo::decode);
        }
    }

    /** What a client of ours reads: the scripted peers of tests and measurements. */
    static void fastPathOutput(byte[] bytes) {
        FastPathOutput output = check(bytes, FastPathOutput::decode);
        for (FastPathUpdate update : output == null ? List.<FastPathUpdate>of() : output.updates()) {
            switch (update.updateCode()) {
                case UpdateCode.BITMAP -> {
                    try {
                        BitmapUpdate.decode(Unpooled.wrappedBuffer(update.data()));
                    } catch (PduException refused) {
                        assertFalse(refused.getMessage().isBlank());
                    }
                }
                case UpdateCode.SURFACE_COMMANDS -> check(update.data(), FrameMarker::decode);
                default -> check(update.data(), in -> PointerUpdate.decode(update.updateCode(), in));
            }
        }
    }

    /** What a client says of a codec it says in a structure of the codec's own. */
    static void share(byte[] bytes) {
        if (check(bytes, PduTargets::sharePdu) instanceof ConfirmActive confirm) {
            CapabilitySet.find(confirm.capabilities(), BitmapCodecsCapability.class)
                    .flatMap(codecs -> codecs.find(BitmapCodecsCapability.REMOTEFX))
                    .ifPresent(codec -> check(codec.properties(), RemoteFxClientCapability::decode));
        }
    }

    private static Pdu sharePdu(ByteBuf in) {
        if (ShareControlHeader.isFlowControl(in)) {
            throw new PduException("TS_SHARECONTROLHEADER", "totalLength", "flow control");
        }
        ShareControlHeader control = ShareControlHeader.decode(in);
        ByteBuf body = in.readSlice(control.bodyLength());
        return switch (control.type()) {
            case ShareControlHeader.TYPE_CONFIRM_ACTIVE -> ConfirmActive.decode(control, body);
            case ShareControlHeader.TYPE_DEMAND_ACTIVE -> DemandActive.decode(control, body);
            case ShareControlHeader.TYPE_DEACTIVATE_ALL -> DeactivateAll.decode(control, body);
            case ShareControlHeader.TYPE_DATA -> ShareDataPdu.decode(control, body);
            default -> throw new PduException("TS_SHARECONTROLHEADER", "pduType", "type " + control.type());
        };
    }
}
