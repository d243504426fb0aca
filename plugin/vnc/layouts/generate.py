#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes layouts.txt and keysyms.txt in src/main/resources/org/rdpmux/vnc from the keyboard layouts of xkb-data.

Needs libxkbcommon.so.0 and xkb-data: apt-get install libxkbcommon0 xkb-data. Run it in this folder.
"""
import ctypes
import subprocess

# Name here, layout and variant of xkb-data, names of QEMU's keymap files, Windows keyboard layouts. QEMU makes its files from
# the same data; with "de" and "fr" it leaves the dead keys out, so that these come twice.
LAYOUTS = [
    ("us", "us", "", "en-us", "00000409 00000412 00000404 00000804 00004009 00001409"),
    ("us-intl", "us", "intl", "", "00020409"),
    ("us-dvorak", "us", "dvorak", "", "00010409"),
    ("gb", "gb", "", "en-gb", "00000809 00001809 00000452"),
    ("de", "de", "", "", "00000407 00010407"),
    ("de-nodeadkeys", "de", "nodeadkeys", "de", ""),
    ("ch", "ch", "", "de-ch", "00000807"),
    ("ch-fr", "ch", "fr", "fr-ch", "0000100c"),
    ("fr", "fr", "", "", "0000040c"),
    ("fr-nodeadkeys", "fr", "nodeadkeys", "fr", ""),
    ("be", "be", "", "fr-be", "0000080c 00000813 0001080c"),
    ("ca-fr", "ca", "fr", "fr-ca", "00001009"),
    ("ca-fr-legacy", "ca", "fr-legacy", "", "00000c0c"),
    ("ca-multix", "ca", "multix", "", "00011009"),
    ("es", "es", "", "es", "0000040a 0001040a"),
    ("latam", "latam", "", "", "0000080a"),
    ("it", "it", "", "it", "00000410 00010410"),
    ("pt", "pt", "", "pt", "00000816"),
    ("br", "br", "", "pt-br", "00000416 00010416"),
    ("nl", "nl", "", "nl", "00000413"),
    ("dk", "dk", "", "da", "00000406"),
    ("no", "no", "", "no", "00000414"),
    ("se", "se", "", "sv", "0000041d"),
    ("fi", "fi", "", "fi", "0000040b 0001083b"),
    ("is", "is", "", "is", "0000040f"),
    ("fo", "fo", "", "fo", "00000438"),
    ("ee", "ee", "", "et", "00000425"),
    ("lv", "lv", "", "lv", "00000426 00010426"),
    ("lt", "lt", "", "lt", "00000427 00010427"),
    ("pl", "pl", "", "pl", "00000415"),
    ("pl-qwertz", "pl", "qwertz", "", "00010415"),
    ("cz", "cz", "", "cz", "00000405"),
    ("cz-qwerty", "cz", "qwerty", "", "00010405"),
    ("sk", "sk", "", "", "0000041b"),
    ("sk-qwerty", "sk", "qwerty", "", "0001041b"),
    ("hu", "hu", "", "hu", "0000040e"),
    ("hr", "hr", "", "hr", "0000041a"),
    ("si", "si", "", "", "00000424"),
    ("ro", "ro", "", "", "00000418 00010418"),
    ("tr", "tr", "", "tr", "0000041f"),
    ("tr-f", "tr", "f", "", "0001041f"),
    ("gr", "gr", "", "", "00000408"),
    ("ru", "ru", "", "ru", "00000419"),
    ("ua", "ua", "", "", "00000422 00020422"),
    ("bg", "bg", "", "bg", "00000402 00030402"),
    ("mk", "mk", "", "mk", "0000042f"),
    ("rs", "rs", "", "", "00000c1a"),
    ("il", "il", "", "", "0000040d"),
    ("ara", "ara", "", "ar", "00000401"),
    ("th", "th", "", "th", "0000041e"),
    ("jp", "jp", "", "ja", "00000411"),
]

# Scan codes of the keys whose symbols depend on the layout, and Linux's numbers for those whose number is another one.
EVDEV = {0x70: 93, 0x73: 89, 0x79: 92, 0x7B: 94, 0x7D: 124, 0x7E: 121, 0xB8: 100}
KEYS = [*range(0x02, 0x0E), *range(0x10, 0x1C), *range(0x1E, 0x2A), *range(0x2B, 0x36), 0x39, 0x3A, 0x53, 0x56, *sorted(EVDEV)]

SHIFT, NUM_LOCK, LEVEL3 = 1 << 0, 1 << 4, 1 << 7  # the real modifiers Shift, Mod2 and Mod5 of xkb-data

xkb = ctypes.CDLL("libxkbcommon.so.0")
for function in ("xkb_context_new", "xkb_keymap_new_from_names", "xkb_state_new"):
    getattr(xkb, function).restype = ctypes.c_void_p
POINTER, UINT = ctypes.c_void_p, ctypes.c_uint32
xkb.xkb_keymap_new_from_names.argtypes = [POINTER, POINTER, ctypes.c_int]
xkb.xkb_state_new.argtypes = [POINTER]
xkb.xkb_state_update_mask.argtypes = [POINTER] + [UINT] * 6
xkb.xkb_state_key_get_one_sym.argtypes = [POINTER, UINT]
xkb.xkb_state_key_get_one_sym.restype = UINT
xkb.xkb_state_unref.argtypes = [POINTER]
xkb.xkb_keymap_unref.argtypes = [POINTER]
xkb.xkb_utf32_to_keysym.restype = UINT


class Names(ctypes.Structure):
    _fields_ = [(field, ctypes.c_char_p) for field in ("rules", "model", "layout", "variant", "options")]


def keysyms(context, layout, variant):
    """Scan code -> keysyms: plain, with Shift, with AltGr, with both."""
    model = "jp106" if layout == "jp" else "pc105"
    names = Names(b"evdev", model.encode(), layout.encode(), variant.encode(), b"")
    keymap = xkb.xkb_keymap_new_from_names(context, ctypes.byref(names), 0)
    if not keymap:
        raise SystemExit("no layout " + layout + " " + variant)
    state = xkb.xkb_state_new(keymap)
    table = {}
    for key in KEYS:
        levels = []
        for modifiers in (0, SHIFT, LEVEL3, SHIFT | LEVEL3):
            if key == 0x53:  # the keypad's separator: what Num Lock makes of it
                modifiers |= NUM_LOCK
            xkb.xkb_state_update_mask(state, modifiers, 0, 0, 0, 0, 0)
            levels.append(xkb.xkb_state_key_get_one_sym(state, EVDEV.get(key, key) + 8))
        if key in (0x3A, 0x53, 0xB8):
            levels = levels[:1]
        while levels and levels[-1] == (levels[-3] if len(levels) > 2 else 0):
            levels.pop()  # AltGr without a symbol of its own: the one without it counts
        table[key] = levels
    xkb.xkb_state_unref(state)
    xkb.xkb_keymap_unref(keymap)
    return table


def head():
    version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "xkb-data"], capture_output=True, check=True, text=True)
    yield "# Written by layouts/generate.py from Debian's xkb-data " + version.stdout + " with libxkbcommon, which are under the MIT"
    yield "# and X11 licences: see /usr/share/doc/xkb-data/copyright and /usr/share/doc/libxkbcommon0/copyright."
    yield "#"


def layouts():
    yield from head()
    yield "# X11 keysyms of the keys that depend on the keyboard layout, all numbers hexadecimal:"
    yield "# layout NAME; qemu NAMES of QEMU's keymaps; windows keyboard layout NUMBERS; then a line a key that differs from us: its"
    yield "# scan code, and its keysyms plain, with Shift, with AltGr, with both. Missing ones are those without AltGr, or none;"
    yield "# a single one is that of all levels."
    context = xkb.xkb_context_new(0)
    us = {}
    for name, layout, variant, qemu, windows in LAYOUTS:
        yield "layout " + name
        if qemu:
            yield "qemu " + qemu
        if windows:
            yield "windows " + windows
        table = keysyms(context, layout, variant)
        us = us or table
        for key, levels in table.items():
            if table is us or levels != us[key]:
                yield " ".join("%02x" % number for number in [key, *levels])


def characters():
    yield from head()
    yield "# KEYSYM CODE-POINT, hexadecimal: the keysyms that X11 had before those that are made of code points."
    for point in range(0x100, 0x10000):
        keysym = xkb.xkb_utf32_to_keysym(UINT(point))
        if 0 < keysym < 0xFE00:
            yield "%x %x" % (keysym, point)


for name, lines in (("layouts", layouts()), ("keysyms", characters())):
    with open("../src/main/resources/org/rdpmux/vnc/" + name + ".txt", "w", encoding="ascii") as out:
        out.writelines(line + "\n" for line in lines)
