// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.qemudbus;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.rdpmux.display.SharedFramebuffer;

/**
 * Memory that QEMU shares by a descriptor. It is read like a file and never mapped: it is not sealed, so that QEMU may truncate
 * it at any time, and a read then comes out short where a mapping would fault. Safe for several threads, of which none may be
 * interrupted while it reads, since that closes the file.
 */
final class SharedMemory implements SharedFramebuffer.Memory, Closeable {

    private final FileChannel channel;
    private volatile boolean closed;

    private SharedMemory(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens what a descriptor leads to, for reading, without waiting for whatever that may be.
     *
     * @param descriptor stays the caller's
     * @param bytes how many there have to be
     * @throws IOException with a sentence that says why it cannot be used
     */
    static SharedMemory open(int descriptor, long bytes) throws IOException {
        Path opened = Path.of("/proc/self/fd", Integer.toString(descriptor));
        if (!UnixSocket.isMemory(descriptor) || !Files.isRegularFile(opened)) {
            throw new IOException("what is shared is not memory");
        }
        FileChannel channel = FileChannel.open(opened, StandardOpenOption.READ);
        if (channel.size() < bytes) {
            channel.close();
            throw new IOException("what is shared is smaller than the screen");
        }
        return new SharedMemory(channel);
    }

    /** For a screen in this memory. @param lost runs when a read comes out short while this is open */
    SharedFramebuffer.Source source(Runnable lost) {
        return new SharedFramebuffer.Source() {
            @Override
            public SharedFramebuffer.Memory memory() {
                return closed ? null : SharedMemory.this;
            }

            @Override
            public void lost() {
                if (!closed) {
                    lost.run();
                }
            }
        };
    }

    @Override
    public boolean readFully(ByteBuffer target, long position) {
        return SharedFramebuffer.Memory.readFully(channel, target, position);
    }

    @Override
    public void close() {
        closed = true;
        try {
            channel.close();
        } catch (IOException ignored) {
            // A descriptor that was open for reading has nothing to lose.
        }
    }
}
