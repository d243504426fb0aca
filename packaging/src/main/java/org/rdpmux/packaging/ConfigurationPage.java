// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.packaging;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The manual page of the configuration, from the sample: a title between dashes begins a section, a comment with a space after
 * its {@code #} describes the keys that follow it without one.
 */
final class ConfigurationPage {
    private static final Pattern TITLE = Pattern.compile("# --- (.*?) -+");
    private static final Pattern KEY = Pattern.compile("#([a-zA-Z][\\w.-]*) = ?(.*)");

    private final Roff page;
    private final List<String> description = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();

    private ConfigurationPage(Roff page) {
        this.page = page;
    }

    static String text(List<String> sample, String version) {
        Roff roff = new Roff("rdpmux.conf", 5, version, "configuration of rdpmux");
        roff.section("Description");
        ConfigurationPage page = new ConfigurationPage(roff);
        sample.forEach(page::line);
        page.flush();
        roff.section("See also");
        roff.paragraph("rdpmux(8), rdpmuxctl(1)");
        return roff.toString();
    }

    private void line(String line) {
        Matcher title = TITLE.matcher(line);
        Matcher key = KEY.matcher(line);
        if (title.matches()) {
            flush();
            page.section(title.group(1));
        } else if (key.matches()) {
            keys.add(key.group(1) + " = " + key.group(2));
        } else if (line.startsWith("#")) {
            description.add(line.substring(Math.min(2, line.length())));
        } else {
            flush();
        }
    }

    /** A paragraph of the sample is at its end. Indented lines of it are examples. */
    private void flush() {
        page.items(keys);
        StringBuilder text = new StringBuilder();
        for (String line : description) {
            if (line.startsWith("  ")) {
                paragraph(text);
                page.example(line.strip());
            } else {
                text.append(text.isEmpty() ? "" : "\n").append(line);
            }
        }
        paragraph(text);
        description.clear();
        keys.clear();
    }

    private void paragraph(StringBuilder text) {
        if (text.isEmpty()) {
            return;
        }
        if (keys.isEmpty()) {
            page.paragraph(text.toString());
        } else {
            page.continued(text.toString());
        }
        text.setLength(0);
    }
}
