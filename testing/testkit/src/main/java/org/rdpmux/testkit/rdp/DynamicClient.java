// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.channel.ChannelPduHeader;
import org.rdpmux.pdu.dvc.Capabilities;
import org.rdpmux.pdu.dvc.CapabilitiesResponse;
import org.rdpmux.pdu.dvc.CreateRequest;
import org.rdpmux.pdu.dvc.CreateResponse;
import org.rdpmux.pdu.dvc.Data;
import org.rdpmux.pdu.dvc.DataFirst;
import org.rdpmux.pdu.dvc.DynamicChannelPdu;
import org.rdpmux.pdu.gfx.CapabilitySet;
import org.rdpmux.pdu.gfx.CapsAdvertise;
import org.rdpmux.pdu.gfx.EndFrame;
import org.rdpmux.pdu.gfx.FrameAcknowledge;
import org.rdpmux.pdu.gfx.GfxPdu;
import org.rdpmux.testkit.codec.Rdp8Decompressor;

/**
 * A client's dynamic virtual channels ([MS-RDPEDYC]): opens whatever the server offers. On the graphics channel it advertises a
 * version, and acknowledges each frame; pixels are not drawn. Guarded by its client, but for {@link
 * #isOpen} and {@link #message}.
 */
final class DynamicClient {

    private static final int FIRST_AND_LAST = ChannelPduHeader.FLAG_FIRST | ChannelPduHeader.FLAG_LAST;

    /** Of channels by name; other threads look them up. */
    private final Map<String, Long> ids = new ConcurrentHashMap<>();

    private final Map<Long, ByteBuf> begun = new HashMap<>();
    private final Rdp8Decompressor bulk = new Rdp8Decompressor();
    private int frames;

    /** Frames of the graphics channel that came. */
    int frames() {
        return frames;
    }

    boolean isOpen(String channel) {
        return ids.containsKey(channel);
    }

    /** Reads a chunk of the static channel; what is to be answered there. */
    List<Pdu> received(ByteBuf chunk) {
        ChannelPduHeader header = ChannelPduHeader.decode(chunk);
        if (!header.isFirst() || !header.isLast()) {
            throw new IllegalStateException("a PDU in several chunks: " + header);
        }
        DynamicChannelPdu pdu = DynamicChannelPdu.decodeFromServer(chunk);
        if (pdu instanceof Capabilities offer) {
            return List.of(message(new CapabilitiesResponse(offer.version()), Unpooled.EMPTY_BUFFER));
        } else if (pdu instanceof CreateRequest request) {
            return created(request);
        } else if (pdu instanceof DataFirst first) {
            begun.put(first.channelId(), Unpooled.buffer((int) first.length(), (int) first.length()));
            return data(first.channelId(), chunk);
        }
        return pdu instanceof Data data ? data(data.channelId(), chunk) : List.of();
    }

    private List<Pdu> created(CreateRequest request) {
        ids.put(request.name(), request.channelId());
        List<Pdu> answers = new ArrayList<>();
        answers.add(message(new CreateResponse(request.channelId(), 0), Unpooled.EMPTY_BUFFER));
        if (request.name().equals(GfxPdu.CHANNEL)) {
            answers.add(message(
                    GfxPdu.CHANNEL, new CapsAdvertise(List.of(new CapabilitySet(CapabilitySet.VERSION_8_1, 0)))));
        }
        return answers;
    }

    private List<Pdu> data(long id, ByteBuf part) {
        ByteBuf message = begun.get(id);
        if (message != null) {
            message.writeBytes(part);
            if (message.isWritable()) {
                return List.of();
            }
            begun.remove(id);
        }
        boolean graphics = ids.getOrDefault(GfxPdu.CHANNEL, -1L) == id;
        return graphics ? graphics(message == null ? part : message) : List.of();
    }

    private List<Pdu> graphics(ByteBuf wrapped) {
        List<Pdu> answers = new ArrayList<>();
        ByteBuf message = bulk.unwrap(wrapped);
        while (message.isReadable()) {
            if (GfxPdu.decodeFromServer(message) instanceof EndFrame end) {
                frames++;
                answers.add(message(GfxPdu.CHANNEL, new FrameAcknowledge(0, end.frameId(), frames)));
            }
        }
        return answers;
    }

    /** A message of a dynamic channel's, for the static one. It fits one PDU. */
    Pdu message(String channel, Pdu message) {
        ByteBuf bytes = Unpooled.buffer();
        message.encode(bytes);
        return message(new Data(ids.get(channel)), bytes);
    }

    private static Pdu message(DynamicChannelPdu header, ByteBuf data) {
        int length = header.size() + data.readableBytes();
        return new Chunk(new ChannelPduHeader(length, FIRST_AND_LAST), header, data);
    }

    private record Chunk(ChannelPduHeader chunk, DynamicChannelPdu header, ByteBuf data) implements Pdu {

        @Override
        public int size() {
            return chunk.size() + header.size() + data.readableBytes();
        }

        @Override
        public void encode(ByteBuf out) {
            chunk.encode(out);
            header.encode(out);
            out.writeBytes(data, data.readerIndex(), data.readableBytes());
        }
    }
}
