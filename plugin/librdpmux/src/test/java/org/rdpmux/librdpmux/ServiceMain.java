// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The service in a process of its own, for a test to kill. */
final class ServiceMain {

    static final String READY = "ready";

    private ServiceMain() {}

    static LibrdpmuxConfig config(Path directory, String bus) {
        LibrdpmuxConfig usual = LibrdpmuxConfig.of(directory.resolve("run"), directory.resolve("state"));
        return new LibrdpmuxConfig(
                Optional.of(bus),
                usual.runtimeDirectory(),
                usual.stateDirectory(),
                Optional.empty(),
                ProtocolVersion.V5,
                60,
                usual.limits());
    }

    /** Arguments: directory, address of the bus. */
    public static void main(String[] arguments) throws Exception {
        LibrdpmuxService service =
                new LibrdpmuxService(config(Path.of(arguments[0]), arguments[1]), new RecordingListener());
        service.start();
        Wait.until("the service is on the bus", service::isOnBus);
        System.out.println(READY);
        new CountDownLatch(1).await();
    }
}
