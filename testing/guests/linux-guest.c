// SPDX-License-Identifier: Apache-2.0
//
// What runs in the Linux guest for tests: reports all input on the first serial port and sets video modes and pointer
// shapes there. The kernel's graphics and input drivers are a real guest's; this program stands for its desktop.
//
// It reports, one line (LF) each:
//   READY linux 1
//   MODE W H               a mode is set and painted
//   KEY CODE VALUE         a key or button (linux/input-event-codes.h): 1 down, 0 up, 2 repeated; 272 is the left button
//   REL AXIS DELTA         motion, or the wheel: axis 0 x, 1 y, 6 horizontal wheel, 8 wheel
//   AT X Y                 the absolute pointer is at this pixel of the present mode
//   LED CODE VALUE         a keyboard light changed
//   OK, ERR TEXT           answers a command
// and takes commands there, one line each, numbers in decimal:
//   m W H                  a mode of this size, any that fits into the card's memory; standard VGA shows a width that is
//                          no multiple of 8 without its last columns, virtio has it exact
//   d                      the mode the display prefers: it follows what a viewer asked for
//   p                      paint the pattern anew, shifted, so that every pixel changes
//   f X Y W H COLOUR       fill a rectangle; COLOUR is 0xRRGGBB in decimal
//   c SHAPE HOTX HOTY      pointer: 0 none, 1 a black and white arrow, 2 a translucent disc; 64 x 64
//   s TEXT                 echo TEXT as a line of its own, so that what comes before it can be told from what comes after
//   q                      power off, as the ACPI power button does
#include <dirent.h>
#include <drm.h>
#include <drm_mode.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <termios.h>
#include <unistd.h>

enum { MAX_DEVICES = 16, LINE = 128, CURSOR = 64, MAX_SIDE = 8192 };

struct surface {
    uint32_t handle, framebuffer, width, height, pitch;
    uint64_t size;
    uint8_t *pixels;
};

static int card = -1;
static uint32_t crtc, connector;
static struct surface screen, cursor;
static uint32_t shift;
static int inputs[MAX_DEVICES], input_count;
static struct { int x, y, max_x, max_y, moved; } absolute[MAX_DEVICES];

static void fail(const char *what) {
    printf("ERR %s: %s\n", what, strerror(errno));
}

// ---- video

static void release(struct surface *s) {
    if (s->pixels) munmap(s->pixels, s->size);
    if (s->framebuffer) ioctl(card, DRM_IOCTL_MODE_RMFB, &s->framebuffer);
    if (s->handle) {
        struct drm_mode_destroy_dumb destroy = {.handle = s->handle};
        ioctl(card, DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);
    }
    memset(s, 0, sizeof *s);
}

static int allocate(struct surface *s, uint32_t width, uint32_t height, int with_framebuffer) {
    struct drm_mode_create_dumb create = {.width = width, .height = height, .bpp = 32};
    memset(s, 0, sizeof *s);
    if (ioctl(card, DRM_IOCTL_MODE_CREATE_DUMB, &create)) return -1;
    s->handle = create.handle;
    s->width = width;
    s->height = height;
    s->pitch = create.pitch;
    s->size = create.size;
    struct drm_mode_map_dumb map = {.handle = s->handle};
    if (ioctl(card, DRM_IOCTL_MODE_MAP_DUMB, &map)) return -1;
    void *pixels = mmap(NULL, s->size, PROT_READ | PROT_WRITE, MAP_SHARED, card, (off_t)map.offset);
    if (pixels == MAP_FAILED) return -1;
    s->pixels = pixels;
    if (with_framebuffer) {
        struct drm_mode_fb_cmd fb = {.width = width, .height = height, .pitch = s->pitch, .bpp = 32, .depth = 24};
        fb.handle = s->handle;
        if (ioctl(card, DRM_IOCTL_MODE_ADDFB, &fb)) return -1;
        s->framebuffer = fb.fb_id;
    }
    return 0;
}

static uint32_t *row(struct surface *s, uint32_t y) {
    return (uint32_t *)(void *)(s->pixels + (size_t)y * s->pitch);
}

static void changed(uint32_t x, uint32_t y, uint32_t width, uint32_t height) {
    struct drm_clip_rect clip = {(uint16_t)x, (uint16_t)y, (uint16_t)(x + width), (uint16_t)(y + height)};
    struct drm_mode_fb_dirty_cmd dirty = {.fb_id = screen.framebuffer, .num_clips = 1, .clips_ptr = (uintptr_t)&clip};
    ioctl(card, DRM_IOCTL_MODE_DIRTYFB, &dirty); // a card that scans out of this very memory has nothing to do here
}

// The same pattern as the boot sector guest's: red grows to the right, green downwards, blue is their exclusive or.
static void paint(void) {
    for (uint32_t y = 0; y < screen.height; y++) {
        uint32_t *pixels = row(&screen, y);
        for (uint32_t x = 0; x < screen.width; x++) {
            uint32_t r = (x + shift) & 255, g = (y + shift) & 255;
            pixels[x] = r << 16 | g << 8 | (r ^ g);
        }
    }
    changed(0, 0, screen.width, screen.height);
}

// Finds the first connected connector, a CRTC for it, and the mode it prefers.
static int find_output(struct drm_mode_modeinfo *preferred) {
    uint32_t crtcs[8], connectors[8], encoders[8];
    struct drm_mode_card_res resources = {.count_crtcs = 8, .count_connectors = 8};
    resources.crtc_id_ptr = (uintptr_t)crtcs;
    resources.connector_id_ptr = (uintptr_t)connectors;
    if (ioctl(card, DRM_IOCTL_MODE_GETRESOURCES, &resources) || resources.count_crtcs < 1) return -1;
    for (uint32_t i = 0; i < resources.count_connectors && i < 8; i++) {
        static struct drm_mode_modeinfo modes[256];
        struct drm_mode_get_connector get = {.connector_id = connectors[i]};
        if (ioctl(card, DRM_IOCTL_MODE_GETCONNECTOR, &get)) continue; // this one makes the kernel ask the display again
        struct drm_mode_get_connector full = {.connector_id = connectors[i]};
        full.modes_ptr = (uintptr_t)modes;
        full.count_modes = get.count_modes < 256 ? get.count_modes : 256;
        full.encoders_ptr = (uintptr_t)encoders;
        full.count_encoders = get.count_encoders < 8 ? get.count_encoders : 8;
        if (ioctl(card, DRM_IOCTL_MODE_GETCONNECTOR, &full) || full.connection != 1 || full.count_modes < 1) continue;
        *preferred = modes[0];
        for (uint32_t m = 0; m < full.count_modes && m < 256; m++) {
            if (modes[m].type & DRM_MODE_TYPE_PREFERRED) {
                *preferred = modes[m];
                break;
            }
        }
        connector = connectors[i];
        crtc = crtcs[0];
        return 0;
    }
    errno = ENODEV;
    return -1;
}

static struct drm_mode_modeinfo mode_of(uint32_t width, uint32_t height) {
    struct drm_mode_modeinfo mode = {.vrefresh = 60}; // no tube to please: any timing that leaves room will do
    mode.hdisplay = (uint16_t)width;
    mode.hsync_start = (uint16_t)(width + 16);
    mode.hsync_end = (uint16_t)(width + 32);
    mode.htotal = (uint16_t)(width + 160);
    mode.vdisplay = (uint16_t)height;
    mode.vsync_start = (uint16_t)(height + 3);
    mode.vsync_end = (uint16_t)(height + 9);
    mode.vtotal = (uint16_t)(height + 30);
    mode.clock = (uint32_t)mode.htotal * mode.vtotal * 60 / 1000;
    snprintf(mode.name, sizeof mode.name, "%ux%u", width, height);
    return mode;
}

static int set_mode(uint32_t width, uint32_t height) {
    struct surface next;
    if (width < 16 || height < 16 || width > MAX_SIDE || height > MAX_SIDE) {
        errno = EINVAL;
        return -1;
    }
    if (allocate(&next, width, height, 1)) {
        release(&next);
        return -1;
    }
    struct surface last = screen;
    screen = next;
    paint();
    struct drm_mode_crtc set = {.crtc_id = crtc, .fb_id = screen.framebuffer, .count_connectors = 1, .mode_valid = 1};
    set.set_connectors_ptr = (uintptr_t)&connector;
    set.mode = mode_of(width, height);
    if (ioctl(card, DRM_IOCTL_MODE_SETCRTC, &set)) {
        int error = errno;
        screen = last;
        release(&next);
        errno = error;
        return -1;
    }
    release(&last);
    paint();
    printf("MODE %u %u\n", width, height);
    return 0;
}

static int set_preferred(void) {
    struct drm_mode_modeinfo mode;
    if (find_output(&mode)) return -1;
    return set_mode(mode.hdisplay, mode.vdisplay);
}

// A pixel of a pointer: alpha, red, green, blue, the colours multiplied by alpha.
static uint32_t pointer_pixel(int shape, int x, int y) {
    if (shape == 1) { // an arrow with a black edge
        if (y >= 40 || x > y) return 0;
        return x == 0 || x == y || y == 39 ? 0xFF000000 : 0xFFFFFFFF;
    }
    int dx = x - 32, dy = y - 32, square = dx * dx + dy * dy; // a red disc that fades out
    if (square >= 900) return 0;
    uint32_t alpha = 255 - (uint32_t)square * 255 / 900;
    return alpha << 24 | alpha << 16;
}

static int set_pointer(int shape, int hot_x, int hot_y) {
    struct drm_mode_cursor2 set = {.flags = DRM_MODE_CURSOR_BO, .crtc_id = crtc, .width = CURSOR, .height = CURSOR};
    struct surface next = {0};
    if (shape) {
        if (allocate(&next, CURSOR, CURSOR, 0)) {
            release(&next);
            return -1;
        }
        for (int y = 0; y < CURSOR; y++) {
            for (int x = 0; x < CURSOR; x++) row(&next, (uint32_t)y)[x] = pointer_pixel(shape, x, y);
        }
        set.handle = next.handle;
        set.hot_x = hot_x;
        set.hot_y = hot_y;
    }
    if (ioctl(card, DRM_IOCTL_MODE_CURSOR2, &set)) {
        int error = errno;
        release(&next);
        errno = error;
        return -1;
    }
    release(&cursor);
    cursor = next;
    return 0;
}

static void move_pointer(int x, int y) {
    struct drm_mode_cursor2 move = {.flags = DRM_MODE_CURSOR_MOVE, .crtc_id = crtc, .x = x, .y = y};
    ioctl(card, DRM_IOCTL_MODE_CURSOR2, &move);
}

// ---- input

static void open_inputs(void) {
    for (int i = 0; i < 32 && input_count < MAX_DEVICES; i++) {
        char path[64];
        struct input_absinfo x, y;
        snprintf(path, sizeof path, "/dev/input/event%d", i);
        int fd = open(path, O_RDONLY | O_NONBLOCK);
        if (fd < 0) continue;
        if (!ioctl(fd, EVIOCGABS(ABS_X), &x) && !ioctl(fd, EVIOCGABS(ABS_Y), &y)) {
            absolute[input_count].max_x = x.maximum;
            absolute[input_count].max_y = y.maximum;
        }
        inputs[input_count++] = fd;
    }
}

static int to_pixel(int value, int maximum, uint32_t side) {
    return maximum > 0 ? (int)((int64_t)value * side / ((int64_t)maximum + 1)) : 0;
}

static void input(int device) {
    struct input_event e;
    while (read(inputs[device], &e, sizeof e) == sizeof e) {
        switch (e.type) {
        case EV_KEY:
            printf("KEY %d %d\n", e.code, e.value);
            if (e.code == KEY_POWER && e.value == 0) reboot(RB_POWER_OFF);
            break;
        case EV_REL:
            if (e.code != REL_WHEEL_HI_RES && e.code != REL_HWHEEL_HI_RES) printf("REL %d %d\n", e.code, e.value);
            break;
        case EV_LED:
            printf("LED %d %d\n", e.code, e.value);
            break;
        case EV_ABS:
            if (e.code == ABS_X) absolute[device].x = e.value;
            if (e.code == ABS_Y) absolute[device].y = e.value;
            absolute[device].moved = 1;
            break;
        case EV_SYN:
            if (e.code == SYN_DROPPED) printf("ERR input was lost\n");
            if (absolute[device].moved) {
                int x = to_pixel(absolute[device].x, absolute[device].max_x, screen.width);
                int y = to_pixel(absolute[device].y, absolute[device].max_y, screen.height);
                absolute[device].moved = 0;
                printf("AT %d %d\n", x, y);
                move_pointer(x, y);
            }
            break;
        default:
            break;
        }
    }
}

// ---- commands

static void command(const char *text) {
    unsigned a = 0, b = 0, c = 0, d = 0, e = 0;
    int error = 0;
    if (sscanf(text, "m %u %u", &a, &b) == 2) {
        error = set_mode(a, b);
    } else if (sscanf(text, "f %u %u %u %u %u", &a, &b, &c, &d, &e) == 5) {
        if (a > screen.width || c > screen.width - a || b > screen.height || d > screen.height - b) {
            printf("ERR outside the screen\n");
            return;
        }
        for (unsigned y = b; y < b + d; y++) {
            for (unsigned x = a; x < a + c; x++) row(&screen, y)[x] = e;
        }
        changed(a, b, c, d);
    } else if (sscanf(text, "c %u %u %u", &a, &b, &c) == 3) {
        error = set_pointer((int)a, (int)b, (int)c);
    } else if (!strncmp(text, "s ", 2)) {
        printf("%s\n", text + 2);
    } else if (!strcmp(text, "d")) {
        error = set_preferred();
    } else if (!strcmp(text, "p")) {
        shift++;
        paint();
    } else if (!strcmp(text, "q")) {
        reboot(RB_POWER_OFF);
    } else {
        printf("ERR %s\n", text);
        return;
    }
    if (error) {
        fail(text);
    } else {
        printf("OK\n");
    }
}

static void serial(void) {
    static char line[LINE];
    static size_t length;
    char byte;
    while (read(0, &byte, 1) == 1) {
        if (byte != '\n' && byte != '\r') {
            if (length < LINE - 1) line[length++] = byte;
        } else if (length) {
            line[length] = 0;
            length = 0;
            command(line);
        }
    }
}

static int open_serial(const char *path) {
    struct termios raw;
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 || tcgetattr(fd, &raw)) return -1;
    cfmakeraw(&raw);
    cfsetspeed(&raw, B115200);
    raw.c_cflag |= CLOCAL;
    if (tcsetattr(fd, TCSANOW, &raw)) return -1;
    dup2(fd, 0);
    int out = open(path, O_WRONLY | O_NOCTTY);
    if (out < 0) return -1;
    dup2(out, 1);
    setvbuf(stdout, NULL, _IOLBF, 4096);
    return 0;
}

int main(void) {
    if (open_serial("/dev/ttyS0")) return 1;
    reboot(RB_DISABLE_CAD); // Ctrl+Alt+Del is a key like others here
    for (int i = 0; i < 1200 && card < 0; i++) { // the card's driver may still be at work
        card = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
        if (card < 0) usleep(50000);
    }
    if (card < 0 || set_preferred()) fail("no display");
    open_inputs();
    printf("READY linux 1\n");
    for (;;) {
        struct pollfd fds[MAX_DEVICES + 1] = {{.fd = 0, .events = POLLIN}};
        for (int i = 0; i < input_count; i++) {
            fds[i + 1].fd = inputs[i];
            fds[i + 1].events = POLLIN;
        }
        if (poll(fds, (nfds_t)input_count + 1, -1) < 0) continue;
        for (int i = 0; i < input_count; i++) {
            if (fds[i + 1].revents) input(i);
        }
        if (fds[0].revents) serial();
    }
}
