// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.packaging;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of a command, from the same model as its {@code --help}. */
final class CommandPage {

    private CommandPage() {}

    static String text(CommandSpec command, int section, String version) {
        String[] description = command.usageMessage().description();
        Roff page = new Roff(command.name(), section, version, summary(description));
        page.section("Synopsis");
        page.verbatim(synopsis(command));
        page.section("Description");
        page.paragraph(plain(description));
        page.section("Options");
        arguments(page, command);
        if (!command.subcommands().isEmpty()) {
            page.section("Commands");
            command.subcommands().values().forEach(sub -> subcommand(page, sub.getCommandSpec()));
        }
        page.section("Exit status");
        command.usageMessage().exitCodeList().forEach(page::item);
        if (command.usageMessage().footer().length > 0) {
            page.section("Environment");
            page.verbatim(plain(command.usageMessage().footer()));
        }
        page.section("See also");
        page.paragraph("rdpmux(8), rdpmuxctl(1), rdpmux.conf(5), virsh(1)");
        return page.toString();
    }

    private static void subcommand(Roff page, CommandSpec command) {
        page.subsection(command.qualifiedName());
        page.verbatim(synopsis(command));
        page.paragraph(plain(command.usageMessage().description()));
        arguments(page, command);
        command.subcommands().values().forEach(sub -> subcommand(page, sub.getCommandSpec()));
    }

    /** A subcommand does not repeat the options that it inherits. */
    private static void arguments(Roff page, CommandSpec command) {
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            page.item(parameter.paramLabel(), plain(parameter.description()));
        }
        for (OptionSpec option : command.options()) {
            boolean standard = option.usageHelp() || option.versionHelp() || option.inherited();
            if (!option.hidden() && (command.parent() == null || !standard)) {
                page.item(term(option), plain(option.description()));
            }
        }
    }

    private static String term(OptionSpec option) {
        String names = String.join(", ", option.names());
        return option.arity().max() > 0 ? names + "=" + option.paramLabel() : names;
    }

    private static String synopsis(CommandSpec command) {
        return Ansi.OFF
                .text(command.commandLine().getHelp().synopsis(0))
                .toString()
                .strip();
    }

    private static String summary(String... description) {
        String first = plain(description).lines().findFirst().orElseThrow();
        String sentence = first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
        return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }

    /** Without picocli's marks. */
    static String plain(String... lines) {
        return Arrays.stream(lines)
                .map(line -> Ansi.OFF.text(String.format(line)).toString())
                .collect(Collectors.joining("\n"));
    }
}
