// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.login;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rdpmux.security.access.Authorization;
import org.rdpmux.security.access.ConsoleRef;
import org.rdpmux.security.access.CredentialStore;
import org.rdpmux.security.access.Gate;
import org.rdpmux.security.access.GuessLimiter;
import org.rdpmux.security.access.Moment;
import org.rdpmux.security.access.SamFile;
import org.rdpmux.security.access.Ticket;
import org.rdpmux.security.access.Tickets;
import org.rdpmux.security.nla.ChannelBinding;
import org.rdpmux.security.nla.CredSspClient;
import org.rdpmux.security.nla.CredSspClient.Options;
import org.rdpmux.security.nla.CredSspClient.Wrapping;
import org.rdpmux.security.nla.CredSspServer;
import org.rdpmux.security.nla.ServerNames;
import org.rdpmux.server.EndpointPolicy;
import org.rdpmux.server.ServerOptions;
import org.rdpmux.server.login.NlaHandler.Outcome;

class NlaHandlerTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Moment MOMENT = Moment.now(Clock.fixed(NOW, ZoneOffset.UTC));
    private static final ConsoleRef WEB = new ConsoleRef("1", "web");
    private static final byte[] KEY = {0x30, 1, 2, 3};
    private static final int LOGON_FAILURE = 0xC000006D;
    private static final ServerNames NAMES = ServerNames.of("kvm1.example.org");

    private final List<String> trail = new ArrayList<>();
    private final List<Runnable> lookups = new ArrayList<>();
    private final List<Object> events = new ArrayList<>();
    private final List<NlaHandler.Stage> stages = new ArrayList<>();
    private final List<EmbeddedChannel> channels = new ArrayList<>();
    private final Tickets tickets = new Tickets(new SecureRandom());
    private Authorization rules = Authorization.OPEN;
    private boolean lookupsFull;
    private final Gate gate =
            new Gate(new GuessLimiter(GuessLimiter.Limits.DEFAULT), () -> rules, event -> trail.add(event.line()));
    private final LoginContext context;

    NlaHandlerTest() throws Exception {
        SamFile users = SamFile.parse("alice:::878d8014606cda29677a44efa1353fc7:::\n".getBytes(StandardCharsets.UTF_8));
        context = new LoginContext(
                new ServerOptions.Access(gate, NAMES, CredSspServer.MIN_VERSION),
                EndpointPolicy.nla(CredentialStore.all(List.of(users, tickets)), WEB.id()),
                () -> WEB,
                task -> {
                    if (lookupsFull) {
                        throw new RejectedExecutionException();
                    }
                    lookups.add(task);
                },
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void releasesEverything() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    @Test
    void tellsWhenTlsStandsAndWhenTheClientBegins() {
        EmbeddedChannel channel = channel(false);
        channel.pipeline().fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
        assertEquals(List.of(NlaHandler.Stage.TLS_ESTABLISHED), stages);
        write(channel, new byte[] {0x30});
        write(channel, new byte[] {0x37});
        assertEquals(List.of(NlaHandler.Stage.TLS_ESTABLISHED, NlaHandler.Stage.FIRST_MESSAGE), stages);
        assertEquals(List.of(), events);
    }

    @ParameterizedTest
    @EnumSource(Wrapping.class)
    void letsInWhoKnowsThePassword(Wrapping wrapping) {
        EmbeddedChannel channel = channel(false);

        Object outcome = converse(channel, new CredSspClient(alice().withWrapping(wrapping)));

        assertEquals(
                "alice",
                assertInstanceOf(Outcome.Admitted.class, outcome).login().account());
        assertNull(channel.pipeline().get(NlaHandler.class));
        assertNull(channel.readOutbound(), "without HYBRID_EX nothing follows CredSSP");
        assertTrue(trail.get(0).contains("result=allowed user=alice"), trail::toString);
    }

    @Test
    void sendsTheEarlyAuthorizationResultRightBehindCredSsp() {
        EmbeddedChannel channel = channel(true);

        converse(channel, new CredSspClient(alice()));

        assertArrayEquals(new byte[] {0, 0, 0, 0}, read(channel));
    }

    @Test
    void tellsAnAccountWithoutARoleByTheEarlyAuthorizationResult() {
        rules = Authorization.parse(List.of("none * *"));
        EmbeddedChannel channel = channel(true);

        assertInstanceOf(Outcome.Refused.class, converse(channel, new CredSspClient(alice())));

        assertArrayEquals(new byte[] {5, 0, 0, 0}, read(channel));
        assertTrue(trail.get(0).contains("reason=no-role user=alice"), trail::toString);
    }

    @Test
    void refusesAWrongPasswordWithACodeAndOneLine() {
        EmbeddedChannel channel = channel(true);

        Object outcome = converse(channel, new CredSspClient(new Options("alice", "wrong", KEY)));

        assertInstanceOf(Outcome.Refused.class, outcome);
        assertEquals(LOGON_FAILURE, CredSspClient.errorOf(read(channel)));
        assertNull(channel.readOutbound());
        assertEquals(1, trail.size());
        assertTrue(trail.get(0).contains("reason=wrong-credentials claimed=alice"), trail::toString);
    }

    @Test
    void aTicketWorksOnce() {
        Ticket.Issued issued =
                tickets.issue(new Ticket.Terms(WEB, Duration.ofSeconds(60), false, Optional.empty()), MOMENT);
        Options bearer = new Options(issued.ticket().user(), new String(issued.password()), KEY);

        assertInstanceOf(Outcome.Admitted.class, converse(channel(false), new CredSspClient(bearer)));
        EmbeddedChannel second = channel(false);
        assertInstanceOf(Outcome.Refused.class, converse(second, new CredSspClient(bearer)));

        assertEquals(LOGON_FAILURE, CredSspClient.errorOf(read(second)));
        assertTrue(
                trail.get(1)
                        .contains("reason=ticket-used user=" + issued.ticket().user()),
                trail::toString);
    }

    @Test
    void ofTwoClientsWithOneTicketAtOnceOneGetsIn() {
        Ticket.Issued issued =
                tickets.issue(new Ticket.Terms(WEB, Duration.ofSeconds(60), false, Optional.empty()), MOMENT);
        Options bearer = new Options(issued.ticket().user(), new String(issued.password()), KEY);
        EmbeddedChannel first = channel(true);
        EmbeddedChannel second = channel(true);
        CredSspClient one = new CredSspClient(bearer);
        CredSspClient other = new CredSspClient(bearer);

        byte[] lastOfOne = upToLast(first, one);
        byte[] lastOfOther = upToLast(second, other);
        write(first, lastOfOne);
        write(second, lastOfOther);

        assertInstanceOf(Outcome.Admitted.class, events.get(0));
        assertInstanceOf(Outcome.Refused.class, events.get(1));
        assertArrayEquals(new byte[] {5, 0, 0, 0}, read(second));
    }

    @Test
    void leavesWhatFollowsCredSspToTheNextHandler() {
        EmbeddedChannel channel = channel(false);
        CredSspClient client = new CredSspClient(alice());
        byte[] last = upToLast(channel, client);
        byte[] connect = {3, 0, 0, 7, 2, (byte) 0xF0, (byte) 0x80};

        channel.writeInbound(Unpooled.wrappedBuffer(last, connect));

        assertInstanceOf(Outcome.Admitted.class, events.get(0));
        ByteBuf rest = channel.readInbound();
        assertArrayEquals(connect, ByteBufUtil.getBytes(rest));
        rest.release();
    }

    @Test
    void takesMessagesByteByByte() {
        EmbeddedChannel channel = channel(false);
        CredSspClient client = new CredSspClient(alice());
        for (byte part : client.start()) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {part}));
        }
        assertFalse(client.on(read(channel)).length == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"16030100", "0300", "3083ffffff", "3080"})
    void refusesWhatIsNotCredSspAtOnce(String hex) {
        EmbeddedChannel channel = channel(false);

        channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));

        assertInstanceOf(Outcome.Refused.class, events.get(0));
        assertNull(channel.readOutbound() instanceof ByteBuf sent && sent.isReadable() ? sent : null);
        assertTrue(trail.get(0).contains("reason=malformed"), trail::toString);
    }

    @Test
    void refusesMessagesWhileItLooksUpAndIgnoresTheAnswerThen() {
        EmbeddedChannel channel = channel(false);
        CredSspClient client = new CredSspClient(alice());
        write(channel, client.start());
        byte[] authenticate = client.on(read(channel));
        write(channel, authenticate);
        write(channel, authenticate);

        assertInstanceOf(Outcome.Refused.class, events.get(0));
        look(channel);
        assertEquals(1, events.size());
        assertEquals(1, trail.size());
    }

    @Test
    void aClientThatLeavesWhileItIsLookedUpDoesNoHarm() {
        EmbeddedChannel channel = channel(false);
        CredSspClient client = new CredSspClient(alice());
        write(channel, client.start());
        write(channel, client.on(read(channel)));
        channel.close();

        look(channel);
        assertTrue(events.isEmpty());
    }

    @Test
    void failsWhenTooManyLookUpsWait() {
        lookupsFull = true;
        EmbeddedChannel channel = channel(false);

        assertInstanceOf(Outcome.Refused.class, converse(channel, new CredSspClient(alice())));
        assertTrue(trail.get(0).contains("reason=store-unavailable"), trail::toString);
    }

    @Test
    void guessersWaitThenAreLockedOut() {
        for (int i = 0; i < 10; i++) {
            EmbeddedChannel channel = channel(false);
            converse(channel, new CredSspClient(new Options("alice", "guess" + i, KEY)));
        }
        EmbeddedChannel channel = channel(false);
        Object outcome = converse(channel, new CredSspClient(alice()));

        assertInstanceOf(Outcome.Refused.class, outcome);
        assertEquals(LOGON_FAILURE, CredSspClient.errorOf(read(channel)));
        assertTrue(trail.get(10).contains("reason=locked-out claimed=alice"), trail.get(10));
    }

    @Test
    void refusesAfterAWhileIfALookUpDoesNotAnswer() {
        for (int i = 0; i < 20; i++) {
            EmbeddedChannel channel = channel(false);
            write(channel, upToLookUp(channel));
            assertEquals(1, lookups.size());
            Runnable late = lookups.remove(0);
            channel.advanceTimeBy(LoginAttempt.LOOKUP_SECONDS, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();

            assertInstanceOf(Outcome.Refused.class, events.get(i));
            late.run();
            channel.runPendingTasks();
            assertEquals(i + 1, events.size(), "the answer that comes late is nobody's any more");
        }
        assertTrue(trail.stream().allMatch(line -> line.contains("reason=store-unavailable")), trail::toString);
    }

    /** Runs up to the message that says who the client is, and returns that. */
    private byte[] upToLookUp(EmbeddedChannel channel) {
        CredSspClient client = new CredSspClient(alice());
        write(channel, client.start());
        return client.on(read(channel));
    }

    @Test
    void theRightPasswordGivenUpDuringTheDelayIsNoGuess() {
        for (int i = 0; i < 9; i++) {
            converse(channel(false), new CredSspClient(new Options("alice", "wrong", KEY)));
        }
        for (int i = 0; i < 20; i++) {
            EmbeddedChannel channel = channel(false);
            write(channel, upToLookUp(channel));
            lookups.remove(0).run();
            channel.runPendingTasks();
            channel.close();
            channel.advanceTimeBy(1, TimeUnit.MINUTES);
            channel.runScheduledPendingTasks();
        }
        assertInstanceOf(Outcome.Admitted.class, converse(channel(false), new CredSspClient(alice())));
        assertEquals(
                20,
                trail.stream().filter(line -> line.contains("reason=gave-up")).count());
    }

    @Test
    void aTicketNeedNotWaitForOthersGuesses() {
        for (int i = 0; i < 9; i++) {
            converse(channel(false), new CredSspClient(new Options("alice", "wrong", KEY)));
        }
        Ticket.Issued issued =
                tickets.issue(new Ticket.Terms(WEB, Duration.ofSeconds(60), false, Optional.of("alice")), MOMENT);
        EmbeddedChannel channel = channel(false);
        CredSspClient client = new CredSspClient(new Options("alice", new String(issued.password()), KEY));
        write(channel, client.start());
        write(channel, client.on(read(channel)));
        lookups.remove(0).run();
        channel.runPendingTasks(); // no time passes
        write(channel, client.on(read(channel)));

        assertInstanceOf(Outcome.Admitted.class, events.get(events.size() - 1));
    }

    @Test
    void keepsTheHandshakesEndToItselfAndPassesItsFailureOn() {
        EmbeddedChannel channel = channel(false);
        channel.pipeline().fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
        assertTrue(events.isEmpty());

        Object failure = new SslHandshakeCompletionEvent(new Exception("no"));
        channel.pipeline().fireUserEventTriggered(failure);
        assertEquals(List.of(failure), events);
    }

    private static Options alice() {
        return new Options("alice", "secret", KEY);
    }

    private EmbeddedChannel channel(boolean earlyAuthorization) {
        EmbeddedChannel channel = new EmbeddedChannel();
        LoginAttempt attempt = new LoginAttempt(context, new InetSocketAddress("192.0.2.1", 5), channel.eventLoop());
        ChannelBinding binding = new ChannelBinding(KEY, List.of(new byte[32]));
        CredSspServer credSsp = new CredSspServer(NAMES, CredSspServer.MIN_VERSION, binding, NOW, new SecureRandom());
        channel.pipeline()
                .addLast("nla", new NlaHandler(credSsp, attempt, earlyAuthorization))
                .addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        if (event instanceof NlaHandler.Stage stage) {
                            stages.add(stage);
                        } else {
                            events.add(event);
                        }
                    }
                });
        channels.add(channel);
        return channel;
    }

    /** Runs to the end and returns how it ended. */
    private Object converse(EmbeddedChannel channel, CredSspClient client) {
        int before = events.size();
        write(channel, client.start());
        for (int i = 0; i < 10 && events.size() == before; i++) {
            look(channel);
            if (events.size() == before) {
                write(channel, client.on(read(channel)));
                look(channel);
            }
        }
        return events.get(before);
    }

    /** Runs up to the client's last message, and returns that. */
    private byte[] upToLast(EmbeddedChannel channel, CredSspClient client) {
        byte[] message = client.start();
        while (!client.isDone()) {
            write(channel, message);
            look(channel);
            message = client.on(read(channel));
        }
        return message;
    }

    /** Lets look-ups happen and delays pass. */
    private void look(EmbeddedChannel channel) {
        lookups.forEach(Runnable::run);
        lookups.clear();
        channel.runPendingTasks();
        channel.advanceTimeBy(1, TimeUnit.MINUTES);
        channel.runScheduledPendingTasks();
    }

    private static void write(EmbeddedChannel channel, byte[] message) {
        channel.writeInbound(Unpooled.wrappedBuffer(message));
    }

    private static byte[] read(EmbeddedChannel channel) {
        ByteBuf sent = channel.readOutbound();
        try {
            return ByteBufUtil.getBytes(sent);
        } finally {
            sent.release();
        }
    }
}
