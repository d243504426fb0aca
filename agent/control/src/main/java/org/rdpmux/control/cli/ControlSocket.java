// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import org.rdpmux.control.ControlApi;
import org.rdpmux.control.ControlClient;

/** Connects to the agent, or says what to do. */
final class ControlSocket {

    private ControlSocket() {}

    /** @param socket the agent's; whoever may not use it is connected to that beside it at which nothing can be changed */
    static ControlClient connect(Path socket) throws IOException {
        Path readOnly = socket.resolveSibling(ControlApi.READ_ONLY_SOCKET);
        boolean denied = Files.exists(socket) && !Files.isWritable(socket);
        try {
            return ControlClient.connect(denied && Files.isWritable(readOnly) ? readOnly : socket, ControlApi.DEADLINE);
        } catch (IOException e) {
            if (denied) {
                throw new IOException(
                        "no permission to ask the agent at " + socket + ": do it as root, or as a member of the group '"
                                + group(socket) + "'",
                        e);
            }
            throw new IOException(
                    "no agent answers at " + socket + ": start it with 'systemctl start rdpmux' or 'rdpmux'; if it runs"
                            + " with a control socket elsewhere, name that with --socket (" + e.getMessage() + ")",
                    e);
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw new IOException("'" + socket + "' cannot be a socket: " + e.getMessage(), e);
        }
    }

    private static String group(Path socket) throws IOException {
        return Files.readAttributes(socket, PosixFileAttributes.class).group().getName();
    }
}
