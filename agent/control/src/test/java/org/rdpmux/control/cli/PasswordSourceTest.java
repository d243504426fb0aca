// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PasswordSourceTest {

    @Test
    void readsThePasswordFromStandardInputWithinBounds() throws Exception {
        assertEquals("pä ss", String.valueOf(passwordFrom("pä ss\r\nrest")));
        assertEquals("x".repeat(512), String.valueOf(passwordFrom("x".repeat(512))));
        for (String wrong : List.of("", "\nx", "x".repeat(513), "x".repeat(1_000_000))) {
            assertThrows(PasswordSource.NoPasswordException.class, () -> passwordFrom(wrong));
        }
    }

    private static char[] passwordFrom(String text) throws IOException {
        return PasswordSource.readLine(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
