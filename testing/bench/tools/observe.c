// SPDX-License-Identifier: Apache-2.0
/*
 * observe XVFB_FILE LOG SECONDS [OUT]
 * observe XVFB_FILE LOG SECONDS ready
 *
 * Reads the frame numbers off an RDP client's window and prints how many different frames it showed, how many a second,
 * how many milliseconds after they were painted, and how long after the last of them the window was exactly the guest's
 * picture. XVFB_FILE is the framebuffer file of the 'Xvfb -fbdir' on which the client's window stands at 0,0; LOG is the
 * painter's. A frame is shown when its number stands at both places. Looks ten thousand times a second for at most SECONDS.
 * OUT, if given, gets a line for each frame: number, milliseconds. With 'ready' it only waits for the still picture before
 * the first frame, and fails if it does not come.
 */
#include "scenes.h"
#include <sys/prctl.h>

#define LOOK_USECONDS 100
#define EXACT_SECONDS 5           /* in which the picture is to become the guest's */

static uint8_t *pixels;
static uint32_t width, height, bytes_per_line;

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void map_screen(const char *path)
{
    int fd = open(path, O_RDONLY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0) { perror(path); exit(2); }
    uint8_t *file = mmap(0, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    uint32_t *header = (uint32_t *)file;                       /* an X window dump; its header is big-endian */
    width = __builtin_bswap32(header[4]);
    height = __builtin_bswap32(header[5]);
    bytes_per_line = __builtin_bswap32(header[12]);
    pixels = file + __builtin_bswap32(header[0]) + __builtin_bswap32(header[19]) * 12;
}

/* The number that stands there, or 0. */
static uint32_t number_at(int left, int top)
{
    uint32_t n = 0, parity = 0, parity_cell = 0;
    for (int b = 0; b <= BITS; b++) {
        uint8_t *p = pixels + (top + CELL_H / 2) * bytes_per_line + (left + b * CELL_W + CELL_W / 2) * 4;
        uint32_t bit = p[0] + p[1] + p[2] > 382;
        if (b < BITS) { n |= bit << b; parity ^= bit; } else parity_cell = bit;
    }
    return parity == parity_cell ? n : 0;
}

static int is_shown(FrameLog *log, uint32_t n)
{
    return n && n < __atomic_load_n(&log->next, __ATOMIC_ACQUIRE) && number_at(log->frames[n].x, log->frames[n].y) == n;
}

/* How many pixels differ from the guest's picture; in *most by how much a colour differs at most. */
static long differing(FrameLog *log, int *most)
{
    long count = 0;
    *most = 0;
    for (uint32_t y = 0; y < height; y++) {
        uint32_t *seen = (uint32_t *)(pixels + (long)y * bytes_per_line), *real = log->picture + (long)y * width;
        for (uint32_t x = 0; x < width; x++) {
            if (!((seen[x] ^ real[x]) & 0xffffff)) continue;
            count++;
            for (int shift = 0; shift < 24; shift += 8) {
                int by = abs((int)(seen[x] >> shift & 255) - (int)(real[x] >> shift & 255));
                if (by > *most) *most = by;
            }
        }
    }
    return count;
}

static void print_rest(FrameLog *log, double until)
{
    int most;
    long count;
    double t;
    if (!log->rest) { printf(" rest_ms=never differ=? by=?\n"); return; }
    do {
        count = differing(log, &most);
        t = now();
        if (count) usleep(1000);
    } while (count && t < until && t - log->rest < EXACT_SECONDS);
    if (count) printf(" rest_ms=never differ=%ld by=%d\n", count, most);
    else printf(" rest_ms=%.1f differ=0 by=0\n", (t - log->rest) * 1e3);
}

int main(int argc, char **argv)
{
    if (argc < 4) { fprintf(stderr, "usage: observe XVFB_FILE LOG SECONDS [OUT|ready]\n"); return 2; }
    map_screen(argv[1]);
    FrameLog *log = frame_log(argv[2]);
    double until = now() + atof(argv[3]), *latency = malloc(8 * MAX_FRAMES), begun = 0, ended = 0;
    if (argc > 4 && !strcmp(argv[4], "ready")) {
        while (now() < until && !(log->first && number_at(0, 0) == log->first - 1 && is_shown(log, log->first - 1))) usleep(10000);
        return now() < until ? 0 : 1;
    }
    FILE *out = argc > 4 ? fopen(argv[4], "w") : 0;
    uint32_t seen = 0, shown = 0;
    prctl(PR_SET_TIMERSLACK, 1000, 0, 0, 0);                   /* nanoseconds; a twentieth of what the kernel would add */
    for (double t = now(); t < until; t = now()) {
        uint32_t n = number_at(0, 0);
        if (n != shown && n >= log->first && is_shown(log, n)) {
            t = now();
            latency[seen++] = t - log->frames[n].painted;
            if (out) fprintf(out, "%u %.3f\n", n, latency[seen - 1] * 1e3);
            if (!begun) begun = t;
            ended = t;
            shown = n;
        }
        if (log->rest && (shown == log->next - 1 || t - log->rest > EXACT_SECONDS)) break;
        usleep(LOOK_USECONDS);
    }
    uint32_t painted = log->next - log->first;
    if (!seen) printf("painted=%u frames=0", painted);
    else {
        qsort(latency, seen, 8, ascending);
        printf("painted=%u frames=%u fps=%.1f p50=%.2f p95=%.2f max=%.2f", painted, seen, seen > 1 ? (seen - 1) / (ended - begun) : 0,
               latency[seen / 2] * 1e3, latency[(int)(seen * .95)] * 1e3, latency[seen - 1] * 1e3);
    }
    print_rest(log, until);
    return seen ? 0 : 1;
}
