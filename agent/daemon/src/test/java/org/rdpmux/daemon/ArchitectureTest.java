// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the code against the table of modules in ARCHITECTURE.md: who may see whom. */
class ArchitectureTest {

    /** {@code | agent/server | `org.rdpmux.server.*` | what it holds | display pdu codec security |}. */
    private static final Pattern ROW = Pattern.compile(
            "\\| (?:plugin|agent)/([a-z-]+) \\| `org\\.rdpmux\\.([a-z]+)(?:\\.\\*)?` \\| .* \\| ([a-z ]+) \\|");

    private static final Map<String, Set<String>> MAY_SEE = new LinkedHashMap<>();

    private static JavaClasses classes;

    @BeforeAll
    static void readTheTableAndTheClasses() throws IOException {
        for (String line : Files.readAllLines(Path.of("../../ARCHITECTURE.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String seen = row.group(3);
                MAY_SEE.put(row.group(2), seen.equals("nothing") ? Set.of() : Set.of(seen.split(" ")));
            }
        }
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.rdpmux");
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
}
