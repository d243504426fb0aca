// SPDX-License-Identifier: Apache-2.0
/*
 * The scenes that measurements paint, and the log that painter and observer share.
 *
 * A painter draws a scene frame by frame. Each frame carries its number twice, as black and white cells: at the first and at
 * the last pixels that the frame paints. observe.c reads both off the pixels that an RDP client shows; a frame is shown once
 * both say its number. The painter notes in the log when it painted which frame and where its numbers are: the difference is
 * the latency from a guest's pixel to a client's. After the last frame it leaves the whole picture there, for comparison.
 */
#ifndef SCENES_H
#define SCENES_H
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CELL_W 8                  /* pixels, as a character: large enough to be read after a lossy codec */
#define CELL_H 16
#define BITS 20                   /* of the frame number; one parity cell follows */
#define NUMBER_W ((BITS + 1) * CELL_W)
#define MAX_FRAMES (1 << BITS)
#define MAX_PIXELS (4096 * 2048)
#define REST_SECONDS 30           /* how long a painter that is told when to paint shows its last picture, if it is not ended */

typedef struct { int x, y, w, h; } Rect;
typedef struct { double painted; int x, y; } Frame;   /* when, and where its second number is */

/* In a file that both map; frames and pixels that are not written take no space. */
typedef struct {
    volatile uint32_t first, next;    /* frames first to next-1 are painted; frame first-1 is the still picture before them */
    volatile double rest;             /* when the last frame was painted, once the picture is here; 0 before */
    Frame frames[MAX_FRAMES];
    uint32_t picture[MAX_PIXELS];
} FrameLog;

static inline double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static inline void sleep_until(double due)
{
    double left = due - now();
    if (left > 0) usleep((useconds_t)(left * 1e6));
}

static inline FrameLog *frame_log(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT, 0666);
    if (fd < 0 || ftruncate(fd, sizeof(FrameLog)) < 0) { perror(path); exit(2); }
    return mmap(0, sizeof(FrameLog), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

static inline Rect draw_number(uint32_t *fb, int stride, int left, int top, uint32_t n)
{
    uint32_t parity = 0;
    for (int b = 0; b < BITS; b++) parity ^= (n >> b) & 1;
    for (int b = 0; b <= BITS; b++) {
        uint32_t bit = b < BITS ? (n >> b) & 1 : parity, colour = bit ? 0xffffffff : 0xff000000;
        for (int y = 0; y < CELL_H; y++)
            for (int x = 0; x < CELL_W; x++) fb[(top + y) * stride + left + b * CELL_W + x] = colour;
    }
    return (Rect){left, top, NUMBER_W, CELL_H};
}

static inline uint32_t next_random(void)
{
    static uint32_t s = 12345;
    s ^= s << 13; s ^= s >> 17; s ^= s << 5;
    return s;
}

#define TEXTURE 2048
static uint32_t *texture;        /* something like a photo: gradients with noise */

static inline void make_texture(void)
{
    texture = malloc(4L * TEXTURE * TEXTURE);
    for (int y = 0; y < TEXTURE; y++)
        for (int x = 0; x < TEXTURE; x++) {
            uint32_t n = next_random() & 15;
            uint32_t r = (((x * 3 + y) >> 3) + n) & 255, g = (((x + y * 2) >> 3) + n) & 255, b = (((x ^ y) >> 2) + n) & 255;
            texture[y * TEXTURE + x] = 0xff000000 | r << 16 | g << 8 | b;
        }
}

static inline void draw_glyph(uint32_t *fb, int stride, int x, int y, uint32_t shape)
{
    for (int j = 0; j < 16; j++) {
        uint32_t row = (shape * 2654435761u) >> j;
        for (int i = 0; i < 8; i++) fb[(y + j) * stride + x + i] = (row >> i) & 1 ? 0xffd0d0d0 : 0xff101010;
    }
}

static inline void draw_desktop(uint32_t *fb, int stride, int w, int h)
{
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) fb[y * stride + x] = 0xff204060;
    for (int r = 0; r < 30 && 500 + r * 16 + 16 <= h; r++)
        for (int c = 0; c < 60 && 1200 + c * 8 + 8 <= w; c++) draw_glyph(fb, stride, 1200 + c * 8, 500 + r * 16, r * 77 + c);
}

/* A photo that moves. */
static inline void draw_photo(uint32_t *fb, int stride, Rect v, uint32_t n)
{
    int ox = n * 7 % 128, oy = n * 5 % 128;
    for (int y = 0; y < v.h; y++) memcpy(fb + (v.y + y) * stride + v.x, texture + (oy + y) * TEXTURE + ox, v.w * 4);
}

/* Two pixels mixed, w sixteenths of the second. */
static inline uint32_t mixed(uint32_t a, uint32_t b, uint32_t w)
{
    uint32_t rb = ((a & 0xff00ff) * (16 - w) + (b & 0xff00ff) * w) >> 4 & 0xff00ff;
    uint32_t g = ((a >> 8 & 0xff) * (16 - w) + (b >> 8 & 0xff) * w) >> 4;
    return 0xff000000 | rb | g << 8;
}

static inline int to_and_fro(uint32_t n) { return n % 3000 < 1500 ? (int)(n % 3000) : (int)(3000 - n % 3000); }

/* The photo in an area, from a place given in sixteenths of a pixel. */
static inline void draw_film(uint32_t *fb, int stride, Rect v, int left, int top)
{
    for (int y = 0; y < v.h; y++) {
        const uint32_t *from = texture + ((top >> 4) + y) * TEXTURE + (left >> 4), *below = from + TEXTURE;
        uint32_t *to = fb + (v.y + y) * stride + v.x;
        for (int x = 0; x < v.w; x++)
            to[x] = mixed(mixed(from[x], from[x + 1], left & 15), mixed(below[x], below[x + 1], left & 15), top & 15);
    }
}

/* A window over all of the screen below y: the first is an editor, the second a page of text with a picture. */
static inline void draw_window(uint32_t *fb, int stride, int w, int h, int y, int second)
{
    uint32_t ground = second ? 0xfff4f4f0 : 0xff101010;
    for (int j = y; j < h; j++) for (int i = 0; i < w; i++) fb[j * stride + i] = ground;
    for (int r = 0; y + r * 16 + 16 <= h; r++)
        for (int c = 0; c * 8 + 8 <= w; c++)
            if ((r * 7 + c * 3) % 5 && c < 40 + (r * 53 + 19) % 120)
                draw_glyph(fb, stride, c * 8, y + r * 16, (second + 1) * 7919 + r * 131 + c * c % 61);
    if (second) for (int j = 0; j < 400; j++) memcpy(fb + (y + 160 + j) * stride + 640, texture + j * TEXTURE, 600 * 4);
}

/* Its last pixels. */
static inline Rect end_of(Rect r) { return (Rect){r.x + r.w - NUMBER_W, r.y + r.h - CELL_H, NUMBER_W, CELL_H}; }

/*
 * Draws one frame of a scene without numbers. Returns what it changed, and in *last where the second number goes. The
 * screen must be at least 1280x880.
 *   type    somebody types into an editor: one character of 8x16 a frame, and the position in the status line below
 *   scroll  a build log: a terminal of 120x50 characters moves up by a line a frame
 *   window  a window of 600x400 is dragged over the desktop
 *   video   a clip in a window: a moving photo of 640x360
 *   full    a game: a moving photo all over the screen
 *   mixed   somebody types below a clip that plays: a moving photo of 1280x720, and the position in a status line below it,
 *           which is all that is timed
 *   clip    a film in a window of 640x360: a photo that moves by parts of a pixel, so that nothing of it is to be copied
 *   film    the same all over the screen
 *   switch  two windows over all of the screen that take turns: an editor, and a page of text with a picture
 *   idle    only the frame's number changes
 */
static inline Rect draw_scene(uint32_t *fb, int stride, int w, int h, const char *scene, uint32_t n, Rect *last)
{
    if (!strcmp(scene, "type")) {
        int x = 64 + (n % 140) * 8, y = 64 + (n / 140 % 48) * 16;
        draw_glyph(fb, stride, x, y, n);
        *last = end_of((Rect){64, 832, 140 * 8, 16});
        return (Rect){x, y, 8, 16};
    }
    if (!strcmp(scene, "scroll")) {
        Rect t = {64, 64, 960, 800};
        for (int y = 0; y < t.h - 16; y++) memmove(fb + (t.y + y) * stride + t.x, fb + (t.y + y + 16) * stride + t.x, t.w * 4);
        for (int c = 0; c < 120; c++) draw_glyph(fb, stride, t.x + c * 8, t.y + t.h - 16, (next_random() & 3) ? n * 131 + c : 0);
        *last = end_of(t);
        return t;
    }
    if (!strcmp(scene, "video") || !strcmp(scene, "full")) {
        Rect v = *scene == 'v' ? (Rect){640, 128, 640, 360} : (Rect){0, 64, w, h - 64};
        draw_photo(fb, stride, v, n);
        *last = end_of(v);
        return v;
    }
    if (!strcmp(scene, "mixed")) {
        Rect v = {0, 64, 1280, 720};
        draw_photo(fb, stride, v, n);
        *last = end_of((Rect){64, 832, 140 * 8, 16});
        return v;
    }
    if (!strcmp(scene, "clip") || !strcmp(scene, "film")) {
        Rect v = *scene == 'c' ? (Rect){640, 128, 640, 360} : (Rect){0, 64, w, h - 64};
        draw_film(fb, stride, v, to_and_fro(n * 37), to_and_fro(n * 27));
        *last = end_of(v);
        return v;
    }
    if (!strcmp(scene, "switch")) {
        draw_window(fb, stride, w, h, 64, n & 1);
        *last = end_of((Rect){0, 0, w, h});
        return (Rect){0, 64, w, h - 64};
    }
    if (!strcmp(scene, "window")) {
        static int px = 100, py = 100;
        int nx = 100 + (n * 12) % 400, ny = 100 + (n * 5) % 300;
        for (int y = 0; y < 400; y++) for (int x = 0; x < 600; x++) fb[(py + y) * stride + px + x] = 0xff204060;
        for (int y = 0; y < 400; y++) memcpy(fb + (ny + y) * stride + nx, texture + y * TEXTURE, 600 * 4);
        int x0 = px < nx ? px : nx, y0 = py < ny ? py : ny, x1 = (px > nx ? px : nx) + 600, y1 = (py > ny ? py : ny) + 400;
        px = nx; py = ny;
        *last = end_of((Rect){nx, ny, 600, 400});
        return (Rect){x0, y0, x1 - x0, y1 - y0};
    }
    *last = (Rect){0, 0, NUMBER_W, CELL_H};
    return (Rect){0, 0, 0, 0};
}

/* Draws frame n with its two numbers and returns what changed: three areas, of which some may be empty or overlap. */
static inline void draw_frame(FrameLog *log, uint32_t *fb, int stride, int w, int h, const char *scene, uint32_t n, Rect changed[3])
{
    Rect last;
    changed[1] = draw_scene(fb, stride, w, h, scene, n, &last);
    changed[0] = draw_number(fb, stride, 0, 0, n);
    changed[2] = draw_number(fb, stride, last.x, last.y, n);
    log->frames[n].x = last.x;
    log->frames[n].y = last.y;
}

/* Frame n is in the framebuffer. */
static inline void note_frame(FrameLog *log, uint32_t n)
{
    log->frames[n].painted = now();
    __atomic_store_n(&log->next, n + 1, __ATOMIC_RELEASE);
}

/* Draws the still picture that is there before the first frame, with its number, and returns the number of the first frame. */
static inline uint32_t draw_still(FrameLog *log, uint32_t *fb, int stride, int w, int h)
{
    uint32_t still = log->next ? log->next : 1;
    draw_desktop(fb, stride, w, h);
    draw_number(fb, stride, 0, 0, still);
    log->rest = 0;
    log->frames[still] = (Frame){0, 0, 0};
    log->first = still + 1;
    __atomic_store_n(&log->next, still + 1, __ATOMIC_RELEASE);
    return still + 1;
}

/* Nothing is painted any more: leaves the picture for an observer. */
static inline void come_to_rest(FrameLog *log, const uint32_t *fb, int w, int h)
{
    memcpy(log->picture, fb, 4L * w * h);
    log->rest = log->frames[log->next - 1].painted;
}
#endif
