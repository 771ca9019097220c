/* What the C tests share. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dockline.h>

/* Ends the program, saying where and what, unless the condition holds. */
#define CHECK(condition)                                                              \
    do {                                                                              \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                  \
        }                                                                             \
    } while (0)

/* Ends the program, showing both, unless the texts are equal and there. */
#define CHECK_TEXT(actual, expected) check_text(__FILE__, __LINE__, actual, expected)

/* Ends the program unless the call fails with this status, sets the error to it, and says this. */
#define CHECK_FAILS(status, said, call)                                              \
    do {                                                                             \
        dockline_error *error = NULL;                                                \
        int got = (call);                                                            \
        check_status(__FILE__, __LINE__, got, status, error);                        \
        CHECK(dockline_error_code(error) == (status));                               \
        check_text(__FILE__, __LINE__, dockline_error_message(error), said);         \
        dockline_error_free(error);                                                  \
    } while (0)

/* Ends the program unless the call, which sets the error, ends with this status. */
#define CHECK_STATUS(status, call)                            \
    do {                                                      \
        dockline_error *error = NULL;                         \
        int got = (call);                                     \
        check_status(__FILE__, __LINE__, got, status, error); \
        dockline_error_free(error);                           \
    } while (0)

/* Ends the program, saying why, unless the call, which sets the error, ends with DOCKLINE_OK. */
#define CHECK_OK(call) CHECK_STATUS(DOCKLINE_OK, call)

/* Makes a call with `it`, a value of this JSON. */
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

static inline const char *text_at(const dockline_value *value, const char *pointer)
{
    return dockline_value_string(dockline_value_get(value, pointer), NULL);
}

static inline void check_text(const char *file, int line, const char *actual, const char *expected)
{
    if (actual == NULL || strcmp(actual, expected) != 0) {
        fprintf(stderr, "%s:%d:\n     not: %s\nexpected: %s\n", file, line,
                actual ? actual : "(NULL)", expected);
        exit(1);
    }
}

static inline void check_status(const char *file, int line, int actual, int expected,
                                const dockline_error *error)
{
    if (actual != expected) {
        fprintf(stderr, "%s:%d: %d, not %d: %s\n", file, line, actual, expected,
                dockline_error_message(error));
        exit(1);
    }
}

#endif
