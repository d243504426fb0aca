; SPDX-License-Identifier: Apache-2.0
;
; A guest without an operating system, for tests: starts in about a second, shows and reports what it is sent, and sets any
; video mode of QEMU's standard VGA. Idle it does nothing: it waits in HLT, and its text cursor does not blink.
;
; It reports on the first serial port, one line (CR LF) each:
;   READY keys 1           it is up
;   MODE W H BPP           a video mode is set and painted; BPP is 0 in text mode, 4 in VGA's sixteen colours
;   K CODE ['c']           a key went down or up: its scancode (set 1) as hexadecimal digits, prefix and all (1E, 9E, E04B,
;                          E11D45); a key that types a character on a US keyboard adds that, as it goes down
;   L N                    the lock lights are now N: 1 scroll, 2 num, 4 caps
;   M BB XX YY             the three bytes of a packet from the PS/2 mouse
;   OK, ERR                answers a command; MODE comes before it
; and takes commands there, one line (CR or LF) each, numbers in decimal:
;   v W H BPP              video mode through the VBE interface: BPP 8, 15, 16, 24, 32; the card makes W a multiple of 8
;   g                      VGA 640x480 in sixteen colours
;   t                      text, 720x400
;   p                      paint the pattern anew, shifted, so that every pixel changes
;   f X Y W H COLOUR       fill a rectangle (VBE modes but 8 bit); COLOUR is the number 0xRRGGBB in decimal
;   s HZ                   the PC speaker plays a square wave, of 19 Hz or more; 0 ends it
;   a                      start or stop what moves: text that scrolls, or a square that wanders
;   q                      power off
; Keys do the same: F1 t, F2 g, F3 800x600x32, F4 1024x768x32, F5 1000x701x32, F6 800x600x16, F7 640x480x24, F8 a,
; F9 1360x767x32, F10 1920x1080x32. The ACPI power button powers it off.
;
; nasm -f bin -o keys.img keys.asm

        cpu 386
        bits 16
        org 0x7C00

SECTORS equ 12                          ; what follows the boot sector, padded to that

COM1    equ 0x3F8
PM1_STS equ 0x600                       ; where SeaBIOS puts the PIIX4's and ICH9's power management
PM1_EN  equ 0x602
PM1_CNT equ 0x604
POWER_BUTTON equ 1 << 8
POWER_OFF equ 1 << 13                   ; sleep enable, type 0: S5 on QEMU

start:  jmp 0:.here
.here:  cli
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7C00
        sti
        cld
        mov si, packet
        mov ah, 0x42                    ; extended read: this is a disk of any kind but a floppy
        int 0x13
        jnc main
        mov si, no_disk
.say:   lodsb
        test al, al
        jz .stop
        mov ah, 0x0E
        int 0x10
        jmp .say
.stop:  hlt
        jmp .stop

packet: db 16, 0
        dw SECTORS
        dw 0x7E00, 0
        dq 1
no_disk: db 'keys: the disk cannot be read', 0

        times 510 - ($ - $$) db 0
        dw 0xAA55

; ---------------------------------------------------------------------------------------------------------------- start

main:   mov al, 2
        out 0x92, al                    ; A20 open
        mov dx, COM1 + 1
        xor al, al
        out dx, al                      ; no interrupts while we set it up
        mov dx, COM1 + 3
        mov al, 0x80
        out dx, al
        mov dx, COM1
        mov al, 1                       ; 115200 baud
        out dx, al
        inc dx
        xor al, al
        out dx, al
        mov dx, COM1 + 3
        mov al, 3                       ; 8 N 1
        out dx, al
        dec dx
        mov al, 0x07                    ; FIFO on, a byte at a time
        out dx, al
        mov dx, COM1 + 4
        mov al, 0x0B                    ; DTR, RTS, interrupt line
        out dx, al

        mov ax, 0x4F01                  ; where the frame buffer is
        mov cx, 0x4114
        mov di, scratch
        int 0x10
        mov eax, [scratch + 0x28]
        mov [frame], eax
        mov ax, 0x1130                  ; the 8x16 font
        mov bh, 6
        int 0x10
        mov [font], bp
        mov [font + 2], es
        xor ax, ax
        mov es, ax

        cli
        call mouse_on
        mov word [0x09 * 4], on_keyboard
        mov [0x09 * 4 + 2], ax
        mov word [0x74 * 4], on_mouse
        mov [0x74 * 4 + 2], ax
        mov word [0x0C * 4], on_serial
        mov [0x0C * 4 + 2], ax
        in al, 0x21
        and al, 0xFF & ~(1 << 0 | 1 << 1 | 1 << 2 | 1 << 4)
        out 0x21, al
        in al, 0xA1
        and al, 0xFF & ~(1 << 4)
        out 0xA1, al
        mov dx, COM1 + 1
        mov al, 1                       ; interrupt for each byte that comes in
        out dx, al
        mov dx, PM1_EN
        mov ax, POWER_BUTTON
        out dx, ax
        sti

        call set_text
        mov si, banner
        call show_text
        mov si, ready
        call say
        call say_mode

; One thing at a time: what the interrupts left in the queue, the power button, what moves.
next:   cli
        mov bx, [tail]
        cmp bx, [head]
        jne .work
        mov eax, [0x46C]                ; the BIOS counts 18.2 ticks a second there
        cmp eax, [ticks]
        jne .tick
        sti
        hlt                             ; STI holds interrupts off for one instruction: none is missed
        jmp next
.tick:  mov [ticks], eax
        sti
        mov dx, PM1_STS
        in ax, dx
        test ax, POWER_BUTTON
        jnz power_off
        cmp byte [moving], 0
        je next
        call move
        jmp next
.work:  mov ax, [queue + bx]
        add bx, 2
        and bx, QUEUE - 1
        mov [tail], bx
        sti
        cmp ah, 1
        jb .key
        je .mouse
        call serial_byte
        jmp next
.key:   call key_byte
        jmp next
.mouse: call mouse_byte
        jmp next

power_off:
        mov dx, PM1_CNT
        mov ax, POWER_OFF
        out dx, ax
        cli
        hlt
        jmp power_off

; ----------------------------------------------------------------------------------------------------------- interrupts

on_keyboard:
        push ax
        in al, 0x64
        test al, 1
        jz .done                        ; an interrupt left over from a reply that was waited for
        in al, 0x60
        xor ah, ah
        call enqueue
.done:  mov al, 0x20
        out 0x20, al
        pop ax
        iret

on_mouse:
        push ax
        in al, 0x64
        test al, 1
        jz .done
        in al, 0x60
        mov ah, 1
        call enqueue
.done:  mov al, 0x20
        out 0xA0, al
        out 0x20, al
        pop ax
        iret

on_serial:
        push ax
        push dx
.more:  mov dx, COM1 + 5
        in al, dx
        test al, 1
        jz .done
        mov dx, COM1
        in al, dx
        mov ah, 2
        call enqueue
        jmp .more
.done:  mov al, 0x20
        out 0x20, al
        pop dx
        pop ax
        iret

; AX to the queue; a queue that is full drops it. 2048 bytes wait there while a mode is painted.
enqueue:
        push bx
        push cx
        mov bx, [cs:head]
        mov cx, bx
        add cx, 2
        and cx, QUEUE - 1
        cmp cx, [cs:tail]
        je .full
        mov [cs:queue + bx], ax
        mov [cs:head], cx
.full:  pop cx
        pop bx
        ret

; ------------------------------------------------------------------------------------------------------------- keyboard

key_byte:
        cmp byte [lights_step], 0
        je .code
        cmp al, 0xFA                    ; the keyboard acknowledges a command
        je lights_acknowledged
.code:  movzx bx, byte [code_length]
        mov [code + bx], al
        inc bx
        mov [code_length], bl
        mov cl, 1
        cmp byte [code], 0xE0
        jb .known
        mov cl, 2
        je .known
        cmp byte [code], 0xE1
        mov cl, 3
        je .known
        mov cl, 1
.known: cmp bl, cl
        jb .part
        mov byte [code_length], 0
        mov al, 'K'
        call put
        mov al, ' '
        call put
        xor si, si
.hex:   mov al, [code + si]
        call put_hex
        inc si
        dec bl
        jnz .hex
        cmp cl, 1
        jne .end
        call single
        ret
.end:   call put_end
.part:  ret

; A key with a plain code; ends the line.
single: mov al, [code]
        mov ah, al
        and al, 0x7F
        cmp al, 0x2A
        je .shift
        cmp al, 0x36
        je .shift
        test ah, 0x80
        jnz put_end
        call character
        test al, al
        jz .plain
        push ax
        mov al, ' '
        call put
        mov al, 0x27
        call put
        pop ax
        push ax
        call put
        mov al, 0x27
        call put
        call put_end
        pop ax
        jmp show
.plain: call put_end
        mov al, [code]
        cmp al, 0x1C
        je .enter
        cmp al, 0x3A
        mov bl, 4
        je lights_toggle
        cmp al, 0x45
        mov bl, 2
        je lights_toggle
        cmp al, 0x46
        mov bl, 1
        je lights_toggle
        sub al, 0x3B
        cmp al, 9
        ja .done
        movzx bx, al
        add bx, bx
        jmp [function_keys + bx]
.done:  ret
.enter: mov al, 13
        call show
        mov al, 10
        jmp show
.shift: mov bl, 1                       ; left is bit 0, right bit 1
        cmp al, 0x2A
        je .side
        mov bl, 2
.side:  or [shifts], bl
        test ah, 0x80
        jz put_end
        xor [shifts], bl
        jmp put_end

; AL, a code, becomes the character it types, or 0.
character:
        cmp al, 0x39
        ja .none
        movzx bx, al
        mov al, [plain + bx]
        cmp byte [shifts], 0
        je .caps
        mov al, [shifted + bx]
.caps:  test byte [lights], 4
        jz .done
        mov ah, al
        or ah, 0x20
        cmp ah, 'a'
        jb .done
        cmp ah, 'z'
        ja .done
        xor al, 0x20
.done:  ret
.none:  xor al, al
        ret

lights_toggle:
        xor [lights], bl
        mov al, 'L'
        call put
        mov al, ' '
        call put
        mov al, [lights]
        add al, '0'
        call put
        call put_end
        cmp byte [lights_step], 0
        jne .busy
        mov byte [lights_step], 1
        mov al, 0xED
        jmp to_keyboard
.busy:  mov byte [lights_again], 1
        ret

lights_acknowledged:
        cmp byte [lights_step], 1
        jne .set
        mov byte [lights_step], 2
        mov al, [lights]
        jmp to_keyboard
.set:   mov byte [lights_step], 0
        cmp byte [lights_again], 0
        je .done
        mov byte [lights_again], 0
        mov byte [lights_step], 1
        mov al, 0xED
        jmp to_keyboard
.done:  ret

to_keyboard:
        call can_write
        out 0x60, al
        ret

can_write:
        push ax
.wait:  in al, 0x64
        test al, 2
        jnz .wait
        pop ax
        ret

f_text: call set_text
        jmp say_mode
f_vga:  call set_vga
        jmp say_mode
f3:     mov eax, 800
        mov ebx, 600
        mov ecx, 32
        jmp set_vbe_say
f4:     mov eax, 1024
        mov ebx, 768
        mov ecx, 32
        jmp set_vbe_say
f5:     mov eax, 1000
        mov ebx, 701
        mov ecx, 32
        jmp set_vbe_say
f6:     mov eax, 800
        mov ebx, 600
        mov ecx, 16
        jmp set_vbe_say
f7:     mov eax, 640
        mov ebx, 480
        mov ecx, 24
        jmp set_vbe_say
f8:     xor byte [moving], 1
        ret
f9:     mov eax, 1360
        mov ebx, 767
        mov ecx, 32
        jmp set_vbe_say
f10:    mov eax, 1920
        mov ebx, 1080
        mov ecx, 32
set_vbe_say:
        call set_vbe
        jmp say_mode

; ---------------------------------------------------------------------------------------------------------------- mouse

mouse_on:
        call can_write
        mov al, 0xA8                    ; enable the second port
        out 0x64, al
        call can_write
        mov al, 0x20                    ; read the controller's command byte
        out 0x64, al
        call read_reply
        or al, 0x03                     ; both interrupts on
        and al, 0xDF                    ; mouse clock on
        mov bl, al
        call can_write
        mov al, 0x60
        out 0x64, al
        call can_write
        mov al, bl
        out 0x60, al
        call can_write
        mov al, 0xD4                    ; to the mouse:
        out 0x64, al
        call can_write
        mov al, 0xF4                    ; send packets
        out 0x60, al
        call read_reply
        xor ax, ax
        ret

read_reply:
        mov cx, 0xFFFF
.wait:  in al, 0x64
        test al, 1
        loopz .wait                     ; a machine without a mouse does not answer
        in al, 0x60
        ret

mouse_byte:
        movzx bx, byte [packet_length]
        test bl, bl
        jnz .in
        test al, 8                      ; set in each first byte: finds the beginning again
        jz .done
.in:    mov [mouse_packet + bx], al
        inc bl
        mov [packet_length], bl
        cmp bl, 3
        jb .done
        mov byte [packet_length], 0
        mov al, 'M'
        call put
        xor si, si
.hex:   mov al, ' '
        call put
        mov al, [mouse_packet + si]
        call put_hex
        inc si
        cmp si, 3
        jb .hex
        call put_end
.done:  ret

; --------------------------------------------------------------------------------------------------------------- serial

put:    push dx
        push ax
        mov dx, COM1 + 5
.wait:  in al, dx
        test al, 0x20
        jz .wait
        pop ax
        mov dx, COM1
        out dx, al
        pop dx
        ret

put_hex:
        push ax
        shr al, 4
        call .digit
        pop ax
        and al, 15
.digit: add al, '0'
        cmp al, '9'
        jbe put
        add al, 'A' - '0' - 10
        jmp put

put_end:
        mov al, 13
        call put
        mov al, 10
        jmp put

put_number:                             ; EAX, after a space
        push eax
        mov al, ' '
        call put
        pop eax
        xor cx, cx
        mov ebx, 10
.next:  xor edx, edx
        div ebx
        push dx
        inc cx
        test eax, eax
        jnz .next
.digit: pop ax
        add al, '0'
        call put
        loop .digit
        ret

say:    lodsb                           ; the text at SI, and an end of line
        test al, al
        jz put_end
        call put
        jmp say

say_mode:
        mov si, mode_word
.word:  lodsb
        test al, al
        jz .numbers
        call put
        jmp .word
.numbers:
        mov eax, [width]
        call put_number
        mov eax, [height]
        call put_number
        mov eax, [depth]
        call put_number
        jmp put_end

serial_byte:
        cmp al, 13
        je .line
        cmp al, 10
        je .line
        mov bx, [line_length]
        cmp bx, LINE - 1
        jae .long                       ; the rest of a line that is too long is dropped
        mov [line + bx], al
        inc word [line_length]
.long:  ret
.line:  mov bx, [line_length]
        test bx, bx
        jz .long
        mov byte [line + bx], 0
        mov word [line_length], 0
        mov si, line
        lodsb
        call command
        jc .bad
        mov si, ok
        jmp say
.bad:   mov si, err
        jmp say

; The command AL with its arguments at SI; carry set if it is none.
command:
        cmp al, 'v'
        je .v
        cmp al, 'f'
        je .f
        cmp al, 's'
        je .s
        cmp byte [si], 0
        jne .bad
        cmp al, 't'
        je .t
        cmp al, 'g'
        je .g
        cmp al, 'p'
        je .p
        cmp al, 'a'
        je .a
        cmp al, 'q'
        je power_off
.bad:   stc
        ret
.t:     call f_text
        clc
        ret
.g:     call f_vga
        clc
        ret
.p:     inc dword [shift]
        call paint
        clc
        ret
.a:     call f8
        clc
        ret
.v:     call number
        jc .bad
        push eax
        call number
        mov ebx, eax
        pop eax
        jc .bad
        push eax
        call number
        mov ecx, eax
        pop eax
        jc .bad
        cmp eax, 16
        jb .bad
        cmp eax, 2560
        ja .bad
        cmp ebx, 16
        jb .bad
        cmp ebx, 1600
        ja .bad
        cmp ecx, 8
        je .set
        cmp ecx, 15
        je .set
        cmp ecx, 16
        je .set
        cmp ecx, 24
        je .set
        cmp ecx, 32
        jne .bad
.set:   call set_vbe_say
        clc
        ret
.s:     call number
        jc .bad
        test eax, eax
        jz .tone
        cmp eax, 19                     ; the timer divides by 16 bits
        jb .bad
.tone:  call speaker
        clc
        ret
.f:     mov di, rectangle
        mov cx, 5
.next:  call number
        jc .bad
        mov [di], eax
        add di, 4
        loop .next
        cmp dword [depth], 8
        jbe .bad
        mov eax, [rectangle]
        add eax, [rectangle + 8]
        jc .bad
        cmp eax, [width]
        ja .bad
        mov eax, [rectangle + 4]
        add eax, [rectangle + 12]
        jc .bad
        cmp eax, [height]
        ja .bad
        call fill
        clc
        ret

; Has the PC speaker play EAX Hz; nothing if that is 0.
speaker:
        mov ecx, eax
        in al, 0x61
        and al, 0xFC
        out 0x61, al
        jecxz .end
        mov al, 0xB6                    ; timer 2: both bytes, a square wave
        out 0x43, al
        mov eax, 1193182
        xor edx, edx
        div ecx
        out 0x42, al
        mov al, ah
        out 0x42, al
        in al, 0x61
        or al, 3                        ; gate and speaker
        out 0x61, al
.end:   ret

; The number at SI, after spaces, to EAX; carry set if there is none.
number: xor eax, eax
        cmp byte [si], ' '
        jne .bad
.space: inc si
        cmp byte [si], ' '
        je .space
        cmp byte [si], '0'
        jb .bad
        cmp byte [si], '9'
        ja .bad
.digit: movzx edx, byte [si]
        sub dl, '0'
        cmp dl, 9
        ja .end
        imul eax, eax, 10
        add eax, edx
        inc si
        jmp .digit
.end:   cmp eax, 0xFFFFFF
        ja .bad
        clc
        ret
.bad:   stc
        ret

; ---------------------------------------------------------------------------------------------------------------- video

set_text:
        call vbe_off
        mov ax, 3
        int 0x10
        mov ah, 1
        mov cx, 0x2000                  ; no cursor
        int 0x10
        mov dword [width], 720
        mov dword [height], 400
        mov dword [depth], 0
        ret

set_vga:
        call vbe_off
        mov ax, 0x12
        int 0x10
        mov dword [width], 640
        mov dword [height], 480
        mov dword [depth], 4
        jmp paint

vbe_off:
        mov ax, 4
        xor cx, cx
        jmp vbe

; EAX by EBX at ECX bits.
set_vbe:
        mov [width], eax
        mov [height], ebx
        mov [depth], ecx
        call vbe_off
        mov ax, 1
        mov cx, [width]
        call vbe
        mov ax, 2
        mov cx, [height]
        call vbe
        mov ax, 3
        mov cx, [depth]
        call vbe
        mov ax, 4
        mov cx, 0x41                    ; enabled, linear
        call vbe
        mov ax, 1
        call vbe_read                   ; what we got
        movzx eax, ax
        mov [width], eax
        mov ax, 6                       ; pixels in a line
        call vbe_read
        movzx eax, ax
        mov ecx, [depth]
        add ecx, 7
        shr ecx, 3
        mov [pixel_bytes], ecx
        mul ecx
        mov [stride], eax
        mov dword [column], 0
        mov dword [row], 0
        cmp byte [depth], 8
        jne paint
        mov dx, 0x3C8                   ; 8 bits: a palette of 3 bits red, 3 green, 2 blue
        xor al, al
        out dx, al
        inc dx
        xor bl, bl
.entry: mov al, bl
        shr al, 2
        and al, 0x38
        out dx, al
        mov al, bl
        shl al, 1
        and al, 0x38
        out dx, al
        mov al, bl
        shl al, 4
        and al, 0x30
        out dx, al
        inc bl
        jnz .entry
        jmp paint

vbe:    mov dx, 0x1CE                   ; register AX becomes CX
        out dx, ax
        inc dx
        mov ax, cx
        out dx, ax
        ret

vbe_read:
        mov dx, 0x1CE
        out dx, ax
        inc dx
        in ax, dx
        ret

; FS reaches all of memory. Interrupts are off until the caller allows them: the BIOS may put the limit back.
reach:  cli
        lgdt [gdt_pointer]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp .flush
.flush: mov bx, 8
        mov fs, bx
        and al, 0xFE
        mov cr0, eax
        jmp .real
.real:  xor bx, bx
        mov fs, bx
        ret

; The pattern: red grows to the right, green downwards, blue is their exclusive or; all shifted by [shift].
paint:  cmp dword [depth], 4
        jb .text
        je paint_vga
        call reach
        mov edi, [frame]
        xor ebp, ebp                    ; y
.line:  push edi
        xor esi, esi                    ; x
.pixel: mov ecx, esi
        add ecx, [shift]
        mov ebx, ebp
        add ebx, [shift]
        movzx eax, cl
        shl eax, 8
        mov al, bl
        shl eax, 8
        mov al, cl
        xor al, bl
        call pixel
        inc esi
        cmp esi, [width]
        jb .pixel
        pop edi
        add edi, [stride]
        inc ebp
        cmp ebp, [height]
        jb .line
        jmp seen
.text:  mov cx, 80 * 25                 ; text: every cell another character and attribute
        mov ax, 0xB800
        mov es, ax
        xor di, di
        mov bx, [shift]
.cell:  mov al, bl
        mov ah, bh
        add ah, bl
        and ah, 0x7F                    ; no blinking
        stosw
        inc bx
        loop .cell
        xor ax, ax
        mov es, ax
        ret

paint_vga:
        mov ax, 0xA000
        mov es, ax
        mov cl, 0                       ; plane
.plane: mov dx, 0x3C4
        mov al, 2
        mov ah, 1
        shl ah, cl
        out dx, ax
        xor di, di
        xor bp, bp                      ; y
.line:  xor si, si                      ; x in units of 8
.byte:  mov ax, bp
        shr ax, 4
        add ax, si
        add ax, [shift]
        shr al, cl
        and al, 1
        neg al
        stosb
        inc si
        cmp si, 80
        jb .byte
        inc bp
        cmp bp, 480
        jb .line
        inc cl
        cmp cl, 4
        jb .plane
        mov dx, 0x3C4
        mov ax, 0x0F02
        out dx, ax
        xor ax, ax
        mov es, ax
        ret

; Writes the colour EAX (RRGGBB) at FS:EDI in the depth there is, and moves on by a pixel. Changes EAX, ECX.
pixel:  mov ecx, [depth]
        cmp cl, 32
        je .d32
        cmp cl, 24
        je .d24
        cmp cl, 8
        je .d8
        mov edx, eax
        shr edx, 3
        and edx, 0x1F                   ; blue
        cmp cl, 15
        je .d15
        mov ecx, eax
        shr ecx, 5
        and ecx, 0x7E0
        or edx, ecx
        shr eax, 8
        and eax, 0xF800
        jmp .d16
.d15:   mov ecx, eax
        shr ecx, 6
        and ecx, 0x3E0
        or edx, ecx
        shr eax, 9
        and eax, 0x7C00
.d16:   or eax, edx
        mov [fs:edi], ax
        add edi, 2
        ret
.d32:   mov [fs:edi], eax
        add edi, 4
        ret
.d24:   mov [fs:edi], ax
        shr eax, 16
        mov [fs:edi + 2], al
        add edi, 3
        ret
.d8:    mov edx, eax
        shr edx, 6
        and edx, 0x03
        mov ecx, eax
        shr ecx, 11
        and ecx, 0x1C
        or edx, ecx
        shr eax, 16
        and eax, 0xE0
        or eax, edx
        mov [fs:edi], al
        inc edi
        ret

; Where the pixel at ESI, EBP is: EDI.
locate: mov eax, ebp
        mul dword [stride]
        mov edi, eax
        mov eax, esi
        mul dword [pixel_bytes]
        add edi, eax
        add edi, [frame]
        ret

; Fills [rectangle]: x, y, width, height, colour.
fill:   call reach
        mov ebp, [rectangle + 4]
        mov ebx, [rectangle + 12]
        test ebx, ebx
        jz .done
.line:  mov esi, [rectangle]
        call locate
        mov esi, [rectangle + 8]
        test esi, esi
        jz .done
.pixel: mov eax, [rectangle + 16]
        call pixel
        dec esi
        jnz .pixel
        inc ebp
        dec ebx
        jnz .line
.done:  jmp seen

; Writes to each page of the frame buffer once more, what stands there. Where QEMU 7.2 emulates the processor on a busy machine,
; its display now and then learns of a page's first write alone: clients of its VNC server then miss the rest of a row of 1024
; pixels until something is painted there again. Going to protected mode and back makes it forget which pages it watches.
seen:   call reach
        mov eax, [stride]
        mul dword [height]
        mov edi, [frame]
        lea ecx, [eax + edi]
.page:  mov al, [fs:edi]
        mov [fs:edi], al
        add edi, 4096
        cmp edi, ecx
        jb .page
        sti
        ret

show_text:
        lodsb
        test al, al
        jz .done
        push si
        call show
        pop si
        jmp show_text
.done:  ret

; Shows the character AL where the last one ended.
show:   cmp dword [depth], 4
        ja .draw
        mov ah, 0x0E
        mov bx, 0x000F
        int 0x10
        ret
.draw:  cmp al, 10
        je .ret
        cmp al, 13
        je .newline
        push ax
        call reach
        pop ax
        movzx bx, al
        shl bx, 4
        les dx, [font]
        add bx, dx
        mov ebp, [row]
        mov word [scratch], 16
.line:  push bx
        mov esi, [column]
        call locate
        pop bx
        mov ch, [es:bx]
        mov [scratch + 2], ch
        mov byte [scratch + 3], 8
.dot:   xor eax, eax
        shl byte [scratch + 2], 1
        jnc .dark
        mov eax, 0xFFFFFF
.dark:  call pixel
        dec byte [scratch + 3]
        jnz .dot
        inc bx
        inc ebp
        dec word [scratch]
        jnz .line
        xor ax, ax
        mov es, ax
        sti
        mov eax, [column]
        add eax, 16
        cmp eax, [width]
        ja .newline
        sub eax, 8
        mov [column], eax
.ret:   ret
.newline:
        mov dword [column], 0
        mov eax, [row]
        add eax, 32
        cmp eax, [height]
        jbe .fits
        mov eax, 16
.fits:  sub eax, 16
        mov [row], eax
        ret

; A tick of what moves.
move:   cmp dword [depth], 4
        jbe .text
        cmp dword [depth], 8
        je .done
        mov eax, [ticks]
        imul eax, eax, 11
        mov ebx, [width]
        sub ebx, 64
        jbe .done
        xor edx, edx
        div ebx
        mov [rectangle], edx
        mov eax, [ticks]
        imul eax, eax, 7
        mov ebx, [height]
        sub ebx, 64
        jbe .done
        xor edx, edx
        div ebx
        mov [rectangle + 4], edx
        mov dword [rectangle + 8], 64
        mov dword [rectangle + 12], 64
        mov eax, [ticks]
        imul eax, eax, 0x030511
        and eax, 0xFFFFFF
        mov [rectangle + 16], eax
        jmp fill
.text:  mov si, moving_text
        call show_text
        mov al, [ticks]
        and al, 63
        add al, ' '
        call show
        mov al, 13
        call show
        mov al, 10
        jmp show
.done:  ret

; ----------------------------------------------------------------------------------------------------------------- data

        align 8
gdt:    dq 0
        dw 0xFFFF, 0x0000, 0x9200, 0x00CF ; data, 4 GiB
gdt_pointer:
        dw 15
        dd gdt

function_keys:
        dw f_text, f_vga, f3, f4, f5, f6, f7, f8, f9, f10

plain:  db 0, 0, '1234567890-=', 0, 0, 'qwertyuiop[]', 0, 0, 'asdfghjkl;', 0x27, '`', 0, '\zxcvbnm,./', 0, 0, 0, ' '
shifted: db 0, 0, '!@#$%^&*()_+', 0, 0, 'QWERTYUIOP{}', 0, 0, 'ASDFGHJKL:"~', 0, '|ZXCVBNM<>?', 0, 0, 0, ' '

banner: db 'rdpmux test guest. Keys are shown here and reported on the serial port.', 13, 10
        db 'F1 text  F2 VGA  F3 800x600  F4 1024x768  F5 1000x701  F6 16 bit  F7 24 bit', 13, 10
        db 'F8 move  F9 1360x767  F10 1920x1080', 13, 10, 13, 10, 0
ready:  db 'READY keys 1', 0
mode_word: db 'MODE', 0
ok:     db 'OK', 0
err:    db 'ERR', 0
moving_text: db 'The quick brown fox jumps over the lazy dog, again and again: ', 0

width:  dd 0
height: dd 0
depth:  dd 0
stride: dd 0
pixel_bytes: dd 0
frame:  dd 0
shift:  dd 0
column: dd 0
row:    dd 0
ticks:  dd 0
font:   dd 0
rectangle: times 5 dd 0
head:   dw 0
tail:   dw 0
line_length: dw 0
code:   db 0, 0, 0
code_length: db 0
mouse_packet: db 0, 0, 0
packet_length: db 0
shifts: db 0
lights: db 0
lights_step: db 0
lights_again: db 0
moving: db 0

        times (SECTORS + 1) * 512 - ($ - $$) db 0
        times 1024 * 1024 - ($ - $$) db 0 ; the BIOS does not read disks of less than a cylinder

        absolute 0xB000
LINE    equ 64
QUEUE   equ 4096                        ; a power of two
line:   resb LINE
scratch: resb 256
queue:  resb QUEUE
