// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Over ZMTP each message is two frames: the guest's UUID as it registered it, and the payload. Takes off and puts on the
 * first, so that payloads pass as {@code byte[]}.
 */
public final class UuidEnvelope extends MessageToMessageCodec<ZmtpCodec.Multipart, byte[]> {

    private final byte[] uuid;

    public UuidEnvelope(String uuid) {
        super(ZmtpCodec.Multipart.class, byte[].class);
        this.uuid = uuid.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ZmtpCodec.Multipart message, List<Object> out) {
        if (message.frames().size() != 2) {
            throw new MalformedMessageException(
                    "ZMTP message: " + message.frames().size() + " frames, not UUID and payload");
        }
        if (!Arrays.equals(message.frames().get(0), uuid)) {
            throw new MalformedMessageException("ZMTP message: another guest's UUID");
        }
        out.add(message.frames().get(1));
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, byte[] payload, List<Object> out) {
        out.add(new ZmtpCodec.Multipart(List.of(uuid, payload)));
    }
}
