// SPDX-License-Identifier: Apache-2.0
/*
 * guest_in_qemu.so: makes any QEMU one that was built with librdpmux, as far as can be seen from outside. Loaded with
 * LD_PRELOAD, it runs guest_librdpmux on a thread of the QEMU process, with the options in the environment variable
 * GUEST_OPTIONS and the UUID of the command line. In a QEMU without a UUID, such as libvirt's probes, it does nothing.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>

int guest_main(int argc, char **argv);

static char line[65536];
static char *arguments[64] = {"guest_librdpmux"};
static int count = 1;

static void *run(void *unused)
{
    (void)unused;
    guest_main(count, arguments);
    return 0;
}

__attribute__((constructor)) static void start(void)
{
    char *options = getenv("GUEST_OPTIONS"), *uuid = 0;
    FILE *file = fopen("/proc/self/cmdline", "r");
    size_t size = file ? fread(line, 1, sizeof line - 1, file) : 0;
    if (file) fclose(file);
    for (char *p = line; p < line + size; p += strlen(p) + 1)
        if (!strcmp(p, "-uuid")) uuid = p + strlen(p) + 1;
    if (!options || !uuid) return;
    unsetenv("LD_PRELOAD");
    for (char *word = strtok(strdup(options), " "); word && count < 60; word = strtok(0, " ")) arguments[count++] = word;
    arguments[count++] = "--uuid";
    arguments[count++] = strdup(uuid);
    pthread_t thread;
    pthread_create(&thread, 0, run, 0);
}
