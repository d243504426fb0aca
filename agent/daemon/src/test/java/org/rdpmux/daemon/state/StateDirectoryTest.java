// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

    @TempDir
    Path directory;

    @Test
    void replacesFilesAndLeavesNothingBeside() throws IOException {
        StateDirectory state = new StateDirectory(directory.resolve("made/on/demand"));
        assertTrue(state.prepare());
        assertEquals(Optional.empty(), state.read("ports"));
        state.write("ports", "one ü\n");
        state.write("ports", "two\n");
        assertEquals(Optional.of("two\n"), state.read("ports"));
        state.close();
        try (Stream<Path> files = Files.list(state.path())) {
            assertEquals(List.of(state.path().resolve("ports")), files.toList());
        }
        assertEquals(List.of(), state.problems());
    }

    @Test
    void remembersWhatItCouldNotWriteUntilItCan() throws IOException {
        Path obstacle = Files.createFile(directory.resolve("state"));
        StateDirectory state = new StateDirectory(obstacle);
        assertFalse(state.prepare());
        state.write("ports", "old\n");
        state.write("attached", "a\n");
        state.write("ports", "new\n");
        assertTrue(state.problems().toString().contains(obstacle.toString()), state.problems()::toString);
        state.retry();
        assertFalse(state.problems().isEmpty());

        Files.delete(obstacle);
        state.retry();
        assertEquals(List.of(), state.problems());
        assertEquals(Optional.of("new\n"), state.read("ports"));
        assertEquals(Optional.of("a\n"), state.read("attached"));
    }

    @Test
    void aFileThatCannotBeReplacedDoesNotLoseTheOthers() throws IOException {
        StateDirectory state = new StateDirectory(directory);
        Path inTheWay = Files.createDirectory(directory.resolve("ports"));
        Files.createFile(inTheWay.resolve("content"));
        state.write("ports", "p\n");
        state.write("attached", "a\n");
        assertFalse(state.problems().isEmpty());
        Files.delete(inTheWay.resolve("content"));
        Files.delete(inTheWay);
        state.retry();
        assertEquals(Optional.of("p\n"), state.read("ports"));
        assertEquals(Optional.of("a\n"), state.read("attached"));
    }

    @Test
    void nothingIsWrittenWhileAnotherAgentUsesTheDirectory() throws IOException {
        StateDirectory first = new StateDirectory(directory);
        assertTrue(first.prepare());
        StateDirectory second = new StateDirectory(directory);
        assertThrows(DirectoryLock.TakenException.class, second::prepare);
        second.write("ports", "second\n");
        assertEquals(Optional.empty(), first.read("ports"));
        first.close();
        second.retry();
        assertEquals(Optional.of("second\n"), first.read("ports"));
        assertEquals(List.of(), second.problems());
        second.close();
    }

    @Test
    void refusesToReadAFileThatCannotBeOurs() throws IOException {
        Path large = directory.resolve("large");
        Files.write(large, new byte[17 * 1024 * 1024]);
        assertThrows(IOException.class, () -> new StateDirectory(directory).read("large"));
        Files.createDirectory(directory.resolve("dir"));
        assertThrows(IOException.class, () -> new StateDirectory(directory).read("dir"));
    }
}
