// SPDX-License-Identifier: Apache-2.0
/*
 * register_many PROCESSES CALLS SCREENS
 *
 * Registers guests that never show anything. Each process connects to the system bus (DBUS_SYSTEM_BUS_ADDRESS picks
 * another), registers CALLS times, with SCREENS different numbers and UUIDs in turn, and ends without a word; four run at
 * a time. Prints how many registrations were answered with a socket, how many were refused, and how many got no answer.
 */
#include <gio/gio.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT_A_TIME 4

struct outcome { uint32_t registered, refused, unanswered; };

static struct outcome guest(int calls, int screens)
{
    struct outcome outcome = {0, 0, 0};
    GError *error = 0;
    GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SYSTEM, 0, &error);
    if (!bus) { fprintf(stderr, "bus: %s\n", error->message); outcome.unanswered = calls; return outcome; }
    for (int i = 0; i < calls; i++) {
        char uuid[40];
        uint32_t number = (uint32_t)getpid() * 64 + i % screens;
        snprintf(uuid, sizeof uuid, "7c6f1b6e-0000-4000-9000-%012x", number);
        GVariant *reply = g_dbus_connection_call_sync(bus, "org.RDPMux.RDPMux", "/org/RDPMux/RDPMux/v5", "org.RDPMux.RDPMux", "Register",
            g_variant_new("(iisqs)", (int)(number & INT32_MAX), 5, uuid, 0, ""), G_VARIANT_TYPE("(s)"), 0, 25000, 0, &error);
        const char *path;
        if (!reply) { fprintf(stderr, "Register: %s\n", error->message); g_clear_error(&error); outcome.unanswered++; continue; }
        g_variant_get(reply, "(&s)", &path);
        if (*path) outcome.registered++; else outcome.refused++;
        g_variant_unref(reply);
    }
    return outcome;
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    int processes = atoi(argv[1]), calls = atoi(argv[2]), screens = atoi(argv[3]), started = 0, ended = 0, status, results[2];
    struct outcome all = {0, 0, 0}, one;
    if (pipe(results)) return 1;
    while (ended < processes) {
        if (started < processes && started - ended < AT_A_TIME) {
            pid_t pid = fork();                                 /* before this process has any thread */
            if (pid < 0) return 1;
            if (!pid) {
                one = guest(calls, screens);
                _exit(write(results[1], &one, sizeof one) != sizeof one);
            }
            started++;
        } else {
            if (wait(&status) < 0 || status || read(results[0], &one, sizeof one) != sizeof one) return 1;
            all.registered += one.registered; all.refused += one.refused; all.unanswered += one.unanswered;
            ended++;
        }
    }
    printf("registered=%u refused=%u unanswered=%u\n", all.registered, all.refused, all.unanswered);
    return 0;
}
