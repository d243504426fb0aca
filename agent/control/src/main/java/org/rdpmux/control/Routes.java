// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import static org.rdpmux.control.Method.DELETE;
import static org.rdpmux.control.Method.GET;
import static org.rdpmux.control.Method.POST;
import static org.rdpmux.control.Method.PUT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** All routes of the control API: the client writes its requests by this table, and the agent reads them by it. */
public final class Routes {

    private static final String CONSOLES = "/v1/consoles";
    private static final String CONSOLE = CONSOLES + "/{console}";
    private static final String VIEWERS = CONSOLE + "/viewers";
    private static final String USERS = "/v1/users";
    private static final String TICKETS = "/v1/tickets";
    private static final String LOCKS = "/v1/locks";
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;

    public static final Route.Stream EVENTS = new Route.Stream("/v1/events");

    public static final Route.Metrics METRICS = new Route.Metrics("/metrics");

    /** Whether the agent's threads answer: if not, only a restart helps. */
    public static final Route.Health LIVE = new Route.Health("/health/live");

    /** Whether clients can be served. */
    public static final Route.Health READY = new Route.Health("/health/ready");

    public static final List<Route> ALL = List.of(
            ask(GET, "/v1/status", Request.AgentStatus.class, AgentReport.class, OK),
            ask(GET, "/v1/configuration", Request.ShowConfiguration.class, ConfigurationReport.class, OK),
            ask(POST, "/v1/reload", Request.Reload.class, Done.class, OK),
            ask(GET, CONSOLES, Request.ListConsoles.class, ConsoleList.class, OK),
            ask(POST, CONSOLES, Request.Attach.class, ConsoleReport.class, CREATED),
            ask(GET, CONSOLE, Request.ConsoleStatus.class, ConsoleReport.class, OK),
            ask(DELETE, CONSOLE, Request.Detach.class, Done.class, OK),
            ask(GET, CONSOLE + "/screenshot", Request.TakeScreenshot.class, Screenshot.class, OK),
            ask(GET, CONSOLE + "/screen", Request.AwaitScreen.class, ScreenReport.class, OK),
            ask(POST, CONSOLE + "/input", Request.SendInput.class, Done.class, OK),
            ask(GET, VIEWERS, Request.ListViewers.class, ViewerList.class, OK),
            ask(DELETE, VIEWERS, Request.DisconnectAll.class, Done.class, OK),
            ask(DELETE, VIEWERS + "/{viewer}", Request.Disconnect.class, Done.class, OK),
            ask(POST, "/v1/guests/{guest}/refresh", Request.Refresh.class, Done.class, ACCEPTED),
            ask(GET, USERS, Request.ListUsers.class, UserList.class, OK),
            ask(POST, USERS, Request.AddUser.class, Done.class, CREATED),
            ask(PUT, USERS + "/{user}/password", Request.ChangePassword.class, Done.class, OK),
            ask(DELETE, USERS + "/{user}", Request.RemoveUser.class, Done.class, OK),
            ask(GET, TICKETS, Request.ListTickets.class, TicketList.class, OK),
            ask(POST, TICKETS, Request.IssueTicket.class, TicketReport.class, CREATED),
            ask(DELETE, TICKETS + "/{ticket}", Request.RevokeTicket.class, Done.class, OK),
            ask(GET, LOCKS, Request.ListLocks.class, LockList.class, OK),
            ask(DELETE, LOCKS + "/{who}", Request.Unlock.class, Done.class, OK),
            EVENTS,
            METRICS,
            LIVE,
            READY,
            new Route.Description("/v1/openapi.json"));

    private static final Map<Class<?>, Route.Operation> BY_REQUEST = ALL.stream()
            .filter(Route.Operation.class::isInstance)
            .map(Route.Operation.class::cast)
            .collect(Collectors.toUnmodifiableMap(Route.Operation::request, operation -> operation));

    private Routes() {}

    private static Route ask(
            Method method, String path, Class<? extends Request> request, Class<? extends Record> answer, int status) {
        return new Route.Operation(method, path, request, answer, status);
    }

    /** How a request travels; each kind has one way. */
    public static Route.Operation of(Class<? extends Request> request) {
        return BY_REQUEST.get(request);
    }

    /**
     * Where a target leads.
     *
     * @param route empty if nothing is there for the method
     * @param inPath what the braces of the route's path stand for
     * @param query parameters of the target
     * @param allowed methods for which something is there; none if nothing is there at all
     */
    public record Found(
            Optional<Route> route, Map<String, String> inPath, Map<String, String> query, List<Method> allowed) {}

    /**
     * Looks a target up.
     *
     * @param method as the request has it, which may be any word
     * @throws IllegalArgumentException a sentence, if the target is none
     */
    public static Found find(String method, String target) {
        Target parsed = Target.parse(target);
        Optional<Route> found = Optional.empty();
        Map<String, String> inPath = Map.of();
        List<Method> allowed = new ArrayList<>();
        for (Route route : ALL) {
            Optional<Map<String, String>> match = route.match(parsed.segments());
            if (match.isPresent()) {
                allowed.add(route.method());
                if (route.method().name().equals(method)) {
                    found = Optional.of(route);
                    inPath = match.get();
                }
            }
        }
        return new Found(found, inPath, parsed.query(), allowed);
    }
}
