/* Checks and helpers of the C tests. A failed check prints its place and exits with status 1. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dockline.h>

/* Requires a condition. */
#define CHECK(condition)                                                              \
    do {                                                                              \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);   \
            exit(1);                                                                  \
        }                                                                             \
    } while (0)

/* Requires that a string is not NULL and equals the expected one. */
#define CHECK_STRING(actual, expected) check_text(__FILE__, __LINE__, actual, expected)

/* Requires that the call, which sets `error`, fails with this status and this message. */
#define CHECK_FAILS(status, message, call)                                           \
    do {                                                                             \
        dockline_error *error = NULL;                                                \
        int actual = (call);                                                         \
        check_status(__FILE__, __LINE__, actual, status, error);                     \
        CHECK(dockline_error_code(error) == (status));                               \
        check_text(__FILE__, __LINE__, dockline_error_message(error), message);      \
        dockline_error_free(error);                                                  \
    } while (0)

/* Requires that the call, which sets `error`, returns this status. */
#define CHECK_STATUS(status, call)                               \
    do {                                                         \
        dockline_error *error = NULL;                            \
        int actual = (call);                                     \
        check_status(__FILE__, __LINE__, actual, status, error); \
        dockline_error_free(error);                              \
    } while (0)

/* Requires that the call, which sets `error`, returns DOCKLINE_OK. */
#define CHECK_OK(call) CHECK_STATUS(DOCKLINE_OK, call)

/* Parses JSON into `it`, a value that the call may use, and frees it afterwards. */
#define WITH(json, call)                    \
    do {                                    \
        dockline_value *it = parse(json);   \
        call;                               \
        dockline_value_free(it);            \
    } while (0)

static inline dockline_value *parse(const char *json)
{
    dockline_value *value = NULL;
    CHECK(dockline_value_parse(json, strlen(json), &value, NULL) == DOCKLINE_OK);
    CHECK(value != NULL);
    return value;
}

/* Returns the string at a JSON pointer, or NULL if there is none. */
static inline const char *string_at(const dockline_value *value, const char *pointer)
{
    return dockline_value_string(dockline_value_get(value, pointer), NULL);
}

static inline void check_text(const char *file, int line, const char *actual, const char *expected)
{
    if (actual == NULL || strcmp(actual, expected) != 0) {
        fprintf(stderr, "%s:%d:\n  actual: %s\nexpected: %s\n", file, line,
                actual ? actual : "(NULL)", expected);
        exit(1);
    }
}

static inline void check_status(const char *file, int line, int actual, int expected,
                                const dockline_error *error)
{
    if (actual != expected) {
        fprintf(stderr, "%s:%d: status %d, expected %d: %s\n", file, line, actual, expected,
                dockline_error_message(error));
        exit(1);
    }
}

#endif
