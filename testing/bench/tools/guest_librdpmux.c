// SPDX-License-Identifier: Apache-2.0
/*
 * guest_librdpmux --proto P [options]      P = 1, 2n, 2z, 3, 4a, 4b, 4c or 5
 *
 * A guest that is built with librdpmux, in any version of its protocol: registers on the D-Bus system bus
 * (DBUS_SYSTEM_BUS_ADDRESS picks another), connects over nanomsg (1, 2n) or ZeroMQ (the rest), shares its screen in
 * /dev/shm, paints a scene into it, and prints each key, mouse and acknowledge message that comes back. Behaves as the
 * library does, its habits included: it sends its whole buffer, keeps one bounding box of damage, leaves its share behind.
 *
 *   --uuid U --name BUSNAME --path OBJECTPATH --port N --auth FILE
 *   --scene S --fps F --seconds N --log FILE --size WxH --switch-at SECONDS:WxH
 *   --delay SECONDS  show a still screen first, while a client connects; SIGUSR1 ends that
 *   --linger SECONDS show the last frame for so long
 *   --leave FILE     but no longer than until there is this file
 *   --no-shutdown    leave without a word, as most real guests do
 */
#include "scenes.h"
#include <errno.h>
#include <getopt.h>
#include <gio/gio.h>
#include <nanomsg/nn.h>
#include <nanomsg/pair.h>
#include <signal.h>
#include <zmq.h>

#define SHM_SIZE (4096L * 2048 * 4)
#define FORMAT_X8R8G8B8 0x20020888u
#define PAYLOAD 24                /* its whole buffer, zeros behind the message */
#define PATIENCE 20               /* seconds until an acknowledge is missed: a server that is busy is not one that forgot */

enum { UPDATE, SWITCH, MOUSE, KEYBOARD, COMPLETE, SHUTDOWN };   /* +1 from 4b on */

static const char *proto = "3", *uuid = "7c6f1b6e-0000-4000-8000-00000000beef", *bus_name = "org.RDPMux.RDPMux", *object = "/org/RDPMux/RDPMux";
static const char *scene = "type", *auth = "", *log_path = "/tmp/guest.log", *leave = "";
static int port, width = 1920, height = 1080, version, shift, nano = -1, says_goodbye = 1;
static double fps = 10, seconds = 10, delay, linger, switch_at = -1;
static volatile sig_atomic_t begun;
static int switch_w, switch_h;
static void *dealer;

static int is_nano(void) { return nano >= 0; }

static size_t put_uint(uint8_t *p, uint32_t v)                  /* msgpack, shortest form */
{
    if (v < 0x80) { p[0] = v; return 1; }
    if (v < 0x100) { p[0] = 0xcc; p[1] = v; return 2; }
    if (v < 0x10000) { p[0] = 0xcd; p[1] = v >> 8; p[2] = v; return 3; }
    p[0] = 0xce; p[1] = v >> 24; p[2] = v >> 16; p[3] = v >> 8; p[4] = v;
    return 5;
}

static int get_uint(const uint8_t **p, const uint8_t *end, uint32_t *v)
{
    if (*p >= end) return 0;
    uint8_t t = *(*p)++;
    int n = t < 0x80 ? 0 : t == 0xcc ? 1 : t == 0xcd ? 2 : t == 0xce ? 4 : -1;
    if (n < 0 || *p + n > end) return 0;
    for (*v = n ? 0 : t; n; n--) *v = *v << 8 | *(*p)++;
    return 1;
}

static void send_message(int type, int count, const uint32_t *values)
{
    uint8_t payload[PAYLOAD + 8] = {0};
    size_t n = 1;
    payload[0] = 0x90 | (count + 1);
    n += put_uint(payload + n, type + shift);
    for (int i = 0; i < count; i++) n += put_uint(payload + n, values[i]);
    if (is_nano()) {
        if (nn_send(nano, payload, PAYLOAD, 0) < 0) fprintf(stderr, "send: %s\n", nn_strerror(errno));
    } else if (zmq_send(dealer, uuid, strlen(uuid), ZMQ_SNDMORE) < 0 || zmq_send(dealer, payload, PAYLOAD, 0) < 0)
        fprintf(stderr, "send: %s\n", zmq_strerror(errno));
}

/* Returns 1 if an acknowledge came. */
static int handle(const uint8_t *data, size_t size)
{
    const uint8_t *p = data + 1, *end = data + size;
    uint32_t type, a = 0, b = 0, c = 0;
    if (!size || (data[0] & 0xf0) != 0x90 || !get_uint(&p, end, &type)) { printf("unreadable message of %zu bytes\n", size); return 0; }
    type -= shift;
    get_uint(&p, end, &a); get_uint(&p, end, &b); get_uint(&p, end, &c);
    double t = now();
    switch (type) {
    case MOUSE: printf("%.6f mouse x=%u y=%u flags=0x%04x\n", t, a, b, c); break;
    case KEYBOARD: printf("%.6f key code=0x%02x flags=0x%04x\n", t, a, b); break;
    case COMPLETE:
        if (version == 3 && b == 0) printf("%.6f ack WITHOUT a frame rate: the real library would divide by zero\n", t);
        return 1;
    default: printf("%.6f message of unknown type %u\n", t, type);
    }
    fflush(stdout);
    return 0;
}

static int receive(int timeout_ms)
{
    int acks = 0;
    if (is_nano()) {
        struct nn_pollfd poll = {.fd = nano, .events = NN_POLLIN};
        while (nn_poll(&poll, 1, timeout_ms) > 0) {
            uint8_t buffer[4096];
            int n = nn_recv(nano, buffer, sizeof buffer, NN_DONTWAIT);
            if (n < 0) break;
            acks += handle(buffer, n);
            timeout_ms = 0;
        }
    } else {
        zmq_pollitem_t poll = {.socket = dealer, .events = ZMQ_POLLIN};
        while (zmq_poll(&poll, 1, timeout_ms) > 0) {
            uint8_t id[256], buffer[4096];
            int n = zmq_recv(dealer, id, sizeof id, 0), more = 0;
            size_t len = sizeof more;
            zmq_getsockopt(dealer, ZMQ_RCVMORE, &more, &len);
            int m = more ? zmq_recv(dealer, buffer, sizeof buffer, 0) : -1;
            if (n != (int)strlen(uuid) || memcmp(id, uuid, n)) printf("message for another uuid: %.*s\n", n, id);
            else if (m >= 0) acks += handle(buffer, m);
            timeout_ms = 0;
        }
    }
    return acks;
}

static char *register_vm(int id)
{
    GError *error = 0;
    GDBusProxy *proxy = g_dbus_proxy_new_for_bus_sync(G_BUS_TYPE_SYSTEM, 0, 0, bus_name, object, "org.RDPMux.RDPMux", 0, &error);
    if (!proxy) { fprintf(stderr, "bus: %s\n", error->message); exit(1); }
    GVariant *versions = g_dbus_proxy_get_cached_property(proxy, "SupportedProtocolVersions");
    if (!versions || !g_variant_n_children(versions)) { fprintf(stderr, "no SupportedProtocolVersions\n"); exit(1); }
    int offered;
    g_variant_get_child(versions, 0, "i", &offered);            /* the library looks at the first one alone */
    if (offered != version) { fprintf(stderr, "the server offers protocol %d first, this guest speaks %d\n", offered, version); exit(3); }
    GVariant *args = version == 1 ? g_variant_new("(ii)", id, version)
        : version <= 3 ? g_variant_new("(iis)", id, version, uuid)
        : !strcmp(proto, "4a") || !strcmp(proto, "4b") ? g_variant_new("(iisq)", id, version, uuid, port)
        : g_variant_new("(iisqs)", id, version, uuid, port, auth);
    GVariant *reply = g_dbus_proxy_call_sync(proxy, "Register", args, 0, 25000, 0, &error);
    if (!reply) { fprintf(stderr, "Register: %s\n", error->message); exit(1); }
    char *path;
    g_variant_get(reply, "(s)", &path);
    if (!*path) { fprintf(stderr, "Register was refused\n"); exit(4); }
    return path;
}

static void begin(int signal) { (void)signal; begun = 1; }

int main(int argc, char **argv)
{
    enum { PROTO = 1, UUID, NAME, PATH, PORT, AUTH, SCENE, FPS, SECONDS, LOG, SIZE, SWITCH_AT, DELAY, LINGER, LEAVE, NO_SHUTDOWN };
    static const struct option options[] = {{"proto", 1, 0, PROTO}, {"uuid", 1, 0, UUID}, {"name", 1, 0, NAME}, {"path", 1, 0, PATH}, {"port", 1, 0, PORT},
        {"auth", 1, 0, AUTH}, {"scene", 1, 0, SCENE}, {"fps", 1, 0, FPS}, {"seconds", 1, 0, SECONDS}, {"log", 1, 0, LOG}, {"size", 1, 0, SIZE},
        {"switch-at", 1, 0, SWITCH_AT}, {"delay", 1, 0, DELAY}, {"linger", 1, 0, LINGER}, {"leave", 1, 0, LEAVE}, {"no-shutdown", 0, 0, NO_SHUTDOWN}, {0}};
    for (int o; (o = getopt_long(argc, argv, "", options, 0)) != -1;) switch (o) {
        case PROTO: proto = optarg; break;     case UUID: uuid = optarg; break;   case NAME: bus_name = optarg; break;
        case PATH: object = optarg; break;     case PORT: port = atoi(optarg); break; case AUTH: auth = optarg; break;
        case SCENE: scene = optarg; break;     case FPS: fps = atof(optarg); break;   case SECONDS: seconds = atof(optarg); break;
        case LOG: log_path = optarg; break;    case SIZE: sscanf(optarg, "%dx%d", &width, &height); break;
        case SWITCH_AT: sscanf(optarg, "%lf:%dx%d", &switch_at, &switch_w, &switch_h); break;
        case DELAY: delay = atof(optarg); break; case LINGER: linger = atof(optarg); break; case LEAVE: leave = optarg; break;
        case NO_SHUTDOWN: says_goodbye = 0; break;
        default: return 2;
    }
    if (delay > 0) signal(SIGUSR1, begin);
    version = atoi(proto);
    shift = version >= 5 || !strcmp(proto, "4b") || !strcmp(proto, "4c");
    int acknowledged = version <= 3 || !strcmp(proto, "4a"), over_nano = !strcmp(proto, "1") || !strcmp(proto, "2n");
    srand((unsigned)(now() * 1e6) ^ getpid());
    int id = rand();
    double asked = now();
    char *path = register_vm(id);
    printf("registered id=%d uuid=%s at %s\n", id, uuid, path);
    printf("asked=%.6f answered=%.6f\n", asked, now());           /* a monotonic clock */
    fflush(stdout);                                             /* whoever ends it can tell what it leaves behind */
    if (over_nano) {
        nano = nn_socket(AF_SP, NN_PAIR);
        if (nn_connect(nano, path) < 0) { fprintf(stderr, "connect: %s\n", nn_strerror(errno)); return 1; }
    } else {
        void *context = zmq_ctx_new();
        int linger = 500;
        dealer = zmq_socket(context, ZMQ_DEALER);
        zmq_setsockopt(dealer, ZMQ_LINGER, &linger, sizeof linger);
        if (zmq_connect(dealer, path) < 0) { fprintf(stderr, "connect: %s\n", zmq_strerror(errno)); return 1; }
    }
    char shm_name[32];
    snprintf(shm_name, sizeof shm_name, "/%d.rdpmux", id);
    int fd = shm_open(shm_name, O_CREAT | O_EXCL | O_RDWR, 0444);
    if (fd < 0 || ftruncate(fd, SHM_SIZE) < 0) { perror(shm_name); return 1; }
    uint32_t *shared = mmap(0, SHM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    uint32_t *screen = malloc(SHM_SIZE);                        /* the guest's own screen; the share is a copy of it */
    FrameLog *log = frame_log(log_path);
    make_texture();
    uint32_t first = draw_still(log, screen, width, width, height), n = first, sent = 0, merged = 0;
    memcpy(shared, screen, 4L * width * height);
    send_message(SWITCH, 3, (uint32_t[]){FORMAT_X8R8G8B8, width, height});
    fflush(stdout);

    for (double until = now() + delay; now() < until && !begun;) receive(20);
    double start = now(), waiting_since = 0, warned = 0;
    Rect dirty = {0, 0, 0, 0};
    for (int i = 0; now() - start < seconds || switch_at >= 0; i++, n++) {
        double due = start + i / fps;
        do {
            double left = due - now();
            if (receive(left > 0.002 ? (int)(left * 1e3) : 0)) waiting_since = 0;
        } while (now() < due);
        if (switch_at >= 0 && now() - start >= switch_at) {
            switch_at = -1; width = switch_w; height = switch_h; waiting_since = 0; dirty.w = 0;
            draw_desktop(screen, width, width, height);
            memcpy(shared, screen, 4L * width * height);
            send_message(SWITCH, 3, (uint32_t[]){FORMAT_X8R8G8B8, width, height});
        }
        Rect r[3];
        draw_frame(log, screen, width, width, height, scene, n, r);
        int x0 = r[0].x, y0 = r[0].y, x1 = 0, y1 = 0;           /* one box around all of a tick's changes */
        for (int k = 0; k < 3; k++) {
            if (r[k].x + r[k].w > x1) x1 = r[k].x + r[k].w;
            if (r[k].y + r[k].h > y1) y1 = r[k].y + r[k].h;
        }
        if (dirty.w) { x1 = x1 > dirty.w ? x1 : dirty.w; y1 = y1 > dirty.h ? y1 : dirty.h; merged++; }
        x1 = (x1 + 15) / 16 * 16; y1 = (y1 + 15) / 16 * 16;
        if (x1 > width) x1 = width;
        if (y1 > height) y1 = height;
        note_frame(log, n);
        if (acknowledged && waiting_since > 0) {
            dirty = (Rect){0, 0, x1, y1};
            if (now() - waiting_since > PATIENCE && now() - warned > 2) { printf("FROZEN: no acknowledge for %.1fs\n", now() - waiting_since); warned = now(); }
            continue;
        }
        memcpy(shared + (long)y0 * width, screen + (long)y0 * width, 4L * width * (y1 - y0));
        send_message(UPDATE, 4, (uint32_t[]){x0, y0, x1 - x0, y1 - y0});
        dirty.w = 0;
        waiting_since = now();
        sent++;
    }
    for (;;) {                                                  /* the library ticks on: what was held back is sent yet */
        do {
            if (receive(200)) waiting_since = 0;
        } while (acknowledged && waiting_since > 0 && now() - waiting_since < PATIENCE);
        if (!dirty.w || waiting_since > 0) break;
        memcpy(shared, screen, 4L * width * height);
        send_message(UPDATE, 4, (uint32_t[]){0, 0, dirty.w, dirty.h});
        dirty.w = 0;
        waiting_since = now();
        sent++;
    }
    if (acknowledged && waiting_since > 0) printf("FROZEN: no acknowledge for %.1fs\n", now() - waiting_since);
    printf("painted=%u updates=%u merged=%u seconds=%.1f\n", n - first, sent, merged, now() - start);
    fflush(stdout);
    come_to_rest(log, screen, width, height);
    for (double until = now() + linger; now() < until && (!*leave || access(leave, F_OK));) receive(20);
    if (says_goodbye && !over_nano) send_message(SHUTDOWN, 0, 0);
    if (is_nano()) { usleep(100000); nn_close(nano); } else zmq_close(dealer);
    return 0;                                                   /* the share stays behind */
}
