// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.it;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Java program that was started with {@link #OPTIONS} uses, in kilobytes.
 *
 * @param heap objects that are in use: what a collection of garbage has left
 * @param direct buffers outside of the heap
 * @param committed all memory that the virtual machine has of the system, for whatever purpose
 * @param resident what of the process is in memory
 */
record JavaMemory(long heap, long direct, long committed, long resident) {

    static final String OPTIONS = "-XX:NativeMemoryTracking=summary";

    /** Column of a class's name in a histogram. */
    private static final int NAME = 3;

    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB");
    private static final Pattern TOTAL = Pattern.compile("Total: .*committed=(\\d+)KB");

    /** Has garbage collected, and looks. */
    static JavaMemory of(Background program) {
        jcmd(program, "GC.run");
        String summary = jcmd(program, "VM.native_memory", "summary");
        return new JavaMemory(
                number(USED, jcmd(program, "GC.heap_info")),
                number(OTHER, summary),
                number(TOTAL, summary),
                program.residentKilobytes());
    }

    /** How many objects of each class of a package are in use. */
    static Map<String, Integer> instances(Background program, String inPackage) {
        Map<String, Integer> instances = new TreeMap<>();
        for (String line : jcmd(program, "GC.class_histogram").lines().toList()) {
            String[] columns = line.strip().split(" +");
            if (columns.length > NAME && columns[NAME].startsWith(inPackage)) {
                instances.put(columns[NAME], Integer.parseInt(columns[1]));
            }
        }
        return instances;
    }

    private static String jcmd(Background program, String... command) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String pid = Long.toString(program.pid());
        return command.length == 1
                ? Programs.run(jcmd, pid, command[0])
                : Programs.run(jcmd, pid, command[0], command[1]);
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return Long.parseLong(matcher.group(1));
    }
}
