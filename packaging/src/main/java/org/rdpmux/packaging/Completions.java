// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.packaging;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completions for the shells that picocli makes none for: commands and options, each with its description. */
final class Completions {

    private Completions() {}

    /** For zsh: the commands, and within one its own options and commands. */
    static String zsh(CommandSpec command) {
        StringBuilder out = new StringBuilder("#compdef " + command.name() + "\n");
        zshFunction(out, command, "_" + command.name());
        return out.append("\n_" + command.name() + " \"$@\"\n").toString();
    }

    private static void zshFunction(StringBuilder out, CommandSpec command, String name) {
        Map<String, CommandLine> commands = command.subcommands();
        out.append("\n").append(name).append("() {\n  local context state line\n  _arguments -C");
        for (OptionSpec option : command.options()) {
            String value = option.arity().max() > 0 ? ":" + option.paramLabel() + ":_files" : "";
            for (String optionName : option.names()) {
                out.append(" \\\n    ").append(quote(optionName + "[" + brief(option.description()) + "]" + value));
            }
        }
        if (commands.isEmpty()) {
            out.append("\n}\n");
            return;
        }
        out.append(" \\\n    '1:command:->command' '*::argument:->argument'\n  case $state in\n    command)\n");
        out.append("      local -a commands=(");
        commands.forEach((key, sub) -> out.append("\n        ").append(quote(key + ":" + description(sub))));
        out.append(")\n      _describe command commands ;;\n    argument)\n      case $line[1] in\n");
        for (String key : commands.keySet()) {
            out.append("        " + key + ") " + name + "_" + key + " ;;\n");
        }
        out.append("      esac ;;\n  esac\n}\n");
        commands.forEach((key, sub) -> zshFunction(out, sub.getCommandSpec(), name + "_" + key));
    }

    /** For fish: likewise. */
    static String fish(CommandSpec command) {
        StringBuilder out = new StringBuilder("complete -c " + command.name() + " -f\n");
        fishLines(out, command, "__fish_use_subcommand");
        return out.toString();
    }

    private static void fishLines(StringBuilder out, CommandSpec command, String condition) {
        String program = "complete -c " + command.root().name() + " -n ";
        for (OptionSpec option : command.options()) {
            out.append(program).append(quote(condition));
            for (String name : option.names()) {
                out.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
            }
            out.append(option.arity().max() > 0 ? " -r -F" : "");
            out.append(" -d ").append(quote(brief(option.description()))).append('\n');
        }
        boolean isTop = command.parent() == null;
        String names = String.join(" ", command.subcommands().keySet());
        String none = isTop ? condition : condition + "; and not __fish_seen_subcommand_from " + names;
        command.subcommands().forEach((key, sub) -> {
            out.append(program).append(quote(none)).append(" -a ").append(key);
            out.append(" -d ").append(quote(description(sub))).append('\n');
            String inside = "__fish_seen_subcommand_from " + key;
            fishLines(out, sub.getCommandSpec(), isTop ? inside : condition + "; and " + inside);
        });
    }

    private static String description(CommandLine command) {
        return brief(command.getCommandSpec().usageMessage().description());
    }

    private static String brief(String... description) {
        String text = CommandPage.plain(description).lines().findFirst().orElse("");
        return text.replaceAll("[\\[\\]:]", " ").strip();
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
