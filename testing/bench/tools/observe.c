// SPDX-License-Identifier: Apache-2.0
/*
 * observe XVFB_FILE LOG SECONDS [OUT]
 *
 * Reads the frame numbers off an RDP client's window and prints how many different frames it showed, how many a second,
 * and how many milliseconds after they were painted. XVFB_FILE is the framebuffer file of the 'Xvfb -fbdir' on which the
 * client's window stands at 0,0; LOG is the painter's. OUT, if given, gets a line for each frame: number, milliseconds.
 * The window is looked at some three thousand times a second, so latencies are right to a third of a millisecond.
 */
#include "scenes.h"

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc < 4) { fprintf(stderr, "usage: observe XVFB_FILE LOG SECONDS [OUT]\n"); return 2; }
    int fd = open(argv[1], O_RDONLY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0) { perror(argv[1]); return 2; }
    uint8_t *file = mmap(0, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    uint32_t *header = (uint32_t *)file;                       /* an X window dump; its header is big-endian */
    uint32_t header_size = __builtin_bswap32(header[0]), bytes_per_line = __builtin_bswap32(header[12]), colours = __builtin_bswap32(header[19]);
    uint8_t *pixels = file + header_size + colours * 12;
    FrameLog *log = frame_log(argv[2]);
    FILE *out = argc > 4 ? fopen(argv[4], "w") : 0;
    double seconds = atof(argv[3]), *latency = malloc(8 * MAX_FRAMES), start = now(), first = 0, last = 0;
    uint32_t seen = 0, shown = 0;
    while (now() - start < seconds) {
        uint32_t n = 0, parity = 0, parity_cell = 0;
        for (int b = 0; b <= BITS; b++) {
            uint8_t *p = pixels + CELL / 2 * bytes_per_line + (b * CELL + CELL / 2) * 4;
            uint32_t bit = p[0] + p[1] + p[2] > 382;
            if (b < BITS) { n |= bit << b; parity ^= bit; } else parity_cell = bit;
        }
        double t = now();
        if (n && n != shown && parity == parity_cell && n < log->next && log->painted[n] > 0) {
            double l = t - log->painted[n];
            if (l >= 0 && l < 20) {
                if (out) fprintf(out, "%u %.2f\n", n, l * 1e3);
                latency[seen++] = l;
                if (!first) first = t;
                last = t;
            }
            shown = n;
        }
        usleep(300);
    }
    if (!seen) { printf("frames=0\n"); return 1; }
    qsort(latency, seen, 8, ascending);
    printf("frames=%u fps=%.1f latency_ms p50=%.1f p95=%.1f p99=%.1f max=%.1f\n", seen, seen > 1 ? (seen - 1) / (last - first) : 0,
           latency[seen / 2] * 1e3, latency[(int)(seen * .95)] * 1e3, latency[(int)(seen * .99)] * 1e3, latency[seen - 1] * 1e3);
    return 0;
}
