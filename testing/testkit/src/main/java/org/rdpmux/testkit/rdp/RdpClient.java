// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.testkit.rdp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.rdpmux.pdu.FrameSplitter;
import org.rdpmux.pdu.Pdu;
import org.rdpmux.pdu.fastpath.FastPathOutput;
import org.rdpmux.pdu.fastpath.FastPathUpdate;
import org.rdpmux.pdu.input.ClientInput;
import org.rdpmux.pdu.input.FastPathInput;
import org.rdpmux.pdu.mcs.DisconnectProviderUltimatum;
import org.rdpmux.pdu.mcs.DomainPdu;
import org.rdpmux.pdu.mcs.SendData;
import org.rdpmux.pdu.share.DataBody;
import org.rdpmux.pdu.share.DemandActive;
import org.rdpmux.pdu.share.FontMap;
import org.rdpmux.pdu.share.FrameAcknowledge;
import org.rdpmux.pdu.share.InclusiveRect;
import org.rdpmux.pdu.share.SetErrorInfo;
import org.rdpmux.pdu.share.SetKeyboardIndicators;
import org.rdpmux.pdu.share.ShareControlHeader;
import org.rdpmux.pdu.share.ShareDataPdu;
import org.rdpmux.pdu.share.ShutdownDenied;
import org.rdpmux.pdu.share.SlowPathInput;
import org.rdpmux.pdu.share.SlowPathPointer;
import org.rdpmux.pdu.share.UnknownData;
import org.rdpmux.pdu.x224.DataFrame;

/**
 * A client in a session. A thread of its own reads what the server sends; every method may be called from any thread.
 *
 * <p>{@link #violations} is what a strict client would have left for: a test that passes asserts that it is empty.
 */
public final class RdpClient implements AutoCloseable {

    private final RdpWire wire;
    private final ClientOptions options;
    private final Handshake.Result agreed;
    private final Thread reader;
    private final List<String> violations = new ArrayList<>();
    private final OutputReader output;
    private long frames;
    private int activations;
    private final Uplink uplink;
    private final DynamicClient dynamic = new DynamicClient();
    private boolean active;
    private boolean paused;
    private boolean ended;
    private boolean closedHere;
    private Optional<Integer> errorInfo = Optional.empty();
    private Optional<Integer> ultimatum = Optional.empty();
    private final List<SetKeyboardIndicators> indicators = new ArrayList<>();
    private int shutdownsDenied;

    private RdpClient(RdpWire wire, ClientOptions options, Handshake.Result agreed) {
        this.wire = wire;
        this.options = options;
        this.agreed = agreed;
        uplink = new Uplink(wire, agreed, options.channels());
        output = new OutputReader(options.graphics(), violations);
        reader = new Thread(this::readAll, "rdp-client");
        reader.setDaemon(true);
    }

    /**
     * Connects up to the licence; the share is activated behind the scenes: see {@link #awaitActive}.
     * @throws RefusedException if the server says no
     * @throws IOException if the connection ends or the server does something else than the protocol says
     */
    public static RdpClient connect(InetSocketAddress address, ClientOptions options) throws IOException {
        return connect(new InetSocketAddress(0), address, options);
    }

    /** As {@link #connect(InetSocketAddress, ClientOptions)}, from an address of this machine; port 0 for any. */
    public static RdpClient connect(InetSocketAddress from, InetSocketAddress address, ClientOptions options)
            throws IOException {
        RdpWire wire = RdpWire.connect(from, address, options.timeout());
        try {
            Handshake.Result agreed = Handshake.perform(wire, options);
            wire.waitForever();
            RdpClient client = new RdpClient(wire, options, agreed);
            client.reader.start();
            return client;
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    private void readAll() {
        try {
            while (true) {
                ByteBuf frame = wire.readFrame();
                for (Pdu answer : read(frame)) {
                    wire.send(answer);
                }
            }
        } catch (EOFException | SocketException e) {
            end(e instanceof EOFException || ultimatum().isPresent() ? "" : "connection lost: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            end(e.toString());
        }
    }

    private synchronized void end(String violation) {
        ended = true;
        if (!violation.isEmpty() && !closedHere) {
            violations.add(violation);
        }
        notifyAll();
    }

    /** Reads one frame under the lock; what is to be sent in answer goes out without it. */
    private synchronized List<Pdu> read(ByteBuf frame) {
        while (paused && !closedHere) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        frames++;
        List<Pdu> answers = new ArrayList<>();
        if (FrameSplitter.isTpkt(frame)) {
            readTpkt(frame, answers);
        } else {
            checkActive("fast-path output");
            for (FastPathUpdate update : FastPathOutput.decode(frame).updates()) {
                output.read(update).ifPresent(shown -> answers.add(uplink.share(new FrameAcknowledge(shown))));
            }
        }
        notifyAll();
        return answers;
    }

    private void checkActive(String what) {
        if (!active) {
            violations.add(what + " while no share is active");
        }
    }

    private void readTpkt(ByteBuf frame, List<Pdu> answers) {
        ByteBuf payload = DataFrame.decodePayload(frame);
        DomainPdu pdu = DomainPdu.decode(payload);
        if (pdu instanceof DisconnectProviderUltimatum last) {
            ultimatum = Optional.of(last.reason());
            return;
        }
        if (!(pdu instanceof SendData data) || !data.indication()) {
            violations.add("unexpected " + pdu);
            return;
        }
        if (uplink.isDynamic(data.channelId())) {
            dynamic.received(payload).forEach(answer -> answers.add(uplink.dynamic(answer)));
        }
        if (data.channelId() != agreed.server().ioChannel()) {
            return; // another virtual channel
        }
        ShareControlHeader control = ShareControlHeader.decode(payload);
        if (control.type() == ShareControlHeader.TYPE_DEMAND_ACTIVE) {
            activate(DemandActive.decode(control, payload), answers);
        } else if (control.type() == ShareControlHeader.TYPE_DEACTIVATE_ALL) {
            checkActive("Deactivate All");
            active = false;
        } else {
            readData(ShareDataPdu.decode(control, payload));
        }
    }

    private void activate(DemandActive demand, List<Pdu> answers) {
        if (active) {
            violations.add("Demand Active while a share is active");
        }
        uplink.begin(demand.shareId());
        ClientCapabilities.Desktop desktop = ClientCapabilities.desktop(demand);
        if (activations == 0 || options.desktop().resizable()) {
            output.screen().resize(desktop.width(), desktop.height());
        }
        answers.addAll(uplink.activation(options, demand));
    }

    private void readData(ShareDataPdu pdu) {
        DataBody body = pdu.body();
        if (body instanceof SetErrorInfo error) {
            errorInfo = Optional.of(error.errorInfo());
            return;
        }
        if (pdu.shareId() != uplink.shareId()) {
            violations.add("share id 0x" + Integer.toHexString(pdu.shareId()) + " in " + body);
        }
        if (body instanceof FontMap) {
            active = true;
            activations++;
        } else if (body instanceof SlowPathPointer pointer) {
            checkActive("slow-path pointer");
            output.readPointer(pointer.update());
        } else if (body instanceof UnknownData data && data.type() == DataBody.UPDATE) {
            checkActive("slow-path output");
            output.readBitmaps(Unpooled.wrappedBuffer(data.data()));
        } else if (body instanceof SetKeyboardIndicators set) {
            checkActive("keyboard indicators");
            indicators.add(set);
        } else if (body instanceof ShutdownDenied) {
            shutdownsDenied++;
        }
    }

    /** Sends fast-path input. */
    public void input(ClientInput... events) {
        uplink.send(new FastPathInput(List.of(events)));
    }

    /** Sends slow-path input. */
    public void slowInput(ClientInput... events) {
        sendShareData(new SlowPathInput(List.of(events)));
    }

    /** Presses and releases a key. */
    public void type(int scanCode, boolean extended) {
        input(
                new ClientInput.Key(scanCode, true, extended, false),
                new ClientInput.Key(scanCode, false, extended, false));
    }

    /** Asks for output of an area only, or of nothing. */
    public void suppressOutput(Optional<InclusiveRect> visible) {
        uplink.wantOutput(visible);
    }

    /** Asks for areas to be sent again. */
    public void refresh(InclusiveRect... areas) {
        uplink.refresh(List.of(areas));
    }

    /** Asks to leave. */
    public void requestShutdown() {
        uplink.requestShutdown();
    }

    /** Sends any share data PDU. */
    public void sendShareData(DataBody body) {
        uplink.send(uplink.share(body));
    }

    /** Sends bytes as they are, for servers that must stand them. */
    public void sendRaw(byte[] bytes) {
        uplink.send(bytes);
    }

    /** Sends a message of a dynamic virtual channel, which is open. */
    public void sendDynamic(String channel, Pdu message) {
        uplink.send(uplink.dynamic(dynamic.message(channel, message)));
    }

    /** Whether the server has opened a dynamic virtual channel; see {@link ClientOptions#withDynamicChannels}. */
    public boolean hasDynamic(String channel) {
        return dynamic.isOpen(channel);
    }

    /** Stops reading, as a client does whose machine is stuck; at most one more frame is read. */
    public synchronized void pause() {
        paused = true;
    }

    /** Reads again. */
    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    /** Waits until the share is active for the first time. */
    public RdpClient awaitActive() {
        return await("an active share", client -> client.isActive());
    }

    /**
     * Waits until something is so; it is looked at anew after each frame. It may call any of this client's methods.
     * @throws AssertionError if it is not so within the timeout of the options, or can no longer be
     */
    public RdpClient await(String what, Predicate<RdpClient> condition) {
        return await(what, condition, options.timeout());
    }

    /** Likewise with a timeout of its own. */
    public synchronized RdpClient await(String what, Predicate<RdpClient> condition, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.test(this)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0 || ended) {
                throw new AssertionError("waited for " + what + (ended ? ", the connection ended" : "") + "; "
                        + counters() + ", error info " + errorInfo + ", violations " + violations);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
        return this;
    }

    /** Waits until the server has closed the connection. */
    public RdpClient awaitEnd() {
        return await("the end", RdpClient::hasEnded);
    }

    public synchronized boolean isActive() {
        return active;
    }

    public synchronized boolean hasEnded() {
        return ended;
    }

    /** Width of the desktop in pixels; 0 before the first Demand Active. */
    public synchronized int width() {
        return output.screen().width();
    }

    public synchronized int height() {
        return output.screen().height();
    }

    /** The window's pixels row by row, {@code 0x00RRGGBB}; {@link #UNDRAWN} where nothing was drawn yet. */
    public synchronized int[] screen() {
        return output.screen().copy();
    }

    /** Stands in {@link #screen} for pixels that were not drawn since the desktop got its size. */
    public static final int UNDRAWN = ClientScreen.UNDRAWN;

    public synchronized PointerState pointer() {
        return output.pointer();
    }

    /** The last code of a Set Error Info PDU. */
    public synchronized Optional<Integer> errorInfo() {
        return errorInfo;
    }

    /** Reason of the server's Disconnect Provider Ultimatum. */
    public synchronized Optional<Integer> ultimatum() {
        return ultimatum;
    }

    /** The guest's LEDs as the server told them, one after the other. */
    public synchronized List<SetKeyboardIndicators> indicators() {
        return List.copyOf(indicators);
    }

    public synchronized int shutdownsDenied() {
        return shutdownsDenied;
    }

    public synchronized Counters counters() {
        return output.counters(wire.received(), frames, dynamic.frames(), activations);
    }

    /** What the server selected: one of {@link org.rdpmux.pdu.x224.Protocols}. */
    public int selectedProtocol() {
        return agreed.selectedProtocol();
    }

    /** What the server has done that it must not do, in the order in which it happened. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Leaves as a user does who closes the window. */
    public void leave() {
        uplink.send(DataFrame.of(new DisconnectProviderUltimatum(DisconnectProviderUltimatum.RN_USER_REQUESTED)));
    }

    /** Cuts the connection and waits for the reader to end. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closedHere = true;
            notifyAll();
        }
        wire.close();
        try {
            reader.join(options.timeout().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
