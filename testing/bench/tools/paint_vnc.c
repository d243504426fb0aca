// SPDX-License-Identifier: Apache-2.0
/*
 * paint_vnc SCENE FPS SECONDS LOG WxH PORT [wait]
 *
 * A VNC server on 127.0.0.1:PORT that shows a scene, in the place of a guest's own VNC display, whose changes nobody
 * could time. Begins to paint a second and a half after the first viewer came, which it awaits for up to a minute; with
 * 'wait', when it is sent SIGUSR1, and then shows its last picture until it is ended. Prints the keys and buttons that it
 * is sent, and how many frames it painted.
 */
#include "scenes.h"
#include <rfb/rfb.h>
#include <arpa/inet.h>
#include <signal.h>

static void on_key(rfbBool down, rfbKeySym key, rfbClientPtr client)
{
    (void)client;
    printf("%.6f key keysym=0x%x down=%d\n", now(), (unsigned)key, down);
    fflush(stdout);
}

static void on_pointer(int buttons, int x, int y, rfbClientPtr client)
{
    printf("%.6f pointer x=%d y=%d buttons=0x%x\n", now(), x, y, buttons);
    fflush(stdout);
    rfbDefaultPtrAddEvent(buttons, x, y, client);
}

int main(int argc, char **argv)
{
    if (argc < 7) { fprintf(stderr, "usage: paint_vnc SCENE FPS SECONDS LOG WxH PORT [wait]\n"); return 2; }
    int w, h;
    sscanf(argv[5], "%dx%d", &w, &h);
    double fps = atof(argv[2]), seconds = atof(argv[3]);
    sigset_t go;
    sigemptyset(&go);
    sigaddset(&go, SIGUSR1);
    sigprocmask(SIG_BLOCK, &go, 0);                            /* before there are threads: all of them inherit it */
    FrameLog *log = frame_log(argv[4]);
    rfbScreenInfoPtr s = rfbGetScreen(0, 0, w, h, 8, 3, 4);
    s->frameBuffer = calloc(w * h, 4);
    s->port = atoi(argv[6]);
    s->ipv6port = 0;
    s->listenInterface = htonl(INADDR_LOOPBACK);
    s->alwaysShared = TRUE;
    s->deferUpdateTime = 0;
    s->kbdAddEvent = on_key;
    s->ptrAddEvent = on_pointer;
    s->desktopName = "scene";
    s->serverFormat.redShift = 16; s->serverFormat.greenShift = 8; s->serverFormat.blueShift = 0;
    uint32_t *fb = (uint32_t *)s->frameBuffer;
    make_texture();
    uint32_t first = draw_still(log, fb, w, w, h), n = first;
    rfbInitServer(s);
    rfbRunEventLoop(s, 1000, TRUE);
    if (argc > 7) {
        int signal;
        sigwait(&go, &signal);
    } else {
        for (int i = 0; !s->clientHead && i < 6000; i++) usleep(10000);
        if (!s->clientHead) { fprintf(stderr, "no viewer came\n"); return 3; }
        usleep(1500000);
    }
    double start = now();
    for (int i = 0; now() - start < seconds; i++, n++) {
        sleep_until(start + i / fps);
        Rect r[3];
        draw_frame(log, fb, w, w, h, argv[1], n, r);
        note_frame(log, n);
        for (int k = 0; k < 3; k++) if (r[k].w) rfbMarkRectAsModified(s, r[k].x, r[k].y, r[k].x + r[k].w, r[k].y + r[k].h);
    }
    printf("painted=%u seconds=%.1f\n", n - first, now() - start);
    come_to_rest(log, fb, w, h);
    fflush(stdout);
    sleep(argc > 7 ? REST_SECONDS : 1);
    return 0;
}
