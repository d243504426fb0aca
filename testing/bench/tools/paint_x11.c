// SPDX-License-Identifier: Apache-2.0
/*
 * paint_x11 SCENE FPS SECONDS LOG [WxH]
 *
 * Paints a scene into a window that covers the screen of $DISPLAY: what a server that shares an X11 screen, such as
 * freerdp-shadow-cli, is measured with. Prints in the end how many frames it painted.
 */
#include "scenes.h"
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <sys/ipc.h>
#include <sys/shm.h>

int main(int argc, char **argv)
{
    if (argc < 5) { fprintf(stderr, "usage: paint_x11 SCENE FPS SECONDS LOG [WxH]\n"); return 2; }
    int w = 1920, h = 1080;
    if (argc > 5) sscanf(argv[5], "%dx%d", &w, &h);
    double fps = atof(argv[2]), seconds = atof(argv[3]);
    FrameLog *log = frame_log(argv[4]);
    Display *d = XOpenDisplay(0);
    if (!d) { fprintf(stderr, "no display\n"); return 2; }
    int s = DefaultScreen(d);
    Window win = XCreateSimpleWindow(d, RootWindow(d, s), 0, 0, w, h, 0, 0, 0);
    XSetWindowAttributes a = {.override_redirect = 1};
    XChangeWindowAttributes(d, win, CWOverrideRedirect, &a);
    XMapWindow(d, win);
    GC gc = XCreateGC(d, win, 0, 0);
    XShmSegmentInfo shm;
    XImage *image = XShmCreateImage(d, DefaultVisual(d, s), 24, ZPixmap, 0, &shm, w, h);
    shm.shmid = shmget(IPC_PRIVATE, image->bytes_per_line * h, IPC_CREAT | 0600);
    shm.shmaddr = image->data = shmat(shm.shmid, 0, 0);
    shm.readOnly = 0;
    XShmAttach(d, &shm);
    uint32_t *fb = (uint32_t *)image->data;
    make_texture();
    draw_desktop(fb, w, w, h);
    XSync(d, 0);
    usleep(300000);
    XShmPutImage(d, win, gc, image, 0, 0, 0, 0, w, h, 0);
    XSync(d, 0);
    usleep(1500000);
    uint32_t first = log->next ? log->next : 1, n = first;
    double start = now();
    for (int i = 0; now() - start < seconds; i++, n++) {
        sleep_until(start + i / fps);
        Rect r = draw_scene(fb, w, w, h, argv[1], n), k = draw_number(fb, w, n);
        if (r.w) XShmPutImage(d, win, gc, image, r.x, r.y, r.x, r.y, r.w, r.h, 0);
        XShmPutImage(d, win, gc, image, k.x, k.y, k.x, k.y, k.w, k.h, 0);
        log->painted[n] = now();
        log->next = n + 1;
        XSync(d, 0);
    }
    shmctl(shm.shmid, IPC_RMID, 0);
    printf("painted=%u seconds=%.1f\n", n - first, now() - start);
    return 0;
}
