// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.server.screen;

import java.util.ArrayList;
import java.util.List;
import org.rdpmux.display.Framebuffer;
import org.rdpmux.display.Rect;

/** A plain screen with a few lines of text, drawn as it is read: it takes no memory for pixels. Immutable. */
public final class TextFramebuffer implements Framebuffer {

    static final int TEXT = 0xd8d8d8;

    /** From this width on, the text is twice as large. */
    private static final int LARGE = 1280;

    private final List<String> paragraphs;
    private final TileGrid size;
    private final int scale;
    private final List<String> lines;
    private final int left;
    private final int top;

    /** @param paragraphs each begins a new line; longer ones are broken between words, and at the edge of a small screen cut */
    public TextFramebuffer(TileGrid size, List<String> paragraphs) {
        this.paragraphs = paragraphs;
        this.size = size;
        this.scale = size.width() >= LARGE ? 2 : 1;
        this.left = 2 * Font.WIDTH * scale;
        this.lines = wrapped(paragraphs, Math.max(1, (size.width() - 2 * left) / (Font.WIDTH * scale)));
        this.top = Math.max(0, (size.height() - lines.size() * Font.HEIGHT * scale) / 3);
    }

    /** The same text on a screen of another size. */
    public TextFramebuffer resized(TileGrid newSize) {
        return new TextFramebuffer(newSize, paragraphs);
    }

    private static List<String> wrapped(List<String> paragraphs, int columns) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : paragraphs) {
            String rest = paragraph;
            while (rest.length() > columns) {
                int blank = rest.lastIndexOf(' ', columns);
                int end = blank > 0 ? blank : columns;
                lines.add(rest.substring(0, end));
                rest = rest.substring(end).stripLeading();
            }
            lines.add(rest);
        }
        return lines;
    }

    @Override
    public int width() {
        return size.width();
    }

    @Override
    public int height() {
        return size.height();
    }

    @Override
    public boolean read(Rect area, int[] target, int offset, int stride) {
        if (!bounds().contains(area)) {
            throw new IndexOutOfBoundsException(area + " is not inside " + width() + "x" + height());
        }
        for (int y = 0; y < area.height(); y++) {
            for (int x = 0; x < area.width(); x++) {
                target[offset + y * stride + x] = isText(area.x() + x, area.y() + y) ? TEXT : Screen.DARK;
            }
        }
        return true;
    }

    private boolean isText(int x, int y) {
        if (x < left || y < top) {
            return false;
        }
        int column = (x - left) / scale;
        int row = (y - top) / scale;
        int line = row / Font.HEIGHT;
        int character = column / Font.WIDTH;
        return line < lines.size()
                && character < lines.get(line).length()
                && Font.has(lines.get(line).charAt(character), column % Font.WIDTH, row % Font.HEIGHT);
    }
}
