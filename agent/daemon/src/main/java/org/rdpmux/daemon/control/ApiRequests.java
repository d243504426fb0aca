// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.control;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.rdpmux.control.ControlApi;
import org.rdpmux.control.Method;
import org.rdpmux.control.Request;
import org.rdpmux.control.Route;
import org.rdpmux.control.Routes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what a request in HTTP asks of the agent, and whether its client may. Belongs to the control loop. */
final class ApiRequests {

    private static final Logger LOG = LoggerFactory.getLogger(ApiRequests.class);

    private final Peer peer;
    private final Reach reach;
    private final ControlServer.Sources sources;
    /** Told once for each connection. */
    private boolean refusalLogged;

    ApiRequests(Peer peer, Reach reach, ControlServer.Sources sources) {
        this.peer = peer;
        this.reach = reach;
        this.sources = sources;
    }

    EventLog events() {
        return sources.events();
    }

    boolean isStream(HttpRequest request) {
        return reach != Reach.MONITORING
                && request.method().equals(HttpMethod.GET)
                && request.uri().equals(Routes.EVENTS.path());
    }

    /** See {@link RequestHead#objection}. */
    Optional<Reply.Refused> objection(HttpRequest request) {
        return RequestHead.objection(request, reach == Reach.MONITORING);
    }

    /** Fails only where the agent does. @param gone see {@link Client} */
    CompletionStage<FullHttpResponse> handle(HttpRequest request, String body, CompletionStage<Void> gone) {
        Routes.Found found;
        try {
            found = Routes.find(method(request), request.uri());
        } catch (IllegalArgumentException e) {
            return refused(HttpResponseStatus.BAD_REQUEST, e.getMessage());
        }
        Optional<CompletionStage<FullHttpResponse>> objection = objection(request, found, !body.isEmpty());
        if (objection.isPresent()) {
            return objection.get();
        }
        Route route = found.route().orElseThrow();
        if (!(route instanceof Route.Operation operation)) {
            return found.query().isEmpty()
                    ? answer(route)
                    : refused(HttpResponseStatus.BAD_REQUEST, "this has no query");
        }
        Request asked;
        try {
            asked = operation.read(found.inPath(), found.query(), body);
        } catch (IllegalArgumentException e) {
            return refused(HttpResponseStatus.BAD_REQUEST, e.getMessage());
        }
        HttpResponseStatus success = HttpResponseStatus.valueOf(operation.status());
        return sources.requests().handle(asked, new Client(peer, gone)).thenApply(reply -> Answers.of(success, reply));
    }

    /** What is no request to the agent. */
    private CompletionStage<FullHttpResponse> answer(Route route) {
        if (route instanceof Route.Description) {
            return description();
        }
        Monitor monitor = sources.monitor();
        CompletionStage<Reply> reply;
        if (route instanceof Route.Metrics) {
            reply = monitor.metrics();
        } else if (route instanceof Route.Health) {
            reply = route.equals(Routes.LIVE) ? monitor.live() : monitor.ready();
        } else {
            return refused(HttpResponseStatus.BAD_REQUEST, "the stream of events is to be had with GET");
        }
        return reply.thenApply(found -> Answers.of(HttpResponseStatus.OK, found));
    }

    private static String method(HttpRequest request) {
        return request.method().equals(HttpMethod.HEAD)
                ? Method.GET.name()
                : request.method().name();
    }

    private Optional<CompletionStage<FullHttpResponse>> objection(
            HttpRequest request, Routes.Found found, boolean hasBody) {
        if (found.allowed().isEmpty()) {
            return Optional.of(refused(
                    HttpResponseStatus.NOT_FOUND,
                    "there is no such path; those there are stand in http://rdpmux/v1/openapi.json"));
        }
        if (reach == Reach.MONITORING && !isForMonitoring(found)) {
            return Optional.of(refused(
                    HttpResponseStatus.NOT_FOUND,
                    "here are /metrics, /health/live and /health/ready, and nothing else"));
        }
        if (reach == Reach.LOOKING && !method(request).equals(Method.GET.name())) {
            return Optional.of(refuseReader(request, "nothing can be changed"));
        }
        if (reach == Reach.LOOKING
                && found.route().filter(route -> !route.isForReaders()).isPresent()) {
            return Optional.of(refuseReader(request, "the screens of guests are not shown"));
        }
        if (found.route().isEmpty()) {
            return Optional.of(notAllowed(request, found.allowed()));
        }
        HttpHeaders fields = request.headers();
        return hasBody && !RequestHead.isJson(fields)
                ? Optional.of(refused(
                        HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                        "the body is to be JSON: send the field 'Content-Type: " + ControlApi.JSON + "'"))
                : Optional.empty();
    }

    private static boolean isForMonitoring(Routes.Found found) {
        return found.route()
                .filter(route -> route instanceof Route.Metrics || route instanceof Route.Health)
                .isPresent();
    }

    private CompletionStage<FullHttpResponse> refuseReader(HttpRequest request, String what) {
        if (!refusalLogged) {
            refusalLogged = true;
            LOG.warn("{} may only look, and was refused {} {}", peer, request.method(), request.uri());
        }
        return refused(
                HttpResponseStatus.FORBIDDEN,
                what + " at " + ControlApi.READ_ONLY_SOCKET + "; ask at " + ControlApi.SOCKET
                        + ", as root or as a member of control.group");
    }

    private static CompletionStage<FullHttpResponse> notAllowed(HttpRequest request, List<Method> allowed) {
        String methods = allowed.stream()
                .map(method -> method == Method.GET ? "GET, HEAD" : method.name())
                .collect(Collectors.joining(", "));
        return refused(
                        HttpResponseStatus.METHOD_NOT_ALLOWED,
                        "there is no " + request.method() + " of this; there is " + methods)
                .thenApply(answer -> {
                    answer.headers().set(HttpHeaderNames.ALLOW, methods);
                    return answer;
                });
    }

    private static CompletionStage<FullHttpResponse> description() {
        try {
            return CompletableFuture.completedFuture(
                    Answers.text(HttpResponseStatus.OK, ControlApi.JSON, ControlApi.description()));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletionStage<FullHttpResponse> refused(HttpResponseStatus status, String reason) {
        return CompletableFuture.completedFuture(Answers.problem(new Reply.Refused(status, reason)));
    }
}
