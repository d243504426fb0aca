// SPDX-License-Identifier: Apache-2.0
/*
 * link LISTEN_PORT TARGET_PORT MBIT RTT_MS [BUFFER_MS]
 *
 * A slow network on loopback: relays TCP connections from 127.0.0.1:LISTEN_PORT to 127.0.0.1:TARGET_PORT at MBIT megabits a
 * second each way, which all connections share, with RTT_MS milliseconds of round trip. What waits at the bottleneck is
 * bounded to BUFFER_MS (default 200) of its rate; beyond that it reads no further from the sender, as a full router queue
 * would hold it back. Prints what it carried on SIGTERM.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX = 64, CHUNK = 1448 };

struct piece { double due; int length, sent; struct piece *next; char bytes[CHUNK]; };
struct way { int from, to; long queued; int ended; struct piece *first, *last; };
struct pair { int used; struct way ways[2]; };

static struct pair pairs[MAX];
static double rate, delay, busy[2];   /* bytes a second; seconds one way; when each direction's bottleneck is free */
static long bound, carried[2];
static volatile sig_atomic_t stop;

static void stopped(int s) { (void)s; stop = 1; }
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static void unblocked(int fd) { int one = 1; fcntl(fd, F_SETFL, O_NONBLOCK); setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); }
static void drop(struct pair *p) {
  for (int d = 0; d < 2; d++) for (struct piece *x; (x = p->ways[d].first); free(x)) p->ways[d].first = x->next;
  close(p->ways[0].from); close(p->ways[0].to);
  memset(p, 0, sizeof *p);
}

int main(int argc, char **argv) {
  if (argc < 5) { fprintf(stderr, "usage: link LISTEN_PORT TARGET_PORT MBIT RTT_MS [BUFFER_MS]\n"); return 2; }
  struct sockaddr_in self = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(atoi(argv[1]))};
  struct sockaddr_in target = self;
  target.sin_port = htons(atoi(argv[2]));
  rate = atof(argv[3]) * 1e6 / 8; delay = atof(argv[4]) / 2000; bound = rate * (argc > 5 ? atof(argv[5]) : 200) / 1000;
  if (bound < 4 * CHUNK) bound = 4 * CHUNK;
  int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (void *)&self, sizeof self) || listen(listener, 16)) { perror("link"); return 1; }
  signal(SIGPIPE, SIG_IGN); signal(SIGTERM, stopped); signal(SIGINT, stopped);
  while (!stop) {
    struct pollfd fds[1 + 4 * MAX]; struct way *whose[1 + 4 * MAX]; int writes[1 + 4 * MAX], n = 1;
    double t = now(), next = t + 0.5;
    fds[0] = (struct pollfd){listener, POLLIN, 0};
    for (struct pair *p = pairs; p < pairs + MAX; p++) for (int d = 0; p->used && d < 2; d++) {
      struct way *w = &p->ways[d];
      if (!w->ended && w->queued < bound) { fds[n] = (struct pollfd){w->from, POLLIN, 0}; whose[n] = w; writes[n++] = 0; }
      if (w->first && w->first->due <= t) { fds[n] = (struct pollfd){w->to, POLLOUT, 0}; whose[n] = w; writes[n++] = 1; }
      else if (w->first && w->first->due < next) next = w->first->due;
    }
    struct timespec wait = {0, (long)((next - t) * 1e9)};
    if (ppoll(fds, n, &wait, NULL) < 0) continue;
    if (fds[0].revents & POLLIN) {
      int client = accept(listener, NULL, NULL), server = socket(AF_INET, SOCK_STREAM, 0);
      struct pair *p = pairs;
      while (p < pairs + MAX && p->used) p++;
      if (client >= 0 && p < pairs + MAX && !connect(server, (void *)&target, sizeof target)) {
        int small = 64 << 10;           /* the kernel's own buffers must not hide the bottleneck */
        setsockopt(client, SOL_SOCKET, SO_RCVBUF, &small, sizeof small); setsockopt(server, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        unblocked(client); unblocked(server);
        *p = (struct pair){1, {{.from = client, .to = server}, {.from = server, .to = client}}};
      } else { close(client); close(server); }
    }
    t = now();
    for (int i = 1; i < n; i++) if (fds[i].revents) {
      struct way *w = whose[i];
      struct pair *p = (struct pair *)((char *)w - (((char *)w - (char *)pairs) % sizeof(struct pair)));
      if (!p->used) continue;
      int d = w == &p->ways[1];
      if (!writes[i]) {
        struct piece *x = malloc(sizeof *x);
        int got = read(w->from, x->bytes, CHUNK);
        if (got <= 0) { free(x); if (got == 0 || errno != EAGAIN) { w->ended = 1; if (!w->first) drop(p); } continue; }
        if (busy[d] < t) busy[d] = t;
        busy[d] += (got + 52) / rate;   /* with IP and TCP headers */
        x->length = got; x->sent = 0; x->due = busy[d] + delay; x->next = NULL;
        if (w->last && w->first) w->last->next = x; else w->first = x;
        w->last = x; w->queued += got; carried[d] += got;
      } else while (w->first && w->first->due <= t) {
        struct piece *x = w->first;
        int put = write(w->to, x->bytes + x->sent, x->length - x->sent);
        if (put < 0) { if (errno != EAGAIN) drop(p); break; }
        x->sent += put;
        if (x->sent < x->length) break;
        w->first = x->next; w->queued -= x->length; free(x);
        if (!w->first && w->ended) { drop(p); break; }
      }
    }
  }
  printf("up=%ld down=%ld\n", carried[0], carried[1]);
  return 0;
}
