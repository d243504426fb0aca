// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void writesAndReadsEveryKindOfValue() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a \"quoted\" \\ line\n\t\r \u0001 \u007f ü 漢 \ud83d\ude00");
        value.put("number", -9_007_199_254_740_993L);
        value.put("least", Long.MIN_VALUE);
        value.put("truth", true);
        value.put("nothing", null);
        value.put("list", List.of(1L, "b", List.of(), Map.of()));
        String text = Json.write(value);
        assertEquals(value, Json.parse(text));
        assertFalse(text.chars().anyMatch(c -> c < 0x20), text);
    }

    @Test
    void readsWhatOthersWrite() {
        assertEquals(
                Map.of("a/b", "A\b\f\n\r\t\"\\/", "n", List.of(0L, -1L, 12L)),
                Json.parse(" { \"a\\/b\" :\"\\u0041\\b\\f\\n\\r\\t\\\"\\\\\\/\",\r\n\"n\":[ 0 , -1,12 ]}\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\" 1}",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "\"",
                "\"\\",
                "\"\\u12",
                "\"\\u12g4\"",
                "\"\\x\"",
                "\"a\nb\"",
                "tru",
                "True",
                "nul",
                "-",
                "+1",
                "01",
                "-01",
                "1.5",
                "1e3",
                "1E3",
                "9223372036854775808",
                "0x10",
                "NaN",
                "1 2",
                "{} {}",
                "{}x",
                "{\"a\":1,\"a\":2}",
                "\u0000",
                "\"\\u٠٠٤١\"",
                "[\"a\"}",
                "{\"a\":1]"
            })
    void refusesWhatIsNotJson(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
        assertTrue(e.getMessage().startsWith("not JSON at character "), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"[,]", "'{\"a\":',}"})
    void boundsTheDepth(String open, String close) {
        String deepest = open.repeat(Json.MAX_DEPTH) + "1" + close.repeat(Json.MAX_DEPTH);
        assertEquals(deepest, Json.write(Json.parse(deepest)));
        String tooDeep = open.repeat(100_000);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Json.parse(tooDeep));
        assertTrue(e.getMessage().contains("levels"), e.getMessage());
    }

    @Test
    void anyTextIsReadOrRefusedAndWhatIsReadSurvivesWriting() {
        Random random = new Random(7);
        String alphabet = "{}[]\",:\\u0041tfn1-9e. \n\u0000";
        int read = 0;
        for (int round = 0; round < 200_000; round++) {
            char[] text = new char[random.nextInt(12)];
            for (int i = 0; i < text.length; i++) {
                text[i] = alphabet.charAt(random.nextInt(alphabet.length()));
            }
            Object value;
            try {
                value = Json.parse(new String(text));
            } catch (IllegalArgumentException expected) {
                continue;
            }
            read++;
            assertEquals(value, Json.parse(Json.write(value)), () -> Arrays.toString(text));
        }
        assertTrue(read > 100, "only " + read + " texts were JSON");
    }

    @Test
    void refusesToWriteWhatItCouldNotRead() {
        assertThrows(IllegalArgumentException.class, () -> Json.write(1.5));
        assertThrows(IllegalArgumentException.class, () -> Json.write(List.of(new Object())));
    }
}
