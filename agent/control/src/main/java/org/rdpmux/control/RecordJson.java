// SPDX-License-Identifier: Apache-2.0
package org.rdpmux.control;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records as JSON objects, component by component. Components may be {@code String}, {@code int}, {@code long},
 * {@code boolean}, {@link Secret}, records, and lists of strings or records. Reading ignores members it does not know and
 * gives a missing one its type's empty value, so that an answer may gain members; a member of the wrong type is refused.
 */
final class RecordJson {

    private RecordJson() {}

    /** The value {@link Json#write} takes. */
    static Map<String, Object> toJson(Record record) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                members.put(component.getName(), plain(component.getAccessor().invoke(record)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("record " + record.getClass() + " is not readable", e);
            }
        }
        return members;
    }

    private static Object plain(Object value) {
        if (value instanceof Record record) {
            return toJson(record);
        }
        if (value instanceof Secret secret) {
            return String.valueOf(secret.characters());
        }
        return value instanceof List<?> list
                ? list.stream().map(RecordJson::plain).toList()
                : value;
    }

    /**
     * Reads a record.
     *
     * @throws IllegalArgumentException if a member has the wrong type, or what the record's constructor says
     */
    static <T extends Record> T fromJson(Map<?, ?> members, Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent component = components[i];
            arguments[i] = value(
                    members.get(component.getName()), component.getGenericType(), "'" + component.getName() + "'");
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException("record " + type, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("record " + type + " is not constructible", e);
        }
    }

    private static Object value(Object json, Type type, String name) {
        if (type == String.class) {
            return json == null ? "" : expect(String.class, json, name, "a string");
        }
        if (type == Secret.class) {
            return json == null
                    ? Secret.NONE
                    : Secret.of(expect(String.class, json, name, "a string").toCharArray());
        }
        if (type == boolean.class) {
            return json == null ? Boolean.FALSE : expect(Boolean.class, json, name, "true or false");
        }
        if (type == long.class) {
            return json == null ? Long.valueOf(0) : expect(Long.class, json, name, "a number");
        }
        if (type == int.class) {
            long number = json == null ? 0 : expect(Long.class, json, name, "a number");
            if (number != (int) number) {
                throw new IllegalArgumentException(name + " is out of range: " + number);
            }
            return (int) number;
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return list(json, list.getActualTypeArguments()[0], name);
        }
        if (type instanceof Class<?> c && c.isRecord()) {
            Map<?, ?> members = json == null ? Map.of() : expect(Map.class, json, name, "an object");
            return fromJson(members, c.asSubclass(Record.class));
        }
        throw new IllegalStateException(name + " has the type " + type + ", which has no JSON");
    }

    private static List<Object> list(Object json, Type elementType, String name) {
        List<?> elements = json == null ? List.of() : expect(List.class, json, name, "a list");
        List<Object> result = new ArrayList<>(elements.size());
        for (Object element : elements) {
            result.add(value(element, elementType, "an element of " + name));
        }
        return List.copyOf(result);
    }

    private static <T> T expect(Class<T> type, Object json, String name, String expected) {
        if (!type.isInstance(json)) {
            throw new IllegalArgumentException(name + " is not " + expected);
        }
        return type.cast(json);
    }
}
