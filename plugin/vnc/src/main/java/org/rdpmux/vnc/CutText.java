// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.vnc;

import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.rdpmux.display.ClipboardEvent;

/**
 * The guest's clipboard over RFB: the extended one, where text is announced and then asked for, with servers that have it;
 * otherwise plain cut text (RFC 6143 sections 7.5.6 and 7.6.4), which servers send as soon as something is copied. That text is
 * kept until it is asked for, and this end asks for what the viewers copy as soon as they do. Plain text is in Latin-1: other
 * characters become question marks.
 */
final class CutText {

    /** Bytes of a Provide message beyond its text, which may not be compressible at all. */
    private static final int MAX_OVERHEAD = 4096;

    private final int maxBytes;
    private final boolean isQemu;
    private final Supplier<ByteBuf> replies;
    private final Consumer<ClipboardEvent> listener;
    private boolean extended;
    /** What a plain server copied last; null if nothing, or too much. */
    private byte[] kept;
    /** The server was asked for text. */
    private boolean requested;
    /** The viewers have text, as far as this end was told. */
    private boolean offered;

    /**
     * @param maxBytes of a text at most; 0 if the clipboard is not wanted
     * @param isQemu whether the server hands on what it gets as it is, to guests that expect no NUL
     * @param replies gives the buffer for what is sent while something is read
     */
    CutText(int maxBytes, boolean isQemu, Supplier<ByteBuf> replies, Consumer<ClipboardEvent> listener) {
        this.maxBytes = maxBytes;
        this.isQemu = isQemu;
        this.replies = replies;
        this.listener = listener;
    }

    /**
     * Reads the body of a ServerCutText message.
     *
     * @param length of RFC 6143; negative for the extended clipboard's messages
     */
    RectangleReader reader(int length) {
        int size = Math.abs(length);
        if (maxBytes == 0 || length == 0) {
            return RectangleReader.skip(size);
        }
        if (length < 0) {
            return size < 4 || size > maxBytes + MAX_OVERHEAD
                    ? then(RectangleReader.skip(size), this::missed)
                    : new Whole(size, message -> extended(message, replies.get()));
        }
        return size > maxBytes ? then(RectangleReader.skip(size), () -> plain(null)) : new Whole(size, this::plain);
    }

    private static RectangleReader then(RectangleReader reader, Runnable end) {
        return in -> {
            boolean done = reader.read(in);
            if (done) {
                end.run();
            }
            return done;
        };
    }

    /** Keeps a message until it is whole; memory grows with what has come. */
    private static final class Whole implements RectangleReader {
        private final int size;
        private final Consumer<byte[]> message;
        private byte[] bytes;
        private int length;

        Whole(int size, Consumer<byte[]> message) {
            this.size = size;
            this.message = message;
            this.bytes = new byte[Math.min(size, 4096)];
        }

        @Override
        public boolean read(ByteBuf in) {
            int n = Math.min(size - length, in.readableBytes());
            if (length + n > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(size, Math.max(length + n, 2 * bytes.length)));
            }
            in.readBytes(bytes, length, n);
            length += n;
            if (length < size) {
                return false;
            }
            message.accept(bytes);
            return true;
        }
    }

    private void plain(byte[] text) {
        kept = text;
        offered = false;
        listener.accept(new ClipboardEvent.Offer(text != null));
    }

    private void extended(byte[] message, ByteBuf out) {
        int flags =
                (message[0] & 0xff) << 24 | (message[1] & 0xff) << 16 | (message[2] & 0xff) << 8 | message[3] & 0xff;
        boolean text = (flags & ExtendedClipboard.TEXT) != 0;
        if ((flags & ExtendedClipboard.CAPS) != 0) {
            extended = true;
            ExtendedClipboard.writeCaps(out);
            if (offered) {
                notifyServer(out);
            }
        } else if ((flags & ExtendedClipboard.NOTIFY) != 0) {
            missed();
            offered &= !text;
            listener.accept(new ClipboardEvent.Offer(text));
        } else if ((flags & ExtendedClipboard.REQUEST) != 0 && text) {
            listener.accept(new ClipboardEvent.Request());
        } else if ((flags & ExtendedClipboard.PEEK) != 0) {
            notifyServer(out);
        } else if ((flags & ExtendedClipboard.PROVIDE) != 0 && text && requested) {
            requested = false;
            byte[] provided = ExtendedClipboard.readProvide(message, 4, maxBytes);
            tell(provided, StandardCharsets.UTF_8);
        }
    }

    /** What was asked for does not come. */
    private void missed() {
        if (requested) {
            requested = false;
            listener.accept(ClipboardEvent.EMPTY);
        }
    }

    private void tell(byte[] bytes, Charset charset) {
        String text = bytes == null ? "" : new String(bytes, charset);
        int nul = text.indexOf('\0');
        listener.accept(new ClipboardEvent.Text((nul < 0 ? text : text.substring(0, nul)).replace("\r\n", "\n")));
    }

    private void notifyServer(ByteBuf out) {
        ExtendedClipboard.writeFlags(ExtendedClipboard.NOTIFY | (offered ? ExtendedClipboard.TEXT : 0), out);
    }

    /** What the viewers' end says. */
    void send(ClipboardEvent event, ByteBuf out) {
        if (event instanceof ClipboardEvent.Offer offer) {
            offered = offer.text();
            if (extended) {
                notifyServer(out);
            } else if (offered) {
                listener.accept(new ClipboardEvent.Request());
            }
        } else if (event instanceof ClipboardEvent.Request) {
            if (!extended) {
                tell(kept, StandardCharsets.ISO_8859_1);
            } else if (!requested) {
                requested = true;
                ExtendedClipboard.writeFlags(ExtendedClipboard.REQUEST | ExtendedClipboard.TEXT, out);
            }
        } else if (event instanceof ClipboardEvent.Text text) {
            provide(text.text(), out);
        }
    }

    /** A server that waits in vain is told so; one that does not wait keeps what it has. */
    private void provide(String text, ByteBuf out) {
        if (!extended) {
            byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
            if (latin.length > 0 && latin.length <= maxBytes) {
                ClientMessages.clientCutText(latin, out);
            }
            return;
        }
        String form = isQemu ? text : text.replace("\n", "\r\n") + '\0';
        byte[] utf8 = form.getBytes(StandardCharsets.UTF_8);
        ExtendedClipboard.writeProvide(utf8.length <= maxBytes ? utf8 : new byte[isQemu ? 0 : 1], out);
    }
}
