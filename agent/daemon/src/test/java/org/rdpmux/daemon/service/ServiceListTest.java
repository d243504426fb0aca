// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rdpmux.daemon.config.AgentConfig;
import org.rdpmux.daemon.config.ConfigReader;

class ServiceListTest {

    private final List<String> done = new ArrayList<>();

    private class Recorder implements Service {
        private final String name;

        Recorder(String name) {
            this.name = name;
        }

        @Override
        public void start() throws IOException {
            done.add("start " + name);
        }

        @Override
        public List<String> reload(AgentConfig config) {
            done.add("reload " + name);
            return List.of(name + " was reloaded");
        }

        @Override
        public List<String> problems() {
            return List.of(name + " is slow");
        }

        @Override
        public void close() {
            done.add("close " + name);
        }
    }

    @Test
    void startsInOrderAndClosesTheLastFirstAndOnce() throws IOException {
        ServiceList services = new ServiceList(List.of(new Recorder("a"), new Recorder("b"), new Recorder("c")));
        services.start();
        services.close();
        services.close();
        assertEquals(List.of("start a", "start b", "start c", "close c", "close b", "close a"), done);
    }

    @Test
    void aServiceThatCannotStartClosesThoseBeforeItAlone() {
        ServiceList services = new ServiceList(List.of(
                new Recorder("a"),
                new Recorder("b"),
                new Recorder("c") {
                    @Override
                    public void start() throws IOException {
                        throw new IOException("no room for c");
                    }
                },
                new Recorder("d")));
        assertEquals(
                "no room for c",
                assertThrows(IOException.class, services::start).getMessage());
        assertEquals(List.of("start a", "start b", "close b", "close a"), done);
    }

    @Test
    void aServiceThatFailsToCloseKeepsNoOtherFromEnding() throws IOException {
        ServiceList services = new ServiceList(List.of(new Recorder("a"), Service.endedBy(() -> {
            throw new IllegalStateException("stuck");
        })));
        services.start();
        services.close();
        assertEquals(List.of("start a", "close a"), done);
    }

    @Test
    void reloadsAllInOrderAndSaysWhatEachOfThemSays() throws Exception {
        ServiceList services =
                new ServiceList(List.of(new Recorder("a"), Service.endedBy(() -> {}), new Recorder("b")));
        services.start();
        done.clear();
        AgentConfig config = ConfigReader.read(Optional.empty(), List.of());
        assertEquals(List.of("a was reloaded", "b was reloaded"), services.reload(config));
        assertEquals(List.of("reload a", "reload b"), done);
        assertEquals(List.of("a is slow", "b is slow"), services.problems());
    }
}
