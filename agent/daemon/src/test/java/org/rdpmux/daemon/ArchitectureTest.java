// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the code against ARCHITECTURE.md: who may see whom, the steps of a pixel and a key, and the sizes. */
class ArchitectureTest {

    /** {@code | agent/server | `org.rdpmux.server.*` | what it holds | display pdu codec security |}. */
    private static final Pattern ROW = Pattern.compile(
            "\\| (?:plugin|agent)/([a-z0-9-]+) \\| `org\\.rdpmux\\.([a-z0-9]+)(?:\\.\\*)?` \\| .* \\| ([a-z0-9 ]+) \\|");

    /** {@code | `server.console` | what it holds | screen |}. */
    private static final Pattern LAYER = Pattern.compile("\\| `server\\.([a-z]+)` \\| .* \\| ([a-z ]+) \\|");

    /** {@code | 3 | console | `server.screen.Screen.tick` | what happens |}. */
    private static final Pattern STEP = Pattern.compile("\\| \\d+ \\| [a-z ]+ \\| `([a-zA-Z.]+)\\.([a-zA-Z]+)` \\| .*");

    private static final int MOST_LINES = 400;
    private static final int MOST_FIELDS = 10;

    private static final Map<String, Set<String>> MAY_SEE = new LinkedHashMap<>();
    private static final Map<String, Set<String>> LAYERS = new LinkedHashMap<>();
    private static final Map<String, String> STEPS = new LinkedHashMap<>();

    private static JavaClasses classes;

    @BeforeAll
    static void readTheTableAndTheClasses() throws IOException {
        for (String line : Files.readAllLines(Path.of("../../ARCHITECTURE.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                MAY_SEE.put(row.group(2), names(row.group(3)));
            }
            Matcher layer = LAYER.matcher(line);
            if (layer.matches()) {
                LAYERS.put(layer.group(1), names(layer.group(2)));
            }
            Matcher step = STEP.matcher(line);
            if (step.matches()) {
                STEPS.put(step.group(1) + "." + step.group(2), step.group(1));
            }
        }
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.rdpmux");
    }

    private static Set<String> names(String column) {
        return column.equals("nothing") ? Set.of() : Set.of(column.split(" "));
    }

    private static String module(JavaClass c) {
        String[] parts = c.getPackageName().split("\\.");
        return parts.length > 2 && c.getPackageName().startsWith("org.rdpmux.") ? parts[2] : "";
    }

    @Test
    void theTableNamesEveryModuleThereIs() {
        Set<String> found = new TreeSet<>();
        classes.forEach(c -> found.add(module(c)));
        assertTrue(MAY_SEE.size() >= 10, MAY_SEE::toString);
        Set<String> unknown = new TreeSet<>(found);
        unknown.removeAll(MAY_SEE.keySet());
        assertEquals(Set.of(), unknown);
        assertTrue(found.containsAll(Set.of("display", "server", "daemon", "control", "security")), found::toString);
    }

    @TestFactory
    Iterable<DynamicTest> noModuleSeesWhatItMayNot() {
        return MAY_SEE.entrySet().stream()
                .filter(entry -> !entry.getValue().contains("all"))
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey() + " sees " + entry.getValue(),
                        () -> rule(entry.getKey(), entry.getValue())
                                .allowEmptyShould(true)
                                .check(classes)))
                .toList();
    }

    private static ArchRule rule(String module, Set<String> mayBeSeen) {
        DescribedPredicate<JavaClass> inside =
                DescribedPredicate.describe("are in " + module, c -> module(c).equals(module));
        DescribedPredicate<JavaClass> forbidden = DescribedPredicate.describe(
                "are in another module than " + mayBeSeen,
                c -> !module(c).isEmpty() && !module(c).equals(module) && !mayBeSeen.contains(module(c)));
        return ArchRuleDefinition.noClasses().that(inside).should().dependOnClassesThat(forbidden);
    }

    @Test
    void theDisplayContractNeedsTheJdkAlone() {
        ArchRuleDefinition.classes()
                .that(DescribedPredicate.describe(
                        "are in display", c -> module(c).equals("display")))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.rdpmux.display..", "java..")
                .check(classes);
    }

    @Test
    void modulesWithoutSocketsKnowNoChannels() {
        ArchRuleDefinition.noClasses()
                .that(DescribedPredicate.describe(
                        "do no I/O",
                        c -> Set.of("display", "codec", "security", "libvirt", "control")
                                .contains(module(c))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.channel..")
                .allowEmptyShould(true)
                .check(classes);
    }

    @TestFactory
    Iterable<DynamicTest> noLayerOfTheServerSeesWhatItMayNot() {
        assertTrue(LAYERS.size() >= 6, LAYERS::toString);
        return LAYERS.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        "server." + entry.getKey() + " sees " + entry.getValue(),
                        () -> layerRule(entry.getKey(), entry.getValue())
                                .allowEmptyShould(true)
                                .check(classes)))
                .toList();
    }

    private static ArchRule layerRule(String layer, Set<String> mayBeSeen) {
        String server = "org.rdpmux.server.";
        DescribedPredicate<JavaClass> forbidden = DescribedPredicate.describe(
                "are in another layer of the server than " + mayBeSeen,
                c -> c.getPackageName().startsWith(server)
                        && !c.getPackageName().equals(server + layer)
                        && !mayBeSeen.contains(c.getPackageName().substring(server.length())));
        return ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage(server + layer)
                .should()
                .dependOnClassesThat(forbidden);
    }

    /** A newcomer can follow a pixel and a key: each step names a class and a method that exist. */
    @Test
    void everyStepOfAPixelAndAKeyExists() {
        assertTrue(STEPS.size() >= 20, STEPS::toString);
        Set<String> missing = new TreeSet<>();
        STEPS.forEach((step, name) -> {
            String method = step.substring(name.length() + 1);
            String fullName = "org.rdpmux." + name;
            if (!classes.contain(fullName)
                    || classes.get(fullName).getMethods().stream()
                            .noneMatch(m -> m.getName().equals(method))) {
                missing.add(step);
            }
        });
        assertEquals(Set.of(), missing);
    }

    @Test
    void noFileIsLong() throws IOException {
        Set<String> tooLong = new TreeSet<>();
        for (Path file : sources()) {
            long lines = Files.readAllLines(file).size();
            if (lines > MOST_LINES) {
                tooLong.add(file.getFileName() + " has " + lines + " lines");
            }
        }
        assertEquals(Set.of(), tooLong);
    }

    @Test
    void aClassOfManyFieldsSaysWhy() throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Path file : sources()) {
            texts.put(file.getFileName().toString(), Files.readString(file));
        }
        Set<String> silent = new TreeSet<>();
        for (JavaClass c : classes) {
            long fields = c.getFields().stream()
                    .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                    .count();
            String file = c.getName().replaceAll(".*\\.|\\$.*", "") + ".java";
            if (fields > MOST_FIELDS
                    && !c.isRecord()
                    && !texts.getOrDefault(file, "").contains(" field")) {
                silent.add(c.getName() + " has " + fields + " fields");
            }
        }
        assertEquals(Set.of(), silent);
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String wing : List.of("../../agent", "../../plugin", "../../testing")) {
            try (Stream<Path> files = Files.walk(Path.of(wing))) {
                files.filter(file -> file.toString().matches(".*/src/main/java/.*\\.java"))
                        .forEach(all::add);
            }
        }
        assertTrue(all.size() > 400, "only " + all.size() + " sources found");
        return all;
    }
}
