// SPDX-License-Identifier: Apache-2.0
/*
 * fault_in_guest.so: breaks a guest in the middle of what it says. Loaded with LD_PRELOAD into guest_librdpmux with a
 * protocol over ZeroMQ, it counts the bytes sent to sockets called *.sock and does what FAULT says at byte FAULT_AT:
 *   kill      sends what is before it, and is killed
 *   garbage   noise takes the place of all that follows, also at later connections
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static long sent;

static int is_agent(int socket)
{
    struct sockaddr_un peer = {0};
    socklen_t size = sizeof peer - 1;
    if (getpeername(socket, (struct sockaddr *)&peer, &size) || peer.sun_family != AF_UNIX) return 0;
    size_t length = strlen(peer.sun_path);
    return length > 5 && !strcmp(peer.sun_path + length - 5, ".sock");
}

ssize_t send(int socket, const void *data, size_t size, int flags)
{
    static ssize_t (*real)(int, const void *, size_t, int);
    if (!real) real = (ssize_t (*)(int, const void *, size_t, int))dlsym(RTLD_NEXT, "send");
    if (!is_agent(socket)) return real(socket, data, size, flags);
    long at = atol(getenv("FAULT_AT")), good = at - sent < (long)size ? at - sent : (long)size;
    if (good < 0) good = 0;
    if (good == (long)size) {
        ssize_t count = real(socket, data, size, flags);
        if (count > 0) sent += count;
        return count;
    }
    if (!strcmp(getenv("FAULT"), "kill")) {
        real(socket, data, good, flags);
        raise(SIGKILL);
    }
    char *noise = malloc(size);
    memcpy(noise, data, good);
    for (size_t i = good; i < size; i++) noise[i] = random();
    ssize_t count = real(socket, noise, size, flags);
    free(noise);
    if (count > 0) sent += count;
    return count;
}
