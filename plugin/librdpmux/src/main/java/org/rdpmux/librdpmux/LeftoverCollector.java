// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.librdpmux;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes shared memory that dead guests left behind: the library never unlinks it, and the pages stay until somebody does.
 *
 * <p>A file goes only if all of this holds:
 *
 * <ul>
 *   <li>it is named and made as the library does: {@code <number>.rdpmux}, a regular file of exactly 32 MiB;
 *   <li>no registered guest has that number;
 *   <li>it has been there for a minute, so that it is not one that is being made;
 *   <li>no process maps it, by the inodes in {@code /proc/PID/maps};
 *   <li>each process of the file's owner could be asked. (One that cannot be, for want of {@code CAP_SYS_PTRACE}, might
 *       map it.)
 * </ul>
 *
 * <p>Blocks for as long as it takes to read all processes' maps, if there is a candidate.
 */
final class LeftoverCollector {

    private static final Logger LOG = LoggerFactory.getLogger(LeftoverCollector.class);

    private static final Pattern NAME = Pattern.compile("([0-9]{1,10})\\.rdpmux");
    private static final int INODE_FIELD = 4;

    /** Far more than any host has guests; what is beyond waits for the next time. */
    private static final int MAX_CANDIDATES = 4096;

    private final Path directory;
    private final ProcessTable processes;
    private final Duration minimumAge;

    LeftoverCollector(Path directory, ProcessTable processes, Duration minimumAge) {
        this.directory = directory;
        this.processes = processes;
        this.minimumAge = minimumAge;
    }

    private record Candidate(Path file, long inode, long uid) {}

    /**
     * Deletes what may go.
     *
     * @param registered whether a guest with this number is registered; asked from this thread
     * @param now to reckon ages by
     * @return the files deleted
     */
    List<Path> collect(IntPredicate registered, Instant now) throws IOException {
        List<Candidate> candidates = candidates(registered, now);
        if (candidates.isEmpty()) {
            return List.of();
        }
        Set<Long> mapped = new HashSet<>();
        Set<Long> unaskedOwners = new HashSet<>();
        for (int pid : processes.pids()) {
            try {
                processes.maps(pid, lines -> {
                    lines.forEach(line -> inode(line, mapped));
                    return null;
                });
            } catch (IOException e) {
                processes.identify(pid).ifPresent(alive -> unaskedOwners.add(alive.uid()));
            }
        }
        List<Path> deleted = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (mapped.contains(candidate.inode()) || unaskedOwners.contains(candidate.uid())) {
                continue;
            }
            int id = number(candidate.file());
            if (!registered.test(id) && delete(candidate)) {
                deleted.add(candidate.file());
            }
        }
        return deleted;
    }

    private List<Candidate> candidates(IntPredicate registered, Instant now) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.rdpmux")) {
            for (Path file : files) {
                int id = number(file);
                if (id >= 0 && !registered.test(id) && candidates.size() < MAX_CANDIDATES) {
                    look(file, now, candidates);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return candidates;
    }

    private void look(Path file, Instant now, List<Candidate> candidates) {
        try {
            Map<String, Object> attributes =
                    Files.readAttributes(file, "unix:isRegularFile,size,ino,uid,ctime", LinkOption.NOFOLLOW_LINKS);
            Instant changed = ((java.nio.file.attribute.FileTime) attributes.get("ctime")).toInstant();
            if (Boolean.TRUE.equals(attributes.get("isRegularFile"))
                    && (Long) attributes.get("size") == ScreenMode.SHARED_BYTES
                    && !changed.plus(minimumAge).isAfter(now)) {
                long uid = ((Number) attributes.get("uid")).longValue();
                candidates.add(new Candidate(file, ((Number) attributes.get("ino")).longValue(), uid));
            }
        } catch (IOException e) {
            LOG.debug("{} went away", file, e);
        }
    }

    /** The number in the file's name as the library writes it; -1 if it is none. */
    private static int number(Path file) {
        String name = file.getFileName().toString();
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return -1;
        }
        long number = Long.parseLong(matcher.group(1));
        return number <= Integer.MAX_VALUE && name.equals(SharedMemory.fileName((int) number)) ? (int) number : -1;
    }

    /** The inode in a line {@code address perms offset device inode path}, if there is one. */
    private static void inode(String line, Set<Long> into) {
        String[] fields = line.split(" +", INODE_FIELD + 2);
        if (fields.length > INODE_FIELD) {
            try {
                long inode = Long.parseLong(fields[INODE_FIELD]);
                if (inode != 0) {
                    into.add(inode);
                }
            } catch (NumberFormatException e) {
                LOG.debug("A map line without an inode: {}", line, e);
            }
        }
    }

    private static boolean delete(Candidate candidate) {
        try {
            return Files.deleteIfExists(candidate.file());
        } catch (IOException e) {
            LOG.debug("{} of a guest that is gone cannot be deleted", candidate.file(), e);
            return false;
        }
    }
}
