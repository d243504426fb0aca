// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.packaging;

import java.util.List;
import java.util.Locale;

/** Text in the language of manual pages. */
final class Roff {
    private final StringBuilder out = new StringBuilder();

    Roff(String name, int section, String version, String summary) {
        out.append(".\\\" Made from the program itself.\n");
        out.append(String.format(".TH %s %d \"\" \"rdpmux %s\"%n", name.toUpperCase(Locale.ROOT), section, version));
        section("Name");
        text(name + " \\- ", summary);
    }

    void section(String title) {
        out.append(".SH ").append(escape(title.toUpperCase(Locale.ROOT))).append('\n');
    }

    void subsection(String title) {
        out.append(".SS ").append(escape(title)).append('\n');
    }

    void paragraph(String text) {
        out.append(".PP\n");
        continued(text);
    }

    /** A term in bold type with what it means. */
    void item(String term, String text) {
        items(List.of(term));
        continued(text);
    }

    /** Terms in bold type, one below the other; {@link #continued} says what they mean. */
    void items(List<String> terms) {
        String macro = ".TP\n";
        for (String term : terms) {
            out.append(macro).append("\\fB").append(escape(term)).append("\\fR\n");
            macro = ".TQ\n";
        }
    }

    /** More text where the last one ended. */
    void continued(String text) {
        text("", text);
    }

    /** A line that stays as it is, within an item. */
    void example(String line) {
        out.append(".RS\n.nf\n");
        continued(line);
        out.append(".fi\n.RE\n");
    }

    /** Lines that stay as they are. */
    void verbatim(String lines) {
        out.append(".PP\n.nf\n.RS 4\n");
        lines.lines().forEach(this::continued);
        out.append(".RE\n.fi\n");
    }

    private void text(String roff, String text) {
        String escaped = escape(text);
        boolean isRequest = roff.isEmpty() && (escaped.startsWith(".") || escaped.startsWith("'"));
        out.append(roff).append(isRequest ? "\\&" : "").append(escaped).append('\n');
    }

    private static String escape(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("\n.", "\n\\&.")
                .replace("\n'", "\n\\&'");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
