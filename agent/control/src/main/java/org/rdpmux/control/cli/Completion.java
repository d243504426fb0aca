// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code rdpmuxctl completion}. */
@Command(
        name = "completion",
        description = {"Prints a completion script for bash and zsh.", "Use: source <(rdpmuxctl completion)"})
final class Completion extends Rdpmuxctl.Base {
    @Override
    public Integer call() {
        print(List.of(AutoComplete.bash("rdpmuxctl", spec.commandLine().getParent())));
        return 0;
    }
}
