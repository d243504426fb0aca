// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service on a machine without a bus. */
class NoBusTest {

    @TempDir
    Path directory;

    @Test
    void endsAtOnceWhereThereIsNoBus() throws Exception {
        LibrdpmuxService service = new LibrdpmuxService(
                ServiceMain.config(directory, "unix:path=" + directory.resolve("bus")), new RecordingListener());
        service.start();
        assertFalse(service.isOnBus());
        assertTimeout(Duration.ofSeconds(5), service::close);
    }

    @Test
    void takesItsNameOnceThereIsABus() throws Exception {
        assumeTrue(PrivateBus.isInstalled(), "no D-Bus daemon here");
        String address = "unix:path=" + directory.resolve("bus");
        try (LibrdpmuxService service =
                new LibrdpmuxService(ServiceMain.config(directory, address), new RecordingListener())) {
            service.start();
            try (PrivateBus bus = new PrivateBus(directory)) {
                Wait.until("the service is on " + bus.address(), service::isOnBus);
            }
        }
    }
}
