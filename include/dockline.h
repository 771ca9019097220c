/*
 * dockline: a blocking client library for the Docker Engine API
 *
 * It talks to Docker Engine, or to Podman, over a Unix socket or TCP. It has no global state, no
 * init function and no threads of its own.
 *
 *     #include <dockline.h>
 *     #include <stdio.h>
 *
 *     int main(void) {
 *         dockline_context *docker = NULL;
 *         dockline_value *list = NULL;
 *         dockline_error *error = NULL;
 *         if (dockline_context_from_env(&docker, &error) < 0 ||
 *             dockline_container_list(docker, NULL, &list, &error) < 0)
 *             fprintf(stderr, "%s\n", dockline_error_message(error));
 *         for (size_t i = 0; i < dockline_value_size(list); i++)
 *             puts(dockline_value_text(dockline_value_get(dockline_value_at(list, i), "/Id"), ""));
 *         dockline_value_free(list);
 *         dockline_error_free(error);
 *         dockline_context_free(docker);
 *     }
 *
 * OWNERSHIP
 *     What you get through a T ** or from a function that makes a T is yours: free it with
 *     dockline_T_free(), which takes NULL too, in any order and from any thread. What you get as a
 *     const T * belongs to the object it came from, and lives as long as that does or until that is
 *     changed. Text and bytes that you give are copied before the function returns. Free with the
 *     functions of this header only, never with free().
 *
 * ERRORS
 *     Functions that can fail return an int: 0 for success, a negative dockline_status for failure, a
 *     positive one for success with a remark, such as DOCKLINE_END. So test for < 0. Their last
 *     argument is a dockline_error **; it may be NULL. After a failure *error is a new object that
 *     tells what happened; after success it is left alone. Other outputs are written on success only.
 *     NULL where something is needed, text that is not UTF-8, an unknown option and the like are
 *     DOCKLINE_INVALID_ARGUMENT, and nothing was sent. Functions that only look something up give
 *     NULL, 0 or the fallback you name instead of an error.
 *
 * VALUES
 *     Answers are dockline_value trees: JSON with the engine's own names, as its API reference
 *     documents them, so fields of newer engines are there at once. Parts are found by JSON Pointer:
 *     dockline_value_get(value, "/State/Health/Status"). Lookups take and give NULL, so they can be
 *     nested, and only the last getter needs a fallback. Where a part must be there,
 *     dockline_value_require() says which name is missing.
 *     Options and bodies are dockline_value objects too: dockline_value_set_bool(options, "/all", true,
 *     &error). NULL stands for no options. They are checked: a name that does not exist or a wrong
 *     type is an error that lists the right names. A member that is null counts as not given.
 *
 * TEXT
 *     All text is UTF-8. Text that you get ends with NUL; where it may hold NUL itself, a function
 *     gives its length. Where data comes with a length, NULL is allowed for none.
 *
 * THREADS
 *     Functions may be called from any thread. A dockline_context may be used by many threads at once,
 *     and so may whatever is const; everything else by one thread at a time. A call blocks its thread
 *     until the engine has answered. Another thread can end it, and it then gives
 *     DOCKLINE_CANCELLED. Callbacks run on the calling thread, before the function returns.
 *
 * SIGNALS AND FORK
 *     No signal handler is installed, and writing to an engine that has gone raises no SIGPIPE. A
 *     signal handler must not call functions of this library. Descriptors are closed on exec. After
 *     fork() a child must not use objects of its parent, nor free them.
 *
 * LINKING
 *     Shared:  cc app.c $(pkg-config --cflags --libs dockline)
 *     Static:  cc app.c libdockline.a -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc
 *
 * VERSIONS
 *     Functions, types, options and status codes are added and never changed or removed as long as the
 *     library is called libdockline.so.0. Structs whose members this header shows never grow; other
 *     types are opaque. DOCKLINE_VERSION_NUMBER is the version you compile with,
 *     dockline_version_number() the one you run with.
 */

#ifndef DOCKLINE_H
#define DOCKLINE_H

/* Written by `make header` from src/ffi: change it there. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOCKLINE_VERSION "0.1.0"
#define DOCKLINE_VERSION_MAJOR 0
#define DOCKLINE_VERSION_MINOR 1
#define DOCKLINE_VERSION_PATCH 0
#define DOCKLINE_VERSION_NUMBER \
    (DOCKLINE_VERSION_MAJOR * 1000000 + DOCKLINE_VERSION_MINOR * 1000 + DOCKLINE_VERSION_PATCH)

/**
 * The type of a value. New ones may be added in later versions.
 */
typedef enum dockline_type {
    /**
     * No value: the pointer is NULL.
     */
    DOCKLINE_TYPE_NONE = 0,
    /**
     * null
     */
    DOCKLINE_TYPE_NULL = 1,
    /**
     * true or false
     */
    DOCKLINE_TYPE_BOOL = 2,
    /**
     * A number without fraction and exponent, from INT64_MIN to UINT64_MAX.
     */
    DOCKLINE_TYPE_INTEGER = 3,
    /**
     * Another number.
     */
    DOCKLINE_TYPE_DOUBLE = 4,
    /**
     * Text in UTF-8.
     */
    DOCKLINE_TYPE_TEXT = 5,
    /**
     * A list of values.
     */
    DOCKLINE_TYPE_ARRAY = 6,
    /**
     * Named values.
     */
    DOCKLINE_TYPE_OBJECT = 7,
} dockline_type;

/**
 * What a function returns: 0 is success, negative is failure, positive is success with a remark.
 *
 * Functions return it as an int. New ones are added in later versions; a number never changes its
 * meaning.
 */
typedef enum dockline_status {
    /**
     * Done.
     */
    DOCKLINE_OK = 0,
    /**
     * The stream has ended; there is no item.
     */
    DOCKLINE_END = 1,
    /**
     * Nothing had to be done: already started, already stopped, nothing there to remove.
     */
    DOCKLINE_NOT_MODIFIED = 2,
    /**
     * An argument is wrong; nothing was sent.
     */
    DOCKLINE_INVALID_ARGUMENT = -1,
    /**
     * The engine finds the request wrong (HTTP 400 and other 4xx without a code of their own).
     */
    DOCKLINE_BAD_REQUEST = -2,
    /**
     * Wrong or missing credentials (HTTP 401).
     */
    DOCKLINE_UNAUTHORIZED = -3,
    /**
     * Not allowed (HTTP 403).
     */
    DOCKLINE_FORBIDDEN = -4,
    /**
     * No such container, image and so on (HTTP 404).
     */
    DOCKLINE_NOT_FOUND = -5,
    /**
     * Not possible in the present state: name in use, container paused and so on (HTTP 409).
     */
    DOCKLINE_CONFLICT = -6,
    /**
     * The engine cannot serve this now (HTTP 503: no swarm, not a manager, shutting down) or has
     * no support for it (HTTP 501).
     */
    DOCKLINE_UNAVAILABLE = -7,
    /**
     * The engine failed (HTTP 500 and other 5xx).
     */
    DOCKLINE_ENGINE = -8,
    /**
     * The engine is too old for this call or option.
     */
    DOCKLINE_ENGINE_TOO_OLD = -9,
    /**
     * The engine no longer speaks the API version asked for.
     */
    DOCKLINE_ENGINE_TOO_NEW = -10,
    /**
     * No connection to the engine; dockline_error_errno() may say why.
     */
    DOCKLINE_CONNECT = -11,
    /**
     * The connection broke while it was in use.
     */
    DOCKLINE_DISCONNECTED = -12,
    /**
     * Nothing moved for too long, or the deadline passed.
     */
    DOCKLINE_TIMEOUT = -13,
    /**
     * Ended from another thread.
     */
    DOCKLINE_CANCELLED = -14,
    /**
     * The answer is not HTTP, or not what the Engine API says.
     */
    DOCKLINE_PROTOCOL = -15,
    /**
     * The answer is not the JSON that was expected.
     */
    DOCKLINE_DECODE = -16,
    /**
     * The engine reported a failure inside a stream that had begun well.
     */
    DOCKLINE_STREAM = -17,
    /**
     * Reading what you upload, or writing what you download, failed.
     */
    DOCKLINE_IO = -18,
    /**
     * A bug in this library. The call did not end well, but your program may go on.
     */
    DOCKLINE_PANIC = -19,
} dockline_status;

/**
 * Why a call failed. It is yours: free it with dockline_error_free().
 *
 * A function that fails makes one if its last argument is not NULL. Any thread may read it.
 */
typedef struct dockline_error dockline_error;

/**
 * A JSON value: what engines answer, and what you send as options and bodies.
 *
 * A value that came through a dockline_value ** or from a function that makes one is yours: free
 * it with dockline_value_free(). A const dockline_value * is a part of another value: it lives, at
 * the same address, until that one is changed or freed.
 *
 * Parts are found by JSON Pointer (RFC 6901): "/State/Health/Status", "/Names/0", "" for the value
 * itself. In a name ~1 stands for / and ~0 for ~. Members keep their order; a name that is there
 * twice counts as its last occurrence. Values nest at most 100 levels deep.
 *
 * Any number of threads may read a value at once. While one changes it, no other may use it.
 */
typedef struct dockline_value dockline_value;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The negative dockline_status that the call returned; 0 for NULL.
 */
int dockline_error_code(const struct dockline_error *error);

/**
 * The HTTP status that the engine answered with; 0 if that is not what failed.
 */
int dockline_error_http_status(const struct dockline_error *error);

/**
 * The system's error number (errno) behind it; 0 if there is none.
 */
int dockline_error_errno(const struct dockline_error *error);

/**
 * What failed: the Engine API's name of the operation, such as "ContainerStart", or the name of a
 * function that calls no engine. Never NULL; "" for NULL. It lives as long as the error.
 */
const char *dockline_error_operation(const struct dockline_error *error);

/**
 * What happened and, where that is known, what to do, for people; the engine's own words are in
 * it. Never NULL; "" for NULL. It lives as long as the error.
 */
const char *dockline_error_message(const struct dockline_error *error);

/**
 * Frees an error. NULL is allowed.
 */
void dockline_error_free(struct dockline_error *error);

/**
 * Frees a text that came through a char **. NULL is allowed.
 */
void dockline_text_free(char *text);

/**
 * Makes an object without members. Free it with dockline_value_free().
 */
struct dockline_value *dockline_value_new(void);

/**
 * Makes an array without items. Free it with dockline_value_free().
 */
struct dockline_value *dockline_value_new_array(void);

/**
 * Makes a value of JSON text, which need not end with NUL.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT with line and column in the message.
 * Free *value with dockline_value_free().
 */
int dockline_value_parse(const void *json,
                         size_t length,
                         struct dockline_value **value,
                         struct dockline_error **error);

/**
 * Makes JSON text of a value: on one line, or for people, with a line for each member and item.
 *
 * length may be NULL.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * Free *text with dockline_text_free().
 */
int dockline_value_print(const struct dockline_value *value,
                         bool pretty,
                         char **text,
                         size_t *length,
                         struct dockline_error **error);

/**
 * Copies a value, or a part of one, with all that is in it.
 *
 * Returns NULL for NULL. Free the copy with dockline_value_free().
 */
struct dockline_value *dockline_value_clone(const struct dockline_value *value);

/**
 * Frees a value and all its parts. NULL is allowed.
 */
void dockline_value_free(struct dockline_value *value);

/**
 * Whether two values are equal. Members of objects may be in different order; 1 and 1.0 differ;
 * NULL equals NULL only.
 */
bool dockline_value_equal(const struct dockline_value *a, const struct dockline_value *b);

/**
 * The type of a value.
 */
enum dockline_type dockline_value_type(const struct dockline_value *value);

/**
 * Finds a part of a value by JSON Pointer.
 *
 * Returns NULL if there is nothing, if the pointer is malformed, and for NULL; so calls can be
 * nested: dockline_value_text(dockline_value_get(container, "/Id"), "").
 * The part belongs to the value.
 */
const struct dockline_value *dockline_value_get(const struct dockline_value *value,
                                                const char *pointer);

/**
 * Finds a part of a value by JSON Pointer that must be there and be of the expected type,
 * one of dockline_type. DOCKLINE_TYPE_DOUBLE takes integers too.
 *
 * Returns DOCKLINE_OK; DOCKLINE_DECODE with a message that says how far the path exists and what
 * is missing, or which type is there; or DOCKLINE_INVALID_ARGUMENT.
 * *part belongs to the value.
 */
int dockline_value_require(const struct dockline_value *value,
                           const char *pointer,
                           int expected,
                           const struct dockline_value **part,
                           struct dockline_error **error);

/**
 * The number of items of an array or of members of an object; 0 for all else and for NULL.
 */
size_t dockline_value_size(const struct dockline_value *value);

/**
 * The item of an array, or the value of the member of an object, at an index that counts from 0.
 *
 * Returns NULL past the end, for all else and for NULL. The item belongs to the value.
 */
const struct dockline_value *dockline_value_at(const struct dockline_value *value, size_t index);

/**
 * The name of the member of an object at an index that counts from 0.
 *
 * Returns NULL past the end, for all else and for NULL. The name belongs to the value.
 */
const char *dockline_value_key(const struct dockline_value *value, size_t index);

/**
 * The length in bytes of the name of the member at an index, since names may hold NUL; 0 where
 * dockline_value_key() gives NULL.
 */
size_t dockline_value_key_length(const struct dockline_value *value, size_t index);

/**
 * The text of a value, in UTF-8 and with a NUL at its end. It belongs to the value.
 *
 * Returns fallback, which may be NULL, if the value is no text, and for NULL.
 */
const char *dockline_value_text(const struct dockline_value *value, const char *fallback);

/**
 * The length in bytes of the text of a value, since texts may hold NUL; 0 if it is no text.
 */
size_t dockline_value_text_length(const struct dockline_value *value);

/**
 * The number, if it is an integer up to INT64_MAX; else fallback.
 */
int64_t dockline_value_int(const struct dockline_value *value, int64_t fallback);

/**
 * The number, if it is an integer and not below 0; else fallback.
 */
uint64_t dockline_value_uint(const struct dockline_value *value, uint64_t fallback);

/**
 * The number, integer or not; else fallback. Integers beyond 2 to the 53rd are rounded.
 */
double dockline_value_double(const struct dockline_value *value, double fallback);

/**
 * true or false, if it is one; else fallback.
 */
bool dockline_value_bool(const struct dockline_value *value, bool fallback);

/**
 * Sets the part at a JSON Pointer to a copy of the text.
 *
 * This is true of all dockline_value_set functions: what was there is replaced. Missing parents
 * are made: an array where the next name is "-" or "0", else an object. The name "-" appends to an
 * array, as does the index after its last: "/Env/-". All parts got from the value before are gone.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT, and then nothing has changed.
 */
int dockline_value_set_text(struct dockline_value *value,
                            const char *pointer,
                            const char *text,
                            struct dockline_error **error);

/**
 * Sets the part at a JSON Pointer to a copy of a text of this length in bytes, which may hold NUL.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_text_length(struct dockline_value *value,
                                   const char *pointer,
                                   const char *text,
                                   size_t length,
                                   struct dockline_error **error);

/**
 * Sets the part at a JSON Pointer to a number.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_int(struct dockline_value *value,
                           const char *pointer,
                           int64_t number,
                           struct dockline_error **error);

/**
 * Sets the part at a JSON Pointer to a number.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_uint(struct dockline_value *value,
                            const char *pointer,
                            uint64_t number,
                            struct dockline_error **error);

/**
 * Sets the part at a JSON Pointer to a number, which must be finite.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_double(struct dockline_value *value,
                              const char *pointer,
                              double number,
                              struct dockline_error **error);

/**
 * Sets the part at a JSON Pointer to true or false.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_bool(struct dockline_value *value,
                            const char *pointer,
                            bool flag,
                            struct dockline_error **error);

/**
 * Sets the part at a JSON Pointer to null.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_null(struct dockline_value *value,
                            const char *pointer,
                            struct dockline_error **error);

/**
 * Sets the part at a JSON Pointer to an object without members.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_object(struct dockline_value *value,
                              const char *pointer,
                              struct dockline_error **error);

/**
 * Sets the part at a JSON Pointer to an array without items.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_array(struct dockline_value *value,
                             const char *pointer,
                             struct dockline_error **error);

/**
 * Sets the part at a JSON Pointer to a copy of another value, which may be a part of this one.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_value(struct dockline_value *value,
                             const char *pointer,
                             const struct dockline_value *other,
                             struct dockline_error **error);

/**
 * Removes the part at a JSON Pointer; items after it move up. All parts got from the value before
 * are gone.
 *
 * Returns DOCKLINE_OK, DOCKLINE_NOT_MODIFIED if there was nothing, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_remove(struct dockline_value *value,
                          const char *pointer,
                          struct dockline_error **error);

/**
 * The version of the library that is running, such as "0.1.0". Do not free it.
 *
 * DOCKLINE_VERSION is the version of the header that a program was compiled with.
 */
const char *dockline_version(void);

/**
 * The version of the library that is running, as a number to compare with
 * DOCKLINE_VERSION_NUMBER: 1002003 for version 1.2.3.
 */
int dockline_version_number(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DOCKLINE_H */
