// SPDX-License-Identifier: Apache-2.0
/*
 * paint_x11 SCENE FPS SECONDS LOG WxH
 *
 * Paints a scene into a window that covers the screen of $DISPLAY: what a server that shares an X11 screen, such as
 * freerdp-shadow-cli, is measured with. Begins when it is sent SIGUSR1, and shows its last picture until it is ended.
 * Prints how many frames it painted.
 */
#include "scenes.h"
#include <signal.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <sys/ipc.h>
#include <sys/shm.h>

int main(int argc, char **argv)
{
    if (argc < 6) { fprintf(stderr, "usage: paint_x11 SCENE FPS SECONDS LOG WxH\n"); return 2; }
    int w, h, signal;
    sscanf(argv[5], "%dx%d", &w, &h);
    sigset_t go;
    sigemptyset(&go);
    sigaddset(&go, SIGUSR1);
    sigprocmask(SIG_BLOCK, &go, 0);
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
    XSync(d, 0);
    shmctl(shm.shmid, IPC_RMID, 0);                            /* goes when both have let go of it */
    uint32_t *fb = (uint32_t *)image->data;
    make_texture();
    uint32_t first = draw_still(log, fb, w, w, h), n = first;
    XSync(d, 0);
    usleep(300000);
    XShmPutImage(d, win, gc, image, 0, 0, 0, 0, w, h, 0);
    XSync(d, 0);
    sigwait(&go, &signal);
    double start = now();
    for (int i = 0; now() - start < seconds; i++, n++) {
        sleep_until(start + i / fps);
        Rect r[3];
        draw_frame(log, fb, w, w, h, argv[1], n, r);
        for (int k = 0; k < 3; k++) if (r[k].w) XShmPutImage(d, win, gc, image, r[k].x, r[k].y, r[k].x, r[k].y, r[k].w, r[k].h, 0);
        note_frame(log, n);
        XSync(d, 0);
    }
    printf("painted=%u seconds=%.1f\n", n - first, now() - start);
    come_to_rest(log, fb, w, h);
    fflush(stdout);
    sleep(REST_SECONDS);
    return 0;
}
