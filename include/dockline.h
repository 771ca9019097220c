/*
 * dockline: a blocking client library for the Docker Engine API
 *
 * It talks to Docker Engine, or to Podman, over a Unix socket, TCP, TLS or ssh. It has no global
 * state, no init function and no threads of its own.
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
 *             puts(dockline_value_string(dockline_value_get(dockline_value_at(list, i), "/Id"), ""));
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
 * STREAMS
 *     What comes bit by bit, such as events, progress, output or a tar, is pulled with a function
 *     called ..._next(), which returns DOCKLINE_END when there is no more; or driven by one called
 *     ..._each(), which hands each item to a callback until that returns something but 0. An item
 *     lives until the next call. Freeing a stream closes its connection, also in the middle. Uploads
 *     are read from a dockline_source: a callback, a descriptor or a file. Memory stays small whatever
 *     the size of either.
 *     Attach and exec give both directions of one connection: a dockline_output to read and a
 *     dockline_input to write, for two threads to use at the same time.
 *
 * THREADS AND CANCELLING
 *     Functions may be called from any thread. A dockline_context and a dockline_cancel_token may be used by
 *     many threads at once, and so may whatever is const; everything else by one thread at a time.
 *     A call blocks its thread until the engine has answered. Another thread can end it with
 *     dockline_cancel_token_cancel(), and it returns DOCKLINE_CANCELLED; see dockline_context_derive().
 *     Callbacks run on the calling thread, before the function returns.
 *
 * WHAT GOES OVER THE WIRE
 *     dockline_context_on_result() has a callback told of each call, also of failed ones: request and
 *     response as they were, times, and the error, with credentials left out.
 *
 * CREDENTIALS
 *     Calls to registries carry the credentials that the docker command has for this user, in its
 *     config.json and with the helper programs that it names, unless "credentials" of
 *     dockline_context_open() says otherwise. "X-Registry-Auth" among the options of a call wins, and
 *     makes it anonymous when it is an empty object. What goes wrong with credentials is a note in the
 *     result of the call, see dockline_result_note(), and no failure. See dockline_credentials_find()
 *     and dockline_credentials_login(). Values wipe their memory when they are freed.
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
typedef enum {
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
    DOCKLINE_TYPE_STRING = 5,
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
typedef enum {
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
     * Your callback ended it.
     */
    DOCKLINE_STOPPED = 3,
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
     * Not possible in the present state: name in use, container paused and so on (HTTP 409); or
     * somebody else has changed an object of the cluster since it was read, whatever the status.
     */
    DOCKLINE_CONFLICT = -6,
    /**
     * The engine cannot serve this now, such as while it shuts down (HTTP 503), or has no support
     * for it (HTTP 501). What it says of swarms with 503 has codes of its own, below.
     */
    DOCKLINE_UNAVAILABLE = -7,
    /**
     * The engine failed (HTTP 500 and other 5xx), or redirects, which no engine should (HTTP 3xx).
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
     * The response is not HTTP, or not what the Engine API says.
     */
    DOCKLINE_PROTOCOL = -15,
    /**
     * The response is not the JSON that was expected.
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
    /**
     * The engine is in no swarm: dockline_swarm_init() and dockline_swarm_join() put it into one
     * (HTTP 503).
     */
    DOCKLINE_NO_SWARM = -20,
    /**
     * The engine is in a swarm and is none of its managers, which alone know of it (HTTP 503).
     */
    DOCKLINE_NOT_MANAGER = -21,
    /**
     * The engine is a manager that was started and waits for the key that unlocks it, see
     * dockline_swarm_unlock() (HTTP 503).
     */
    DOCKLINE_SWARM_LOCKED = -22,
    /**
     * What a plugin wants to be allowed was not granted; nothing was changed.
     */
    DOCKLINE_NOT_GRANTED = -23,
    /**
     * TLS with the engine does not come about, or broke: dockline_error_tls_failure() says why.
     */
    DOCKLINE_TLS = -24,
} dockline_status;

/**
 * Where a piece of output was written.
 */
typedef enum {
    /**
     * Standard output, or a terminal, where both are one.
     */
    DOCKLINE_STDOUT = 1,
    /**
     * Standard error.
     */
    DOCKLINE_STDERR = 2,
} dockline_std_stream;

/**
 * What is wrong about TLS with an engine, see dockline_error_tls_failure().
 *
 * New ones are added in later versions; a number never changes its meaning.
 */
typedef enum {
    /**
     * Nothing: something else failed.
     */
    DOCKLINE_TLS_FAILURE_NONE = 0,
    /**
     * No authority that is trusted has signed the engine's certificate.
     */
    DOCKLINE_TLS_FAILURE_UNTRUSTED_AUTHORITY = 1,
    /**
     * The engine's certificate is for another host.
     */
    DOCKLINE_TLS_FAILURE_WRONG_NAME = 2,
    /**
     * The engine's certificate is no longer valid, or not yet.
     */
    DOCKLINE_TLS_FAILURE_EXPIRED = 3,
    /**
     * The engine wants a certificate, and none is given.
     */
    DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_MISSING = 4,
    /**
     * The engine does not take the certificate that is given.
     */
    DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_REFUSED = 5,
    /**
     * The private key does not belong to the certificate that is given with it.
     */
    DOCKLINE_TLS_FAILURE_KEY_MISMATCH = 6,
    /**
     * The engine is spoken to by TLS and does not speak it.
     */
    DOCKLINE_TLS_FAILURE_NOT_TLS = 7,
    /**
     * The engine speaks TLS and is spoken to without.
     */
    DOCKLINE_TLS_FAILURE_TLS_EXPECTED = 8,
    /**
     * Anything else: no common version or cipher, a message that makes no sense.
     */
    DOCKLINE_TLS_FAILURE_PROTOCOL = 9,
} dockline_tls_failure;

/**
 * Ends calls and streams from another thread.
 *
 * Make one with dockline_cancel_token_new() and give it to dockline_context_derive(), or take the one of a
 * stream. Any thread may cancel at any time; this is the one object, besides a context, that
 * several threads use at once. It lives until it is freed, whatever it ends.
 */
typedef struct dockline_cancel_token dockline_cancel_token;

/**
 * An opened docker context: one engine, with its address, settings and API version.
 *
 * Many threads may use one at once; no lock is held across a call. Streams and contexts made from
 * it do not need it any longer: free it when you like.
 */
typedef struct dockline_context dockline_context;

/**
 * Bytes that come from the engine, such as a tar: in constant memory whatever their number.
 *
 * One thread at a time. Freeing it closes the connection, also in the middle.
 */
typedef struct dockline_download dockline_download;

/**
 * Why a call failed. It is yours: free it with dockline_error_free().
 *
 * A function that fails makes one if its last argument is not NULL. Any thread may read it.
 */
typedef struct dockline_error dockline_error;

/**
 * The standard input of a running program, from dockline_container_attach(),
 * dockline_container_attach_websocket() or dockline_exec_start().
 *
 * It came with a dockline_output, the other direction of the same connection. They do not wait for
 * each other: one thread may be in any function with the input while another is in any function
 * with the output. So read the output while you write much: engines take no more input from those
 * who do not read. The handle of dockline_output_cancel_token() ends both directions; the
 * connection closes when both are freed, in any order.
 */
typedef struct dockline_input dockline_input;

/**
 * What a container writes, piece by piece as it is written.
 *
 * One thread at a time. Freeing it closes the connection, also in the middle; the container goes on.
 * If it came with a dockline_input, the connection closes when both are freed.
 */
typedef struct dockline_output dockline_output;

/**
 * The whole response to a raw request. Any number of threads may read it.
 */
typedef struct dockline_response dockline_response;

/**
 * One call as it went over the wire: what the callback of dockline_context_on_result() gets.
 *
 * Of each body at most the capture limit is kept (64 KiB unless set otherwise); the counts beside
 * them are of the whole. Credentials are replaced by [redacted] unless "reveal_secrets" is set.
 * All texts and bytes belong to the result.
 */
typedef struct dockline_result dockline_result;

/**
 * Where the bytes of an upload come from: a callback, a descriptor or a file.
 *
 * An upload reads a source to its end and takes a few KiB of memory whatever its size. It does not
 * own it: free it afterwards with dockline_source_free(). One thread at a time.
 */
typedef struct dockline_source dockline_source;

/**
 * A response in several JSON values, one by one as they come: events, the progress of work, or that
 * of a service.
 *
 * One thread at a time. Freeing it closes the connection, also in the middle; of work in progress
 * the engine then gives up what is left, but a service goes on.
 */
typedef struct dockline_stream dockline_stream;

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

/**
 * A wait that the engine has begun. One thread at a time.
 */
typedef struct dockline_wait dockline_wait;

/**
 * A piece of output. Pieces have no meaning of their own: engines cut output as they like, and so
 * may a line be cut. This struct will not change.
 */
typedef struct {
    /**
     * DOCKLINE_STDOUT or DOCKLINE_STDERR.
     */
    int stream;
    /**
     * The bytes; no NUL follows them.
     */
    const void *data;
    /**
     * Their number, never 0.
     */
    size_t length;
} dockline_frame;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The negative dockline_status that the call returned; 0 for NULL.
 */
int dockline_error_code(const dockline_error *error);

/**
 * The HTTP status that the engine answered with; 0 if that is not what failed.
 */
int dockline_error_http_status(const dockline_error *error);

/**
 * What is wrong about TLS, a dockline_tls_failure; 0 if the code is not DOCKLINE_TLS.
 */
int dockline_error_tls_failure(const dockline_error *error);

/**
 * The system's error number (errno) behind it; 0 if there is none.
 */
int dockline_error_errno(const dockline_error *error);

/**
 * What failed: the Engine API's name of the operation, such as "ContainerStart", or the name of a
 * function that calls no engine. Never NULL; "" for NULL. It lives as long as the error.
 */
const char *dockline_error_operation(const dockline_error *error);

/**
 * What happened and, where that is known, what to do, for people; the engine's own words are in
 * it. Never NULL; "" for NULL. It lives as long as the error.
 */
const char *dockline_error_message(const dockline_error *error);

/**
 * Frees an error. NULL is allowed.
 */
void dockline_error_free(dockline_error *error);

/**
 * Frees a text that came through a char **. NULL is allowed.
 */
void dockline_string_free(char *text);

/**
 * Makes an object without members. Free it with dockline_value_free().
 */
dockline_value *dockline_value_new(void);

/**
 * Makes an array without items. Free it with dockline_value_free().
 */
dockline_value *dockline_value_new_array(void);

/**
 * Makes a value of JSON text, which need not end with NUL.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT with line and column in the message.
 * Free *value with dockline_value_free().
 */
int dockline_value_parse(const void *json,
                         size_t length,
                         dockline_value **value,
                         dockline_error **error);

/**
 * Makes JSON text of a value: on one line, or for people, with a line for each member and item.
 *
 * length may be NULL.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * Free *text with dockline_string_free().
 */
int dockline_value_print(const dockline_value *value,
                         bool pretty,
                         char **text,
                         size_t *length,
                         dockline_error **error);

/**
 * Copies a value, or a part of one, with all that is in it.
 *
 * Returns NULL for NULL. Free the copy with dockline_value_free().
 */
dockline_value *dockline_value_clone(const dockline_value *value);

/**
 * Frees a value and all its parts. NULL is allowed.
 */
void dockline_value_free(dockline_value *value);

/**
 * Whether two values are equal. Members of objects may be in different order; 1 and 1.0 differ;
 * NULL equals NULL only.
 */
bool dockline_value_equal(const dockline_value *a, const dockline_value *b);

/**
 * The type of a value.
 */
dockline_type dockline_value_type(const dockline_value *value);

/**
 * Finds a part of a value by JSON Pointer.
 *
 * Returns NULL if there is nothing, if the pointer is malformed, and for NULL; so calls can be
 * nested: dockline_value_string(dockline_value_get(container, "/Id"), "").
 * The part belongs to the value.
 */
const dockline_value *dockline_value_get(const dockline_value *value, const char *pointer);

/**
 * Finds a part of a value by JSON Pointer that must be there and be of the expected type,
 * one of dockline_type. DOCKLINE_TYPE_DOUBLE takes integers too.
 *
 * Returns DOCKLINE_OK; DOCKLINE_DECODE with a message that says how far the path exists and what
 * is missing, or which type is there; or DOCKLINE_INVALID_ARGUMENT.
 * *part belongs to the value.
 */
int dockline_value_require(const dockline_value *value,
                           const char *pointer,
                           int expected,
                           const dockline_value **part,
                           dockline_error **error);

/**
 * The number of items of an array or of members of an object; 0 for all else and for NULL.
 */
size_t dockline_value_size(const dockline_value *value);

/**
 * The item of an array, or the value of the member of an object, at an index that counts from 0.
 *
 * Returns NULL past the end, for all else and for NULL. The item belongs to the value.
 */
const dockline_value *dockline_value_at(const dockline_value *value, size_t index);

/**
 * The name of the member of an object at an index that counts from 0.
 *
 * Returns NULL past the end, for all else and for NULL. The name belongs to the value.
 */
const char *dockline_value_key(const dockline_value *value, size_t index);

/**
 * The length in bytes of the name of the member at an index, since names may hold NUL; 0 where
 * dockline_value_key() gives NULL.
 */
size_t dockline_value_key_length(const dockline_value *value, size_t index);

/**
 * The text of a value, in UTF-8 and with a NUL at its end. It belongs to the value.
 *
 * Returns fallback, which may be NULL, if the value is no text, and for NULL.
 */
const char *dockline_value_string(const dockline_value *value, const char *fallback);

/**
 * The length in bytes of the text of a value, since texts may hold NUL; 0 if it is no text.
 */
size_t dockline_value_string_length(const dockline_value *value);

/**
 * The number, if it is an integer up to INT64_MAX; else fallback.
 */
int64_t dockline_value_int(const dockline_value *value, int64_t fallback);

/**
 * The number, if it is an integer and not below 0; else fallback.
 */
uint64_t dockline_value_uint(const dockline_value *value, uint64_t fallback);

/**
 * The number, integer or not; else fallback. Integers beyond 2 to the 53rd are rounded.
 */
double dockline_value_double(const dockline_value *value, double fallback);

/**
 * true or false, if it is one; else fallback.
 */
bool dockline_value_bool(const dockline_value *value, bool fallback);

/**
 * Sets the part at a JSON Pointer to a copy of the text.
 *
 * This is true of all dockline_value_set functions: what was there is replaced. Missing parents
 * are made: an array where the next name is "-" or "0", else an object. The name "-" appends to an
 * array, as does the index after its last: "/Env/-". All parts got from the value before are gone.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT, and then nothing has changed.
 */
int dockline_value_set_string(dockline_value *value,
                              const char *pointer,
                              const char *text,
                              dockline_error **error);

/**
 * Sets the part at a JSON Pointer to a copy of a text of this length in bytes, which may hold NUL.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_stringn(dockline_value *value,
                               const char *pointer,
                               const char *text,
                               size_t length,
                               dockline_error **error);

/**
 * Sets the part at a JSON Pointer to a number.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_int(dockline_value *value,
                           const char *pointer,
                           int64_t number,
                           dockline_error **error);

/**
 * Sets the part at a JSON Pointer to a number.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_uint(dockline_value *value,
                            const char *pointer,
                            uint64_t number,
                            dockline_error **error);

/**
 * Sets the part at a JSON Pointer to a number, which must be finite.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_double(dockline_value *value,
                              const char *pointer,
                              double number,
                              dockline_error **error);

/**
 * Sets the part at a JSON Pointer to true or false.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_bool(dockline_value *value,
                            const char *pointer,
                            bool flag,
                            dockline_error **error);

/**
 * Sets the part at a JSON Pointer to null.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_null(dockline_value *value, const char *pointer, dockline_error **error);

/**
 * Sets the part at a JSON Pointer to an object without members.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_object(dockline_value *value, const char *pointer, dockline_error **error);

/**
 * Sets the part at a JSON Pointer to an array without items.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_array(dockline_value *value, const char *pointer, dockline_error **error);

/**
 * Sets the part at a JSON Pointer to a copy of another value, which may be a part of this one.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_set_value(dockline_value *value,
                             const char *pointer,
                             const dockline_value *other,
                             dockline_error **error);

/**
 * Removes the part at a JSON Pointer; items after it move up. All parts got from the value before
 * are gone.
 *
 * Returns DOCKLINE_OK, DOCKLINE_NOT_MODIFIED if there was nothing, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_value_remove(dockline_value *value, const char *pointer, dockline_error **error);

/**
 * Opens the engine that the docker command would use. That is, of these, the first: the address in
 * DOCKER_HOST, with the certificates of DOCKER_CERT_PATH where DOCKER_TLS_VERIFY is set; the docker
 * context that DOCKER_CONTEXT names; the one that "docker context use" made the current one; the
 * socket unix:///var/run/docker.sock. The configuration is in the directory DOCKER_CONFIG, or else
 * ~/.docker; its HttpHeaders go along with every request. DOCKER_API_VERSION pins the API version.
 *
 * Where nothing is named and nobody listens at that socket, those of rootless Docker, Docker Desktop,
 * Colima, Rancher Desktop and Podman are looked for. Only where there are several sockets are they
 * connected to, to see which one is answered; nothing is sent. dockline_context_endpoint() tells what
 * was chosen, dockline_context_endpoint_source_text() why, and a call that finds nobody there where else was
 * looked.
 *
 * No connection is made yet: the first call makes one, and finds out which API version to speak.
 *
 * Returns DOCKLINE_OK; DOCKLINE_INVALID_ARGUMENT when a variable or a file is not well-formed, or
 * there is no docker context of the name; DOCKLINE_IO when a file cannot be read; DOCKLINE_TLS when a
 * key does not belong to its certificate. Free *context with dockline_context_free().
 */
int dockline_context_from_env(dockline_context **context,
                              dockline_error **error);

/**
 * Opens the engine at an address, with settings.
 *
 * host: unix:///path, /path, tcp://host[:port], http://host[:port], https://host[:port] or
 * ssh://[user@]host[:port][/path]; then the docker command's variables and configuration do not count,
 * but for DOCKER_API_VERSION. NULL for what dockline_context_from_env() would open. ssh:// runs the
 * system's ssh, which logs in by its own configuration and never asks on the terminal; the path is
 * that of the engine's socket on the other machine.
 *
 * Options, all of which may be left out:
 * "docker_context" (text: with host NULL, the docker context of this name, whatever the environment
 * names),
 * "tls" (an object, by which tcp:// means TLS as well, on port 2376 unless host names one: "ca", the
 * certificates of the authorities to trust and no others, those of the system unless given; "cert"
 * and "key", our certificate and its private key; each the path of a PEM file, or its text;
 * "skip_verify", boolean: talks to whoever answers, without checking who it is; false),
 * "headers" (an object of strings: headers for every request, in the place of those of the same name in
 * HttpHeaders; "User-Agent" is how the program calls itself),
 * "proxy" (text, http://[user:password@]host[:port]: the HTTP proxy that leads to an engine by TCP; ""
 * for none; without it, with host NULL, the one that HTTP_PROXY or, for TLS, HTTPS_PROXY names, unless
 * NO_PROXY excepts the engine or it is on this machine),
 * "api_version" (text such as "1.41": speaks this version and does not ask the engine),
 * "connect_timeout" (seconds, 10; over ssh until the engine answers), "read_timeout" (seconds between
 * two pieces of a response and before its beginning, 60), "write_timeout" (seconds for the engine to
 * take the next piece of a request, 60), "stream_timeout" (seconds, instead of "read_timeout" for
 * streams, wait, and calls that take as long as their work; none), "deadline" (seconds for each whole
 * call; none),
 * "capture_limit" (bytes of each body that the result callback gets, 65536), "reveal_secrets"
 * (boolean: the result callback gets credentials as they are; false),
 * "credentials" (where calls to registries take credentials from that have none of their own: "user",
 * unless given, for what the docker command has for this user, see dockline_credentials_find();
 * "none"; or an object of credentials, as for dockline_system_auth(), by the host of their registry),
 * "helper_timeout" (seconds for a credential helper to do its work; 60).
 * Seconds may have a fraction; 0 is for ever.
 *
 * Returns DOCKLINE_OK, or as dockline_context_from_env().
 * Free *context with dockline_context_free().
 */
int dockline_context_open(const char *host,
                          const dockline_value *options,
                          dockline_context **context,
                          dockline_error **error);

/**
 * Makes another context for the same engine, with other settings for its calls. It shares
 * connections, API version and result callback with the first.
 *
 * Options are those of dockline_context_open() about time and about the result callback; what is left
 * out stays as it is.
 * token: what ends the calls of the new context from another thread; NULL for none.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT. Free *derived with dockline_context_free().
 */
int dockline_context_derive(const dockline_context *context,
                            const dockline_value *options,
                            const dockline_cancel_token *token,
                            dockline_context **derived,
                            dockline_error **error);

/**
 * Calls callback once for each call with this context from now on, good or failed, when it is
 * over, on the thread that made it: for a stream, on the thread that reaches its end or frees it.
 *
 * The result is valid during the callback; dockline_result_clone() keeps it. The callback may call
 * this library, also with the same context, and several threads may be in it at once. It must
 * return, not jump out or throw.
 *
 * callback: NULL for none. user_data: passed on. release: called once with user_data, on any
 * thread, when neither the context nor a stream or context made from it needs it any longer; may be
 * NULL.
 *
 * Set it before other threads use the context. Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT
 * (then release is not called).
 */
int dockline_context_on_result(dockline_context *context,
                               void (*callback)(void *user_data, const dockline_result *result),
                               void *user_data,
                               void (*release)(void *user_data),
                               dockline_error **error);

/**
 * Where the engine listens, such as "unix:///var/run/docker.sock". Belongs to the context; "" for
 * NULL.
 */
const char *dockline_context_endpoint(const dockline_context *context);

/**
 * What said that it is this engine, in a word: "host" (the program gave it), "docker_context" (the
 * program named it), "DOCKER_HOST", "DOCKER_CONTEXT", "currentContext" (of config.json), "default", or
 * "found" (nobody is at the default socket, and another one is there). Belongs to the context; "" for
 * NULL.
 */
const char *dockline_context_endpoint_source(const dockline_context *context);

/**
 * The same for people, such as docker context "web", named by DOCKER_CONTEXT. Belongs to the context;
 * "" for NULL.
 */
const char *dockline_context_endpoint_source_text(const dockline_context *context);

/**
 * The API version in use, such as "1.41": pinned, or the newest that both sides speak. Asks the
 * engine if no call has done so yet.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. *version belongs to the context.
 */
int dockline_context_api_version(const dockline_context *context,
                                 const char **version,
                                 dockline_error **error);

/**
 * Frees a context. Calls under way on other threads must be over; streams may go on. NULL is
 * allowed.
 */
void dockline_context_free(dockline_context *context);

/**
 * Lists the contexts of the docker command, as "docker context ls" does, "default" first, which is no
 * file but what the environment says. Opens none: see "docker_context" of dockline_context_open().
 *
 * Returns DOCKLINE_OK; DOCKLINE_INVALID_ARGUMENT where a variable or a file of the configuration is
 * broken, DOCKLINE_IO where a file cannot be read; both say which.
 * *list is an array of objects: "Name", "Description", "Host" (in the docker command's words),
 * "Current" (boolean: dockline_context_from_env() would open it), and where it is reached by TLS "TLS"
 * (object, as "tls" of dockline_context_open() takes it). Free it with dockline_value_free().
 */
int dockline_docker_context_list(dockline_value **list,
                                 dockline_error **error);

/**
 * Finds one context of the docker command by its name. Opens nothing.
 *
 * Returns as dockline_docker_context_list(), and DOCKLINE_INVALID_ARGUMENT where there is none of the
 * name, saying which there are.
 * *context is an object, as in that list; free it with dockline_value_free().
 */
int dockline_docker_context_inspect(const char *name,
                                    dockline_value **context,
                                    dockline_error **error);

/**
 * Makes a cancel handle. Free it with dockline_cancel_token_free().
 */
dockline_cancel_token *dockline_cancel_token_new(void);

/**
 * Ends everything that runs with this handle, now and later: what is under way returns
 * DOCKLINE_CANCELLED within a millisecond, later calls at once. There is no way back. NULL is
 * allowed.
 */
void dockline_cancel_token_cancel(const dockline_cancel_token *token);

/**
 * Whether dockline_cancel_token_cancel() was called; false for NULL.
 */
bool dockline_cancel_token_is_cancelled(const dockline_cancel_token *token);

/**
 * Frees a cancel handle; this cancels nothing. NULL is allowed.
 */
void dockline_cancel_token_free(dockline_cancel_token *token);

/**
 * The operation as the Engine API calls it, such as "ContainerList". NULL for NULL.
 */
const char *dockline_result_operation(const dockline_result *result);

/**
 * The HTTP method. NULL for NULL.
 */
const char *dockline_result_method(const dockline_result *result);

/**
 * The engine's address, such as "unix:///var/run/docker.sock". NULL for NULL.
 */
const char *dockline_result_endpoint(const dockline_result *result);

/**
 * The URL with version prefix and query. On a Unix socket the host in it is localhost. NULL for
 * NULL.
 */
const char *dockline_result_url(const dockline_result *result);

/**
 * Request line and headers as sent; empty when nothing was sent. length: where to put the number
 * of bytes; may be NULL.
 */
const char *dockline_result_request_head(const dockline_result *result, size_t *length);

/**
 * The beginning of the request's body. length: where to put the number of bytes; may be NULL.
 */
const void *dockline_result_request_body(const dockline_result *result, size_t *length);

/**
 * Length of the whole request body, in bytes.
 */
uint64_t dockline_result_request_bytes(const dockline_result *result);

/**
 * The HTTP status; 0 when no response came.
 */
int dockline_result_status(const dockline_result *result);

/**
 * Status line and headers as received; empty when no response came. length: where to put the number
 * of bytes; may be NULL.
 */
const char *dockline_result_response_head(const dockline_result *result, size_t *length);

/**
 * The beginning of the response's body. length: where to put the number of bytes; may be NULL.
 */
const void *dockline_result_response_body(const dockline_result *result, size_t *length);

/**
 * Length of the whole response's body as far as it was read, in bytes.
 */
uint64_t dockline_result_response_bytes(const dockline_result *result);

/**
 * When the call began, in nanoseconds since 1970 by the wall clock.
 */
int64_t dockline_result_started(const dockline_result *result);

/**
 * When the call was over, in nanoseconds since 1970 by the wall clock.
 */
int64_t dockline_result_ended(const dockline_result *result);

/**
 * How long the call took, in nanoseconds by the monotonic clock.
 */
int64_t dockline_result_duration(const dockline_result *result);

/**
 * Why the call failed, in words; NULL when it did not.
 */
const char *dockline_result_error(const dockline_result *result);

/**
 * How many notes there are: see dockline_result_note().
 */
size_t dockline_result_notes(const dockline_result *result);

/**
 * What else is to be told of the call, in words, such as that a credential helper is missing and the
 * call went on without credentials. NULL where there is no note at index.
 */
const char *dockline_result_note(const dockline_result *result,
                                 size_t index);

/**
 * A copy that outlives the callback; NULL for NULL. Free it with dockline_result_free().
 */
dockline_result *dockline_result_clone(const dockline_result *result);

/**
 * Frees a copy. NULL is allowed. Never free the one that a callback gets.
 */
void dockline_result_free(dockline_result *result);

/**
 * A source that asks a callback for bytes.
 *
 * read: puts at most capacity bytes into buffer and their number into *length, and returns 0; a
 * number of 0 is the end. Anything but 0 ends the upload with DOCKLINE_IO: a positive value is
 * taken for an errno. It is called on the thread that uploads, may call this library, and must
 * return, not jump out or throw. user_data: passed on. release: called once with user_data when the
 * source is freed; may be NULL.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT (then release is not called).
 * Free *source with dockline_source_free().
 */
int dockline_source_from_callback(int (*read)(void *user_data,
                                              void *buffer,
                                              size_t capacity,
                                              size_t *length),
                                  void *user_data,
                                  void (*release)(void *user_data),
                                  dockline_source **source,
                                  dockline_error **error);

/**
 * A source that reads from a descriptor: a file, a pipe or a socket, from where it stands to its
 * end. The descriptor stays yours and must be open as long as the source is used.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT. Free *source with dockline_source_free().
 */
int dockline_source_from_fd(int fd, dockline_source **source, dockline_error **error);

/**
 * A source that reads a file.
 *
 * Returns DOCKLINE_OK; DOCKLINE_IO, with errno, when the file cannot be opened; or
 * DOCKLINE_INVALID_ARGUMENT. Free *source with dockline_source_free().
 */
int dockline_source_from_path(const char *path, dockline_source **source, dockline_error **error);

/**
 * Frees a source. NULL is allowed.
 */
void dockline_source_free(dockline_source *source);

/**
 * Waits for the next item.
 *
 * Returns DOCKLINE_OK; DOCKLINE_END when the stream has ended; or a negative dockline_status, after
 * which nothing more comes, but from dockline_system_events_reconnecting(): DOCKLINE_STREAM when the engine reports a failure, DOCKLINE_DISCONNECTED
 * when it broke off, DOCKLINE_CANCELLED, DOCKLINE_TIMEOUT.
 * *item belongs to the stream, until the next call with it.
 */
int dockline_stream_next(dockline_stream *stream,
                         const dockline_value **item,
                         dockline_error **error);

/**
 * Calls callback for each item until the stream ends or callback returns something but 0.
 *
 * callback: gets user_data and the item, which is valid during the call; it may call this library,
 * but not with the same stream. It must return, not jump out or throw.
 *
 * Returns DOCKLINE_OK at the end of the stream; DOCKLINE_STOPPED when the callback ended it; or a
 * negative dockline_status as dockline_stream_next().
 */
int dockline_stream_each(dockline_stream *stream,
                         int (*callback)(void *user_data, const dockline_value *item),
                         void *user_data,
                         dockline_error **error);

/**
 * A handle that ends the stream from another thread, also while this one waits for an item. Take
 * it before that thread begins. NULL for NULL. Free it with dockline_cancel_token_free(); it may outlive
 * the stream.
 */
dockline_cancel_token *dockline_stream_cancel_token(dockline_stream *stream);

/**
 * Frees a stream and closes its connection. NULL is allowed.
 */
void dockline_stream_free(dockline_stream *stream);

/**
 * Waits for the next piece of output.
 *
 * Returns DOCKLINE_OK; DOCKLINE_END when there is no more; or a negative dockline_status, after which
 * nothing more comes: DOCKLINE_STREAM when the engine reports a failure, DOCKLINE_DISCONNECTED when
 * it broke off, DOCKLINE_CANCELLED, DOCKLINE_TIMEOUT.
 * The bytes of *frame belong to the output, until the next call with it.
 */
int dockline_output_next(dockline_output *output,
                         dockline_frame *frame,
                         dockline_error **error);

/**
 * Calls callback for each piece of output until there is no more or callback returns something but
 * 0.
 *
 * callback: gets user_data and the piece, which is valid during the call; it may call this library,
 * but not with the same output. It must return, not jump out or throw.
 *
 * Returns DOCKLINE_OK at the end; DOCKLINE_STOPPED when the callback ended it; or a negative
 * dockline_status as dockline_output_next().
 */
int dockline_output_each(dockline_output *output,
                         int (*callback)(void *user_data, const dockline_frame *frame),
                         void *user_data,
                         dockline_error **error);

/**
 * Ends the output with the container that wait is for, so that it ends also where the engine fails to
 * end it: two seconds after the container has ended, if nothing has come in the meantime.
 * dockline_output_finish() then gives the exit code.
 *
 * output: of dockline_container_logs() with "follow", or of dockline_container_attach().
 * wait: begun and not finished; it becomes a part of the output, and what is left of it is freed with
 * dockline_wait_free() as ever.
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 */
int dockline_output_until_exit(dockline_output *output,
                               dockline_wait *wait,
                               dockline_error **error);

/**
 * Reads and drops what is left of an output with dockline_output_until_exit(), and gives the exit code
 * of the container, which is data: 3 is no error. Once only.
 *
 * Returns DOCKLINE_OK; DOCKLINE_DISCONNECTED when the engine has died and not the container;
 * DOCKLINE_CANCELLED; or another negative dockline_status.
 */
int dockline_output_finish(dockline_output *output,
                           int64_t *exit_code,
                           dockline_error **error);

/**
 * Whether the container has a terminal, so that everything is DOCKLINE_STDOUT; false for NULL, and
 * by websocket, which does not tell.
 */
bool dockline_output_is_terminal(const dockline_output *output);

/**
 * A handle that ends the output from another thread, also while this one waits for a piece. Take
 * it before that thread begins. It ends the dockline_input, too, that came with the output. NULL for
 * NULL. Free it with dockline_cancel_token_free(); it may outlive the output.
 */
dockline_cancel_token *dockline_output_cancel_token(const dockline_output *output);

/**
 * Frees an output and closes its connection. NULL is allowed.
 */
void dockline_output_free(dockline_output *output);

/**
 * Writes all of data, waiting until the engine takes it.
 *
 * Returns DOCKLINE_OK; DOCKLINE_DISCONNECTED when the program or the engine has ended;
 * DOCKLINE_TIMEOUT after the context's "write_timeout" without progress; DOCKLINE_CANCELLED; or
 * DOCKLINE_INVALID_ARGUMENT after dockline_input_close(). After a failure a part may be written.
 */
int dockline_input_write(dockline_input *input,
                         const void *data,
                         size_t length,
                         dockline_error **error);

/**
 * Ends the input: the program reads its end, and what it still writes can be read. Once it is
 * closed this does nothing.
 *
 * The engine passes the end on to an exec without a terminal, and to a container that was made
 * with "OpenStdin" and "StdinOnce" and without a terminal. Other containers go on, and the engine
 * may end their output.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 */
int dockline_input_close(dockline_input *input, dockline_error **error);

/**
 * Frees an input. This does not end it while its output is not freed: dockline_input_close() does.
 * NULL is allowed.
 */
void dockline_input_free(dockline_input *input);

/**
 * Waits for the next bytes.
 *
 * Returns DOCKLINE_OK; DOCKLINE_END when there are no more; or a negative dockline_status, after
 * which nothing more comes: DOCKLINE_DISCONNECTED when the engine broke off, DOCKLINE_CANCELLED,
 * DOCKLINE_TIMEOUT. *data, with *length bytes, belongs to the download, until the next call with it.
 */
int dockline_download_next(dockline_download *download,
                           const void **data,
                           size_t *length,
                           dockline_error **error);

/**
 * Writes what is left of a download to a descriptor, which stays yours. A socket whose peer may go
 * away raises SIGPIPE as every write does.
 *
 * total: where to put the number of bytes; may be NULL.
 * Returns DOCKLINE_OK, DOCKLINE_IO when writing fails, or as dockline_download_next().
 */
int dockline_download_to_fd(dockline_download *download,
                            int fd,
                            uint64_t *total,
                            dockline_error **error);

/**
 * Writes what is left of a download to a file, which is made, or emptied if it is there.
 *
 * total: where to put the number of bytes; may be NULL.
 * Returns DOCKLINE_OK, DOCKLINE_IO when writing fails, or as dockline_download_next(). After a
 * failure the file may hold a part.
 */
int dockline_download_to_path(dockline_download *download,
                              const char *path,
                              uint64_t *total,
                              dockline_error **error);

/**
 * Calls callback with all that is left of a download, piece by piece.
 *
 * callback: gets user_data and bytes that are valid during the call, takes all of them and returns
 * 0. Anything but 0 ends the download with DOCKLINE_IO: a positive value is taken for an errno.
 *
 * total: where to put the number of bytes; may be NULL.
 * Returns DOCKLINE_OK, or as dockline_download_next().
 */
int dockline_download_each(dockline_download *download,
                           int (*callback)(void *user_data, const void *data, size_t length),
                           void *user_data,
                           uint64_t *total,
                           dockline_error **error);

/**
 * A handle that ends the download from another thread, also while this one waits for bytes. Take
 * it before that thread begins. NULL for NULL. Free it with dockline_cancel_token_free(); it may outlive
 * the download.
 */
dockline_cancel_token *dockline_download_cancel_token(const dockline_download *download);

/**
 * Frees a download and closes its connection. NULL is allowed.
 */
void dockline_download_free(dockline_download *download);

/**
 * Asks whether the engine is there, and what it says of itself (HEAD /_ping, and GET /_ping where
 * HEAD is not understood).
 *
 * *ping has "/APIVersion" (text, or null when not said), "/OSType", "/Experimental" (boolean),
 * "/BuilderVersion", "/Swarm" and "/Server".
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *ping with dockline_value_free().
 */
int dockline_system_ping(const dockline_context *context,
                         dockline_value **ping,
                         dockline_error **error);

/**
 * Versions of the engine and of its components (GET /version).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *version with dockline_value_free().
 */
int dockline_system_version(const dockline_context *context,
                            dockline_value **version,
                            dockline_error **error);

/**
 * The state of the whole engine: counts, drivers, limits, host, swarm (GET /info).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *info with dockline_value_free().
 */
int dockline_system_info(const dockline_context *context,
                         dockline_value **info,
                         dockline_error **error);

/**
 * Asks a registry whether it accepts these credentials (POST /auth). Nothing is stored, by the
 * engine or here; the result callback does not get to see them.
 *
 * credentials: "username" and "password", or "identitytoken"; "serveraddress" (text: the registry;
 * Docker Hub unless given).
 *
 * Returns DOCKLINE_OK, DOCKLINE_UNAUTHORIZED when the registry does not accept them,
 * DOCKLINE_ENGINE when it cannot be reached, or another negative dockline_status.
 * *answer has "/Status" and "/IdentityToken" (text: to be used from now on instead of the
 * password; empty where the registry gives none); free it with dockline_value_free().
 */
int dockline_system_auth(const dockline_context *context,
                         const dockline_value *credentials,
                         dockline_value **response,
                         dockline_error **error);

/**
 * What the disk is used for (GET /system/df). Since API 1.25. The engine may look at every file of
 * every volume for it, so only "stream_timeout" counts.
 *
 * Options: "type" (array of texts, since API 1.42: only these of "container", "image", "volume"
 * and "build-cache"), "verbose" (boolean, since API 1.52: also each of them; engines below send
 * them always).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *usage has "/Images", "/Containers", "/Volumes" and "/BuildCache" (arrays of objects) and
 * "/LayersSize" (bytes). Since API 1.52 also "/ImageUsage", "/ContainerUsage", "/VolumeUsage" and
 * "/BuildCacheUsage" (objects with "TotalCount", "TotalSize", "ActiveCount" and "Reclaimable"),
 * which with "verbose" hold the arrays in their place, as "Items". Free it with
 * dockline_value_free().
 */
int dockline_system_data_usage(const dockline_context *context,
                               const dockline_value *options,
                               dockline_value **usage,
                               dockline_error **error);

/**
 * What dockline_system_data_usage() told, summed up the same way for all API versions. Below 1.52
 * the sums are reckoned from the arrays, as the docker CLI does.
 *
 * usage: the response of dockline_system_data_usage().
 *
 * Returns DOCKLINE_OK, or DOCKLINE_INVALID_ARGUMENT.
 * *totals has "/Images", "/Containers", "/Volumes" and "/BuildCache", objects with "TotalCount",
 * "ActiveCount" (how many are in use), "TotalSize" (bytes) and "Reclaimable" (bytes that removing
 * the others would free); free it with dockline_value_free().
 */
int dockline_system_data_usage_totals(const dockline_value *usage,
                                      dockline_value **totals,
                                      dockline_error **error);

/**
 * What happens in the engine, as it happens (GET /events).
 *
 * Options: "since" and "until" (Unix seconds; RFC 3339 text; or text such as "1h30m" for so long
 * ago), "filters" (object, such as {"type": "container", "event": ["start", "die"]}). Without
 * "until" the stream has no end of its own: see dockline_stream_cancel_token().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *events with dockline_stream_free().
 */
int dockline_system_events(const dockline_context *context,
                           const dockline_value *options,
                           dockline_stream **events,
                           dockline_error **error);

/**
 * As dockline_system_events(), and goes on where the connection was lost: what happened meanwhile is
 * told then, as far as the engine still knows, and nothing twice.
 *
 * That it is lost is told by dockline_stream_next() or dockline_stream_each() with
 * DOCKLINE_DISCONNECTED or another failure; the next call of either connects anew. So when to try
 * again, and when to give up, is the caller's to say. After DOCKLINE_CANCELLED, and at "until", it has
 * ended.
 *
 * Options: those of dockline_system_events().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *events with dockline_stream_free().
 */
int dockline_system_events_reconnecting(const dockline_context *context,
                                        const dockline_value *options,
                                        dockline_stream **events,
                                        dockline_error **error);

/**
 * Tells what calls about this image send, or about a plugin of this name, without credentials of
 * their own. Calls to registries find the credentials they need by themselves: this is for programs
 * that show them.
 *
 * With "credentials" of dockline_context_open() at "user", these are the ones that the docker command
 * has: in DOCKER_AUTH_CONFIG; in "auths", "credHelpers" and "credsStore" of config.json, which is in
 * the directory that DOCKER_CONFIG names, or else in .docker in the home directory; and with the helper
 * programs docker-credential-NAME that it names. They are looked up anew for each call.
 *
 * image: a reference, such as "registry.example.com:5000/team/app:1.2".
 *
 * Returns DOCKLINE_OK, or DOCKLINE_CANCELLED or DOCKLINE_TIMEOUT while a helper is at work; whatever
 * else goes wrong is a note.
 * *found has "/Registry" (text: the host of the registry, or https://index.docker.io/v1/ for Docker
 * Hub), "/Auth" (object with "/Auth/username" and so on, with the secrets in it; or null, when calls
 * are anonymous) and "/Notes" (array of texts: what went wrong on the way). Free it with
 * dockline_value_free(), which wipes it.
 */
int dockline_credentials_find(const dockline_context *context,
                              const char *image,
                              dockline_value **found,
                              dockline_error **error);

/**
 * Asks a registry whether it accepts these credentials (POST /auth), and keeps them where the docker
 * command keeps them, as docker login does: with the helper that config.json names, or else in that
 * file. An identity token that the registry returns takes the place of the password.
 *
 * credentials: as for dockline_system_auth(), which only asks.
 *
 * Returns DOCKLINE_OK, DOCKLINE_UNAUTHORIZED when the registry does not accept them, DOCKLINE_ENGINE
 * when it cannot be reached, DOCKLINE_IO when they cannot be stored, DOCKLINE_INVALID_ARGUMENT when
 * config.json is broken or "credentials" of dockline_context_open() is not "user", or another negative
 * dockline_status.
 * *login has "/Status" (text, such as "Login Succeeded") and "/Store" (text: the file, or the name of
 * the helper program); free it with dockline_value_free().
 */
int dockline_credentials_login(const dockline_context *context,
                               const dockline_value *credentials,
                               dockline_value **login,
                               dockline_error **error);

/**
 * Forgets the credentials for a registry, as docker logout does: both the helper and config.json. The
 * registry is not asked.
 *
 * registry: its host, with its port where it has one; NULL for Docker Hub.
 *
 * Returns DOCKLINE_OK, DOCKLINE_NOT_MODIFIED when there were none, DOCKLINE_IO when they cannot be
 * erased, or another negative dockline_status.
 */
int dockline_credentials_logout(const dockline_context *context,
                                const char *registry,
                                dockline_error **error);

/**
 * Lists containers (GET /containers/json). One request, whatever their number.
 *
 * Options: "all" (boolean: also those that do not run), "limit" (integer: only the newest so
 * many), "size" (boolean: also their sizes, which takes time), "filters" (object, such as
 * {"label": ["app=web"], "status": "exited"}).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *list is an array of objects; free it with dockline_value_free().
 */
int dockline_container_list(const dockline_context *context,
                            const dockline_value *options,
                            dockline_value **list,
                            dockline_error **error);

/**
 * Makes a container (POST /containers/create). It does not run yet.
 *
 * Options: "name" (text), "platform" (text: os[/arch[/variant]], since API 1.41).
 * body: the container's configuration as the Engine API defines it, "Image", "Cmd" and so on, with
 * "HostConfig" and "NetworkingConfig" in it. A field that does not exist, or that this engine does
 * not know yet, is an error before anything is sent.
 *
 * Returns DOCKLINE_OK, DOCKLINE_NOT_FOUND when the image is not there, DOCKLINE_CONFLICT when the
 * name is in use, or another negative dockline_status.
 * *created has "/Id" and "/Warnings"; free it with dockline_value_free().
 */
int dockline_container_create(const dockline_context *context,
                              const dockline_value *options,
                              const dockline_value *body,
                              dockline_value **created,
                              dockline_error **error);

/**
 * Tells everything about a container (GET /containers/{id}/json).
 *
 * id: its id, a beginning of its id, or its name, here and in all other functions.
 * Options: "size" (boolean: also its sizes).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *container with dockline_value_free().
 */
int dockline_container_inspect(const dockline_context *context,
                               const char *id,
                               const dockline_value *options,
                               dockline_value **container,
                               dockline_error **error);

/**
 * Changes the limits and the restart policy of a container, also while it runs
 * (POST /containers/{id}/update).
 *
 * body: what is to change, "Memory", "NanoCpus", "RestartPolicy" and so on; what is left out stays
 * as it is.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *updated has "/Warnings"; free it with dockline_value_free().
 */
int dockline_container_update(const dockline_context *context,
                              const char *id,
                              const dockline_value *body,
                              dockline_value **updated,
                              dockline_error **error);

/**
 * Gives a container another name (POST /containers/{id}/rename).
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the name is in use, or another negative
 * dockline_status.
 */
int dockline_container_rename(const dockline_context *context,
                              const char *id,
                              const char *name,
                              dockline_error **error);

/**
 * Deletes a container (DELETE /containers/{id}).
 *
 * Options: "v" (boolean: also its anonymous volumes), "force" (boolean: also when it runs), "link"
 * (boolean: deletes a link of this name instead).
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it runs and "force" is not set, or another negative
 * dockline_status.
 */
int dockline_container_delete(const dockline_context *context,
                              const char *id,
                              const dockline_value *options,
                              dockline_error **error);

/**
 * Deletes all containers that do not run (POST /containers/prune).
 *
 * Options: "filters" (object: "until", "label", "label!").
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT while another prune is under way, or another negative
 * dockline_status.
 * *pruned has "/ContainersDeleted" (array of ids, or null) and "/SpaceReclaimed" (bytes); free it
 * with dockline_value_free().
 */
int dockline_container_prune(const dockline_context *context,
                             const dockline_value *options,
                             dockline_value **pruned,
                             dockline_error **error);

/**
 * Starts a container (POST /containers/{id}/start).
 *
 * Options: "detachKeys" (text), "checkpoint" and "checkpoint-dir" (text; experimental engines
 * only).
 *
 * Returns DOCKLINE_OK, DOCKLINE_NOT_MODIFIED when it runs already, or a negative dockline_status.
 */
int dockline_container_start(const dockline_context *context,
                             const char *id,
                             const dockline_value *options,
                             dockline_error **error);

/**
 * Stops a container and waits until it has (POST /containers/{id}/stop).
 *
 * Options: "signal" (text, since API 1.42), "t" (integer: seconds until it is killed; -1 never
 * kills; the container's own stop timeout unless given). The read timeout is extended by "t";
 * without "t" only "stream_timeout" counts, since only the engine knows how long it may take.
 *
 * Returns DOCKLINE_OK, DOCKLINE_NOT_MODIFIED when it does not run, or a negative dockline_status.
 */
int dockline_container_stop(const dockline_context *context,
                            const char *id,
                            const dockline_value *options,
                            dockline_error **error);

/**
 * Stops a container, if it runs, and starts it (POST /containers/{id}/restart).
 *
 * Options: as dockline_container_stop().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 */
int dockline_container_restart(const dockline_context *context,
                               const char *id,
                               const dockline_value *options,
                               dockline_error **error);

/**
 * Sends a signal to the first process of a container (POST /containers/{id}/kill).
 *
 * Options: "signal" (text: by name or number; SIGKILL unless given).
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it does not run, or another negative
 * dockline_status.
 */
int dockline_container_kill(const dockline_context *context,
                            const char *id,
                            const dockline_value *options,
                            dockline_error **error);

/**
 * Freezes all processes of a container (POST /containers/{id}/pause).
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT when it does not run, or is frozen already (there some
 * engines use DOCKLINE_ENGINE); or another negative dockline_status.
 */
int dockline_container_pause(const dockline_context *context,
                             const char *id,
                             dockline_error **error);

/**
 * Lets the processes of a frozen container go on (POST /containers/{id}/unpause).
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT or DOCKLINE_ENGINE when it is not frozen, or another
 * negative dockline_status.
 */
int dockline_container_unpause(const dockline_context *context,
                               const char *id,
                               dockline_error **error);

/**
 * Waits for a container and gives its exit code, which is data: 3 is no error
 * (POST /containers/{id}/wait).
 *
 * Options: "condition" (text: "not-running", the default, which may be so already; "next-exit";
 * "removed").
 *
 * Returns DOCKLINE_OK; DOCKLINE_STREAM when the engine fails while it waits; or another negative
 * dockline_status.
 */
int dockline_container_wait(const dockline_context *context,
                            const char *id,
                            const dockline_value *options,
                            int64_t *exit_code,
                            dockline_error **error);

/**
 * Begins to wait for a container: when this returns, the engine is watching it. So a wait for
 * "next-exit" that was begun before the start misses no exit, however short the container lives.
 *
 * Options as dockline_container_wait().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *wait with dockline_wait_free().
 */
int dockline_container_wait_start(const dockline_context *context,
                                  const char *id,
                                  const dockline_value *options,
                                  dockline_wait **wait,
                                  dockline_error **error);

/**
 * Waits until the container has done what it was waited for, and gives its exit code. Once only.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status as dockline_container_wait().
 */
int dockline_wait_finish(dockline_wait *wait, int64_t *exit_code, dockline_error **error);

/**
 * A handle that ends the wait from another thread; the container is not touched. Take it before
 * dockline_wait_finish(). NULL for NULL and after that. Free it with dockline_cancel_token_free(); it
 * may outlive the wait.
 */
dockline_cancel_token *dockline_wait_cancel_token(const dockline_wait *wait);

/**
 * Frees a wait, which ends it; the container is not touched. NULL is allowed.
 */
void dockline_wait_free(dockline_wait *wait);

/**
 * Reads what a container has written to stdout and stderr, and with "follow" what it goes on to
 * write (GET /containers/{id}/logs).
 *
 * Options: "follow" (boolean), "stdout" and "stderr" (boolean, both true unless given), "since"
 * and "until" (Unix seconds; RFC 3339 text; or text such as "10m" for so long ago), "timestamps"
 * (boolean: the time and a blank before each line), "tail" (integer: so many lines from the end;
 * or "all"), "details" (boolean: what the logging driver keeps besides, before each line).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *output with dockline_output_free().
 */
int dockline_container_logs(const dockline_context *context,
                            const char *id,
                            const dockline_value *options,
                            dockline_output **output,
                            dockline_error **error);

/**
 * Connects to the output and input of a container (POST /containers/{id}/attach). Attach before
 * the start to miss nothing. The two are used by two threads at the same time: see dockline_input.
 *
 * Options: "detachKeys" (text: the keys that detach from its terminal, such as "ctrl-p,ctrl-q"),
 * "logs" (boolean: first what it has written before), "stream" (boolean, true unless given: what
 * it writes from now on), "stdin", "stdout" and "stderr" (boolean, all true unless given). Input
 * reaches a container that was made with "OpenStdin".
 * input: may be NULL if there is nothing to write.
 * The output ends alike when the container ends and when the engine dies: dockline_output_until_exit()
 * tells which.
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the container is frozen or restarting, or another
 * negative dockline_status.
 * Free *output with dockline_output_free() and *input with dockline_input_free().
 */
int dockline_container_attach(const dockline_context *context,
                              const char *id,
                              const dockline_value *options,
                              dockline_output **output,
                              dockline_input **input,
                              dockline_error **error);

/**
 * Connects to the output and input of a container by websocket (GET /containers/{id}/attach/ws),
 * for where nothing but HTTP and websockets gets through. dockline_container_attach() can more: it
 * tells stdout from stderr, and ends the input alone.
 *
 * Options: as dockline_container_attach(); leaving out one of "stdin", "stdout" and "stderr" since
 * API 1.42.
 * input: may be NULL if there is nothing to write.
 *
 * Returns DOCKLINE_OK, DOCKLINE_PROTOCOL when the engine does not answer as a websocket server, or
 * another negative dockline_status.
 * Free *output with dockline_output_free() and *input with dockline_input_free().
 */
int dockline_container_attach_websocket(const dockline_context *context,
                                        const char *id,
                                        const dockline_value *options,
                                        dockline_output **output,
                                        dockline_input **input,
                                        dockline_error **error);

/**
 * Tells the terminal of a running container its size, also while somebody is attached to it
 * (POST /containers/{id}/resize).
 *
 * h, w: rows and columns, 0 to 65535.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 */
int dockline_container_resize(const dockline_context *context,
                              const char *id,
                              int h,
                              int w,
                              dockline_error **error);

/**
 * Lists what a container has changed in the files of its image (GET /containers/{id}/changes).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *changes is an array of objects with "Path" and "Kind" (0 changed, 1 added, 2 deleted); free it
 * with dockline_value_free().
 */
int dockline_container_changes(const dockline_context *context,
                               const char *id,
                               dockline_value **changes,
                               dockline_error **error);

/**
 * Reads all files of a container as one tar (GET /containers/{id}/export).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *tar with dockline_download_free().
 */
int dockline_container_export(const dockline_context *context,
                              const char *id,
                              dockline_download **tar,
                              dockline_error **error);

/**
 * Tells size, mode and kind of a file or directory in a container (HEAD /containers/{id}/archive).
 *
 * Returns DOCKLINE_OK, DOCKLINE_NOT_FOUND when the container or the path is not there, or another
 * negative dockline_status.
 * *stat has "/name", "/size" (bytes), "/mode" (integer: the permissions, and above them the kind
 * as Go writes it), "/mtime" (RFC 3339 text) and "/linkTarget"; free it with
 * dockline_value_free().
 */
int dockline_container_archive_info(const dockline_context *context,
                                    const char *id,
                                    const char *path,
                                    dockline_value **stat,
                                    dockline_error **error);

/**
 * Reads a file or directory of a container as a tar (GET /containers/{id}/archive). With /. at the
 * end of the path the tar holds what is in the directory and not the directory.
 *
 * stat: where to put what dockline_container_archive_info() tells of the path; may be NULL.
 *
 * Returns DOCKLINE_OK, DOCKLINE_NOT_FOUND when the container or the path is not there, or another
 * negative dockline_status.
 * Free *tar with dockline_download_free() and *stat with dockline_value_free().
 */
int dockline_container_archive(const dockline_context *context,
                               const char *id,
                               const char *path,
                               dockline_download **tar,
                               dockline_value **stat,
                               dockline_error **error);

/**
 * Unpacks a tar, packed or not, into a directory of a container (PUT /containers/{id}/archive).
 *
 * Options: "path" (text: the directory, which must exist; must be given), "noOverwriteDirNonDir"
 * (boolean: fails where a file would take the place of a directory, or a directory that of a file),
 * "copyUIDGID" (boolean: gives the files the owner and group that they have in the tar, by
 * number).
 * tar: where the bytes come from.
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND when the container or the directory is not there;
 * DOCKLINE_BAD_REQUEST when the tar is broken or the path no directory; DOCKLINE_FORBIDDEN or
 * DOCKLINE_BAD_REQUEST when it is read-only; or another negative dockline_status.
 */
int dockline_container_put_archive(const dockline_context *context,
                                   const char *id,
                                   const dockline_value *options,
                                   dockline_source *tar,
                                   dockline_error **error);

/**
 * Lists the processes of a container (GET /containers/{id}/top).
 *
 * Options: "ps_args" (text: arguments of the ps that runs on the engine's host; -ef unless given).
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT or DOCKLINE_ENGINE when it does not run, or another
 * negative dockline_status.
 * *processes has "/Titles" (array of texts) and "/Processes" (array of arrays of texts, in the
 * order of the titles); free it with dockline_value_free().
 */
int dockline_container_top(const dockline_context *context,
                           const char *id,
                           const dockline_value *options,
                           dockline_value **processes,
                           dockline_error **error);

/**
 * Tells what a container uses, once a second until it is deleted (GET /containers/{id}/stats). The
 * first sample has no earlier one to compare with.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *samples with dockline_stream_free().
 */
int dockline_container_stats(const dockline_context *context,
                             const char *id,
                             dockline_stream **samples,
                             dockline_error **error);

/**
 * Tells what a container uses now (GET /containers/{id}/stats). This takes the engine one or two
 * seconds, unless "one-shot" is set.
 *
 * Options: "one-shot" (boolean, since API 1.41: one sample at once instead of two a second apart,
 * so that there is no earlier one to compare with).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *sample with dockline_value_free().
 */
int dockline_container_stats_once(const dockline_context *context,
                                  const char *id,
                                  const dockline_value *options,
                                  dockline_value **sample,
                                  dockline_error **error);

/**
 * CPU that a container used between the sample before and this one, in percent of one CPU, so up
 * to 100 per CPU: what docker stats shows. Linux only.
 *
 * sample: an item of dockline_container_stats(), or the response of dockline_container_stats_once().
 *
 * Returns fallback where there is no sample before or no time between them, and for NULL.
 */
double dockline_stats_cpu_percent(const dockline_value *sample,
                                  double fallback);

/**
 * The same between a sample of the container that was kept (see dockline_value_clone()) and this one.
 * With it two samples of dockline_container_stats_once() with "one-shot" do, which cost no time.
 *
 * Returns fallback where no time is between them, and for NULL.
 */
double dockline_stats_cpu_percent_since(const dockline_value *sample,
                                        const dockline_value *before,
                                        double fallback);

/**
 * Bytes of memory that a container uses without files that the kernel can drop at once: what
 * docker stats shows, which has them as a share of "/memory_stats/limit". Linux only.
 *
 * sample: as dockline_stats_cpu_percent().
 *
 * Returns fallback for NULL and for what is no sample.
 */
uint64_t dockline_stats_memory_used(const dockline_value *sample, uint64_t fallback);

/**
 * Keeps the state of a running container, to be started from with the option "checkpoint" of
 * dockline_container_start() (POST /containers/{id}/checkpoints).
 *
 * This and the next two are for experimental engines with CRIU; all others answer
 * DOCKLINE_UNAVAILABLE.
 *
 * body: "CheckpointID" (text: its name; must be given), "CheckpointDir" (text: the directory on the
 * engine's host to keep it in; the engine's own unless given), "Exit" (boolean: ends the container
 * afterwards).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 */
int dockline_checkpoint_create(const dockline_context *context,
                               const char *id,
                               const dockline_value *body,
                               dockline_error **error);

/**
 * Lists the checkpoints of a container (GET /containers/{id}/checkpoints).
 *
 * Options: "dir" (text: the directory they are kept in; the engine's own unless given).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *list is an array of objects with "Name"; free it with dockline_value_free().
 */
int dockline_checkpoint_list(const dockline_context *context,
                             const char *id,
                             const dockline_value *options,
                             dockline_value **list,
                             dockline_error **error);

/**
 * Deletes a checkpoint (DELETE /containers/{id}/checkpoints/{checkpoint}).
 *
 * Options: as dockline_checkpoint_list().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 */
int dockline_checkpoint_delete(const dockline_context *context,
                               const char *id,
                               const char *checkpoint,
                               const dockline_value *options,
                               dockline_error **error);

/**
 * Makes an exec: a program to be started in a running container (POST /containers/{id}/exec).
 *
 * body: "Cmd" (array of texts: the program and its arguments; must be given), "AttachStdin",
 * "AttachStdout" and "AttachStderr" (boolean: to be connected by dockline_exec_start()), "Tty"
 * (boolean: with a terminal, so that stdout and stderr are one), "ConsoleSize" (array of rows and
 * columns, since API 1.42), "Env" (array of texts), "User" and "WorkingDir" (text), "Privileged"
 * (boolean), "DetachKeys" (text).
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the container does not run or is frozen, or another
 * negative dockline_status.
 * *created has "/Id", which the other functions need; free it with dockline_value_free().
 */
int dockline_exec_create(const dockline_context *context,
                         const char *container,
                         const dockline_value *body,
                         dockline_value **created,
                         dockline_error **error);

/**
 * Starts the program of an exec and connects to it (POST /exec/{id}/start). Once only.
 *
 * The output ends when everything that holds the program's output has let go of it, and so it does
 * when the engine dies: dockline_exec_wait() tells which, with the exit code. A program that
 * cannot be started is no failure here: the engine says so among the output, and the exit code is
 * 126 or 127.
 *
 * body: "Tty" (boolean: must be what it was when the exec was made), "ConsoleSize" (array of rows
 * and columns, since API 1.42); NULL for neither.
 * input: may be NULL if there is nothing to write.
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it was started before or the container does not run
 * or is frozen, or another negative dockline_status.
 * Free *output with dockline_output_free() and *input with dockline_input_free().
 */
int dockline_exec_start(const dockline_context *context,
                        const char *id,
                        const dockline_value *body,
                        dockline_output **output,
                        dockline_input **input,
                        dockline_error **error);

/**
 * Starts the program of an exec and leaves it alone (POST /exec/{id}/start with "Detach"). Once
 * only. dockline_exec_wait() gives its exit code.
 *
 * body: as dockline_exec_start().
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT when it was started before or the container does not run
 * or is frozen; DOCKLINE_BAD_REQUEST or DOCKLINE_ENGINE when the program cannot be started; or
 * another negative dockline_status.
 */
int dockline_exec_start_detached(const dockline_context *context,
                                 const char *id,
                                 const dockline_value *body,
                                 dockline_error **error);

/**
 * Tells the terminal of a running exec its size, also while somebody is connected to it
 * (POST /exec/{id}/resize).
 *
 * h, w: rows and columns, 0 to 65535.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 */
int dockline_exec_resize(const dockline_context *context,
                         const char *id,
                         int h,
                         int w,
                         dockline_error **error);

/**
 * Tells everything about an exec (GET /exec/{id}/json).
 *
 * Returns DOCKLINE_OK; DOCKLINE_NOT_FOUND some minutes after its end, when the engine was started
 * anew, and when the container is gone; or another negative dockline_status.
 * *exec has "/Running" (boolean), "/ExitCode" (integer, or null before the start and while it
 * runs), "/Pid" and so on; free it with dockline_value_free().
 */
int dockline_exec_inspect(const dockline_context *context,
                          const char *id,
                          dockline_value **exec,
                          dockline_error **error);

/**
 * Waits for the program of a started exec to end and gives its exit code, which is data: 3 is no
 * error. The engine has no call for this, so it is asked until it says so (GET /exec/{id}/json).
 *
 * Options: "limit" (seconds to wait at most; 0, the default, is for ever).
 *
 * Returns DOCKLINE_OK, DOCKLINE_TIMEOUT when the program has not ended after "limit", or another
 * negative dockline_status as dockline_exec_inspect().
 */
int dockline_exec_wait(const dockline_context *context,
                       const char *id,
                       const dockline_value *options,
                       int64_t *exit_code,
                       dockline_error **error);

/**
 * Lists images (GET /images/json).
 *
 * Options: "all" (boolean: also intermediate ones), "filters" (object, such as
 * {"reference": "busybox"}), "shared-size" (boolean, since API 1.42), "digests" (boolean),
 * "manifests" (boolean, since API 1.47), "identity" (boolean, since API 1.54).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *list is an array of objects; free it with dockline_value_free().
 */
int dockline_image_list(const dockline_context *context,
                        const dockline_value *options,
                        dockline_value **list,
                        dockline_error **error);

/**
 * Tells everything about an image (GET /images/{name}/json).
 *
 * name: a reference such as busybox or registry:5000/team/app:1.2, an id, or a beginning of an id,
 * here and in all other functions.
 * Options: "manifests" (boolean, since API 1.48), "platform" (object: "os", "architecture",
 * "variant"; since API 1.49).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *image with dockline_value_free().
 */
int dockline_image_inspect(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           dockline_value **image,
                           dockline_error **error);

/**
 * Tells how an image was made, layer by layer, the newest first (GET /images/{name}/history).
 *
 * Options: "platform" (object: "os", "architecture", "variant": the variant for it, of an image
 * for several; since API 1.48).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *layers is an array of objects with "Id", "CreatedBy", "Size" and so on; free it with
 * dockline_value_free().
 */
int dockline_image_history(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           dockline_value **layers,
                           dockline_error **error);

/**
 * Gives an image another name (POST /images/{name}/tag).
 *
 * Options: "repo" (text: the new name without tag; must be given), "tag" (text; latest unless
 * given).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 */
int dockline_image_tag(const dockline_context *context,
                       const char *name,
                       const dockline_value *options,
                       dockline_error **error);

/**
 * Looks for images on Docker Hub (GET /images/search).
 *
 * Options: "term" (text: what to look for; must be given), "limit" (integer: at most so many; 25
 * unless given), "filters" (object: "is-official", "stars"),
 * "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see CREDENTIALS at the
 * top).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *found is an array of objects with "name", "description", "star_count" and so on; free it with
 * dockline_value_free().
 */
int dockline_image_search(const dockline_context *context,
                          const dockline_value *options,
                          dockline_value **found,
                          dockline_error **error);

/**
 * Makes an image of what a container has changed (POST /commit).
 *
 * Options: "container" (text: its id or name; must be given), "repo" and "tag" (text: the name of
 * the image; latest unless a tag is given), "comment" (text), "author" (text, such as
 * "Ada <ada@example.com>"), "pause" (boolean, true unless given: freezes the container meanwhile),
 * "changes" (array of texts: instructions of a Dockerfile, such as "CMD [\"sh\"]").
 * config: parts of the container's configuration to replace, "Cmd", "Env" and so on; NULL to leave
 * all as it is.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *committed has "/Id"; free it with dockline_value_free().
 */
int dockline_image_commit(const dockline_context *context,
                          const dockline_value *options,
                          const dockline_value *config,
                          dockline_value **committed,
                          dockline_error **error);

/**
 * Lists the statements of who built an image, and of what (GET /images/{name}/attestations). Since
 * API 1.55.
 *
 * Options: "platform" (array of objects "os", "architecture", "variant": the variants for these;
 * engines take one so far), "type" (array of texts: only these kinds, by the URI of their
 * predicate), "statement" (boolean: also the statements themselves).
 *
 * Returns DOCKLINE_OK, DOCKLINE_UNAVAILABLE when the engine's image store keeps none, or another
 * negative dockline_status.
 * *statements is an array of objects; free it with dockline_value_free().
 */
int dockline_image_attestations(const dockline_context *context,
                                const char *name,
                                const dockline_value *options,
                                dockline_value **statements,
                                dockline_error **error);

/**
 * Deletes an image, or one tag of it (DELETE /images/{name}).
 *
 * Options: "force" (boolean: also when stopped containers use it or other tags point to it),
 * "noprune" (boolean: keeps its untagged parents), "platforms" (array of objects "os",
 * "architecture", "variant": only these variants; since API 1.50).
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when a container uses it, or another negative
 * dockline_status.
 * *deleted is an array of objects with "Untagged" or "Deleted"; free it with
 * dockline_value_free().
 */
int dockline_image_delete(const dockline_context *context,
                          const char *name,
                          const dockline_value *options,
                          dockline_value **deleted,
                          dockline_error **error);

/**
 * Deletes images that nothing uses (POST /images/prune).
 *
 * Options: "filters" (object: "dangling", which as false also takes those with a tag that no
 * container uses; "until"; "label"; "label!").
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT while another prune is under way, or another negative
 * dockline_status.
 * *pruned has "/ImagesDeleted" (array of objects with "Untagged" or "Deleted", or null) and
 * "/SpaceReclaimed" (bytes); free it with dockline_value_free().
 */
int dockline_image_prune(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **pruned,
                         dockline_error **error);

/**
 * Pulls an image, or imports one from a tar of its root directory (POST /images/create).
 *
 * Options: "fromImage" (text: the reference to pull; its latest tag unless "tag" or the reference
 * says otherwise), "fromSrc" (text: a URL to import, or "-" for the bytes of tar), "repo" and
 * "tag" (text: the name of an imported image), "message" (text), "changes" (array of texts:
 * instructions of a Dockerfile, such as "CMD [\"sh\"]"), "platform" (text: os[/arch[/variant]]),
 * "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see CREDENTIALS at the
 * top).
 * tar: where the bytes come from when "fromSrc" is "-", packed or not; NULL otherwise.
 *
 * This returns when all of tar is sent; an engine that refuses meanwhile is heard at once. The
 * work fails or succeeds only as *progress is read to its end.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
 */
int dockline_image_create(const dockline_context *context,
                          const dockline_value *options,
                          dockline_source *tar,
                          dockline_stream **progress,
                          dockline_error **error);

/**
 * Pushes an image to the registry in its name (POST /images/{name}/push).
 *
 * Options: "tag" (text; all tags there are unless given), "platform" (object: "os",
 * "architecture", "variant": only the variant for it, of an image for several; since API 1.46),
 * "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see CREDENTIALS at the
 * top).
 *
 * The work fails or succeeds only as *progress is read to its end.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
 */
int dockline_image_push(const dockline_context *context,
                        const char *name,
                        const dockline_value *options,
                        dockline_stream **progress,
                        dockline_error **error);

/**
 * Saves an image with its layers and tags as a tar (GET /images/{name}/get).
 *
 * Options: "platform" (array of objects "os", "architecture", "variant": only the variants for
 * these; engines before API 1.52 take one; since API 1.48).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *tar with dockline_download_free().
 */
int dockline_image_get(const dockline_context *context,
                       const char *name,
                       const dockline_value *options,
                       dockline_download **tar,
                       dockline_error **error);

/**
 * Saves several images as one tar, in which they share layers (GET /images/get).
 *
 * names: an array of texts, at least one.
 * Options: as dockline_image_get().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *tar with dockline_download_free().
 */
int dockline_image_get_all(const dockline_context *context,
                           const dockline_value *names,
                           const dockline_value *options,
                           dockline_download **tar,
                           dockline_error **error);

/**
 * Loads images from a tar that dockline_image_get() or docker save made, packed or not
 * (POST /images/load).
 *
 * Options: "quiet" (boolean: tells only the result and not how it goes on; engines do so unless
 * told otherwise), "platform" (array of objects, as dockline_image_get()).
 * tar: where the bytes come from.
 *
 * This returns when all of tar is sent; an engine that refuses meanwhile is heard at once. The
 * work fails or succeeds only as *progress is read to its end.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
 */
int dockline_image_load(const dockline_context *context,
                        const dockline_value *options,
                        dockline_source *tar,
                        dockline_stream **progress,
                        dockline_error **error);

/**
 * Builds an image from a tar that holds the Dockerfile and what it needs (POST /build).
 *
 * tar: the tar, packed or not; NULL when "remote" says what to build.
 * Options, here and in the two functions below: "dockerfile" (text: path of the Dockerfile in the
 * tar or directory), "t" (array of texts: names for the image), "extrahosts" (array of texts
 * "name:address", since API 1.28), "remote" (text: a git repository, or the URL of a tar or a
 * Dockerfile), "q" (boolean: tells only the image's id), "nocache" (boolean), "cachefrom" (array of
 * texts: images whose steps count as cached, since API 1.25), "pull" (boolean: asks for newer
 * images to build on), "rm" (boolean: deletes the containers of the steps after success; engines do
 * unless told otherwise), "forcerm" (boolean: after failure, too), "memory" and "memswap" (integers:
 * bytes; -1 for swap without limit), "cpushares" (integer), "cpusetcpus" and "cpusetmems" (texts such
 * as "0-3"), "cpuperiod" and "cpuquota" (integers: microseconds), "buildargs" (object of texts, or
 * null for an argument without a value), "shmsize" (integer: bytes), "squash" (boolean; experimental
 * engines, since API 1.25), "labels" (object of texts), "networkmode" (text, since API 1.25),
 * "platform" (text: os[/arch[/variant]], since API 1.32), "target" (text: the stage to build, since
 * API 1.29), "outputs" (array of objects "Type" and "Attrs", since API 1.40), "version" (text: "1" for
 * the classic builder, "2" for BuildKit, which is there since API 1.38), "buildid" (text: a name for
 * dockline_build_cancel(), since API 1.38), "session" (text: id of a session, since API 1.31),
 * "isolation" (text; Windows), "ulimits" (array of objects "Name", "Soft", "Hard"), "securityopt"
 * (array of texts), "cgroupparent" (text), "X-Registry-Config" (object: for each registry by its host
 * an object of "username" and "password", or "identitytoken"; see CREDENTIALS at the top; BuildKit
 * asks its session instead).
 *
 * This returns when all of tar is sent; an engine that refuses meanwhile is heard at once. The build
 * fails or succeeds only as *build is read to its end. Its items hold "stream" (text: output), or the
 * id of the image in "/aux/ID", of which the last one counts; a step that fails ends it with
 * DOCKLINE_STREAM. Items of BuildKit have the "id" moby.buildkit.trace, and a protobuf message of
 * BuildKit's own in base64 in "aux".
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *build with dockline_stream_free().
 */
int dockline_image_build(const dockline_context *context,
                         const dockline_value *options,
                         dockline_source *tar,
                         dockline_stream **build,
                         dockline_error **error);

/**
 * Builds an image from a directory (POST /build), as the docker command does: without what its
 * .dockerignore excludes, or NAME.dockerignore beside a Dockerfile called NAME where there is one.
 *
 * The directory is read while it is sent, in little memory whatever its size. A file that cannot be
 * read, or vanishes or changes its size meanwhile, is DOCKLINE_IO, and the error's message names it.
 * Options and the rest are those of dockline_image_build().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *build with dockline_stream_free().
 */
int dockline_image_build_directory(const dockline_context *context,
                                   const dockline_value *options,
                                   const char *path,
                                   dockline_stream **build,
                                   dockline_error **error);

/**
 * Builds an image from the text of a Dockerfile, without any files beside it (POST /build).
 *
 * Options and the rest are those of dockline_image_build().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *build with dockline_stream_free().
 */
int dockline_image_build_dockerfile(const dockline_context *context,
                                    const dockline_value *options,
                                    const char *text,
                                    dockline_stream **build,
                                    dockline_error **error);

/**
 * What builds: "classic" or "BuildKit", which are Docker's, or "Buildah", which is Podman's. NULL for
 * a stream that is no build, and for NULL.
 */
const char *dockline_build_builder(const dockline_stream *build);

/**
 * Id of the image, once the engine has told it; builds in stages tell several, and this is the last.
 * NULL before that, where there is none since "outputs" wants something else, for a stream that is no
 * build, and for NULL. The text belongs to the build, until the next call with it.
 */
const char *dockline_build_image(const dockline_stream *build);

/**
 * Deletes what BuildKit keeps of former builds (POST /build/prune). Since API 1.31.
 *
 * Options: "keep-storage" (integer: bytes to keep, since API 1.39; engines since API 1.48 get it as
 * "reserved-space"), "reserved-space", "max-used-space" and "min-free-space" (integers: bytes to keep,
 * to use at most, to leave free; since API 1.48), "all" (boolean: also what is internal or shared,
 * since API 1.39), "filters" (object, such as {"until": "24h"}, since API 1.39).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *pruned has "CachesDeleted" and "SpaceReclaimed"; free it with dockline_value_free().
 */
int dockline_build_prune(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **pruned,
                         dockline_error **error);

/**
 * Ends the build of BuildKit's that was begun with this "buildid", by whomever
 * (POST /build/cancel). Since API 1.38. One's own build is ended by dockline_stream_free() as well, or
 * from another thread with dockline_stream_cancel_token().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 */
int dockline_build_cancel(const dockline_context *context,
                          const char *id,
                          dockline_error **error);

/**
 * Lists networks, without the containers in them: those are told by dockline_network_inspect()
 * (GET /networks).
 *
 * Options: "filters" (object: "dangling", "driver", "id", "label", "name", "scope", "type").
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *list is an array of objects; free it with dockline_value_free().
 */
int dockline_network_list(const dockline_context *context,
                          const dockline_value *options,
                          dockline_value **list,
                          dockline_error **error);

/**
 * Tells everything about a network (GET /networks/{id}).
 *
 * id: its name, its id or a beginning of its id, here and in all other functions. Names need not
 * be
 * unique: one that fits several networks is refused, and then the id is needed.
 * Options: "verbose" (boolean: also the services in it and their tasks on other machines), "scope"
 * (text: only a network that reaches so far, "local", "swarm" or "global").
 *
 * Returns DOCKLINE_OK, DOCKLINE_BAD_REQUEST when several networks have this name or an id that
 * begins so, or another negative dockline_status. Free *network with dockline_value_free().
 */
int dockline_network_inspect(const dockline_context *context,
                             const char *id,
                             const dockline_value *options,
                             dockline_value **network,
                             dockline_error **error);

/**
 * Deletes a network (DELETE /networks/{id}).
 *
 * Returns DOCKLINE_OK, DOCKLINE_FORBIDDEN when it is one of the engine's own or a container is in
 * it, or another negative dockline_status.
 */
int dockline_network_delete(const dockline_context *context,
                            const char *id,
                            dockline_error **error);

/**
 * Makes a network (POST /networks/create).
 *
 * body: "Name" (must be given), "Driver", "Internal", "IPAM", "EnableIPv6", "Options", "Labels"
 * and so on, as the Engine API defines them. A field that does not exist, or that this engine does
 * not know yet, is an error before anything is sent. Below API 1.44 a name that is taken is
 * refused only with "CheckDuplicate".
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT when the name is taken; DOCKLINE_FORBIDDEN when it is one
 * of the engine's own, when its addresses overlap those of another network, or when it is to reach
 * over a swarm that is not there, with some engines before API 1.44 also when the name is taken;
 * or another negative dockline_status.
 * *created has "/Id" and "/Warning"; free it with dockline_value_free().
 */
int dockline_network_create(const dockline_context *context,
                            const dockline_value *body,
                            dockline_value **created,
                            dockline_error **error);

/**
 * Lets a container join a network (POST /networks/{id}/connect).
 *
 * body: "Container" (text: its id or name; must be given), "EndpointConfig" (object: "Aliases",
 * "IPAMConfig" and so on).
 *
 * Returns DOCKLINE_OK, DOCKLINE_FORBIDDEN when it is in it already, or another negative
 * dockline_status.
 */
int dockline_network_connect(const dockline_context *context,
                             const char *id,
                             const dockline_value *body,
                             dockline_error **error);

/**
 * Lets a container leave a network (POST /networks/{id}/disconnect).
 *
 * body: "Container" (text: its id or name; must be given), "Force" (boolean: also when it cannot
 * be reached).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 */
int dockline_network_disconnect(const dockline_context *context,
                                const char *id,
                                const dockline_value *body,
                                dockline_error **error);

/**
 * Deletes the networks that no container is in, but for the engine's own and those that reach over
 * a swarm's other machines (POST /networks/prune). Since API 1.25.
 *
 * Options: "filters" (object: "label", "label!", "until").
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT while another prune is under way, or another negative
 * dockline_status.
 * *pruned has "/NetworksDeleted" (array of names, or null); free it with dockline_value_free().
 */
int dockline_network_prune(const dockline_context *context,
                           const dockline_value *options,
                           dockline_value **pruned,
                           dockline_error **error);

/**
 * Lists volumes (GET /volumes).
 *
 * Options: "filters" (object: "dangling", "driver", "label", "name").
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *list has "/Volumes" (array of objects, or null) and "/Warnings" (array of texts, or null: where
 * a driver did not answer, and so its volumes are missing); free it with dockline_value_free().
 */
int dockline_volume_list(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **list,
                         dockline_error **error);

/**
 * Makes a volume (POST /volumes/create). Where there is one of this name and driver already, that
 * one is given.
 *
 * body: "Name", "Driver", "DriverOpts", "Labels", "ClusterVolumeSpec" as the Engine API defines
 * them; NULL for a volume with a name that the engine makes up.
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the name belongs to a volume of another driver, or
 * another negative dockline_status. Free *volume with dockline_value_free().
 */
int dockline_volume_create(const dockline_context *context,
                           const dockline_value *body,
                           dockline_value **volume,
                           dockline_error **error);

/**
 * Tells everything about a volume but its size, which dockline_system_data_usage() tells
 * (GET /volumes/{name}).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *volume with dockline_value_free().
 */
int dockline_volume_inspect(const dockline_context *context,
                            const char *name,
                            dockline_value **volume,
                            dockline_error **error);

/**
 * Changes a volume of the cluster: its availability, which is all that can be changed
 * (PUT /volumes/{name}). Since API 1.42.
 *
 * Options: "version" (integer: "/ClusterVolume/Version/Index" of the volume as it was read; must
 * be given).
 * body: "Spec" (object: "/ClusterVolume/Spec" of the volume, read, changed and sent whole; what
 * this library does not know of it is kept).
 *
 * Returns DOCKLINE_OK; DOCKLINE_CONFLICT when somebody else has changed it since it was read;
 * DOCKLINE_NOT_FOUND when it is no volume of the cluster; DOCKLINE_NO_SWARM or
 * DOCKLINE_NOT_MANAGER when the engine is no manager of a swarm; or another negative
 * dockline_status.
 */
int dockline_volume_update(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           const dockline_value *body,
                           dockline_error **error);

/**
 * Reads a volume of the cluster, lets change change its spec, and sends that back
 * (PUT /volumes/{name}); anew, with another call of change, where it has changed in between, ten
 * times at most. Since API 1.42.
 *
 * change: as for dockline_swarm_update_with(); it gets "/ClusterVolume/Spec" of the volume.
 *
 * Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, DOCKLINE_INVALID_ARGUMENT when it is
 * no volume of the cluster, or another negative dockline_status.
 */
int dockline_volume_update_with(const dockline_context *context,
                                const char *name,
                                int (*change)(void *user_data, dockline_value *spec),
                                void *user_data,
                                dockline_error **error);

/**
 * Deletes a volume and what is stored in it (DELETE /volumes/{name}).
 *
 * Options: "force" (boolean, since API 1.25: forgets it even where its driver has lost it; a
 * volume that is not there is no error then).
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when a container uses it, running or not, or another
 * negative dockline_status.
 */
int dockline_volume_delete(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           dockline_error **error);

/**
 * Deletes the volumes that no container uses, and what is stored in them (POST /volumes/prune).
 * Since API 1.25.
 *
 * Options: "filters" (object: "label", "label!"; and "all", which as true takes named volumes too;
 * engines below API 1.42 take them always).
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT while another prune is under way, or another negative
 * dockline_status.
 * *pruned has "/VolumesDeleted" (array of names, or null) and "/SpaceReclaimed" (bytes); free it
 * with dockline_value_free().
 */
int dockline_volume_prune(const dockline_context *context,
                          const dockline_value *options,
                          dockline_value **pruned,
                          dockline_error **error);

/**
 * Tells everything about the swarm, also what machines must show to join it: "/JoinTokens/Worker"
 * and "/JoinTokens/Manager", which are secrets (GET /swarm).
 *
 * This and the other functions about swarms, nodes, services, tasks, secrets and configs are for
 * managers, but for dockline_swarm_init(), dockline_swarm_join(), dockline_swarm_leave() and
 * dockline_swarm_unlock(). Other engines fail them with DOCKLINE_NO_SWARM, DOCKLINE_NOT_MANAGER or
 * DOCKLINE_SWARM_LOCKED.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *swarm with dockline_value_free().
 */
int dockline_swarm_inspect(const dockline_context *context,
                           dockline_value **swarm,
                           dockline_error **error);

/**
 * Makes a swarm, of which this engine is the first manager (POST /swarm/init).
 *
 * body: "ListenAddr" (text, "0.0.0.0:2377" unless given), "AdvertiseAddr" (text: must be given
 * where the engine has several addresses), "Spec" and so on, as the Engine API defines them; NULL
 * for none of them.
 *
 * Returns DOCKLINE_OK, DOCKLINE_UNAVAILABLE when the engine is in a swarm already, or another
 * negative dockline_status.
 * *node is the id of its node, as text; free it with dockline_value_free().
 */
int dockline_swarm_init(const dockline_context *context,
                        const dockline_value *body,
                        dockline_value **node,
                        dockline_error **error);

/**
 * Lets the engine join a swarm, and returns when it has (POST /swarm/join).
 *
 * body: "RemoteAddrs" (array of text: managers of the swarm; must be given), "JoinToken" (text:
 * decides whether it joins as worker or manager; must be given), "ListenAddr" (text,
 * "0.0.0.0:2377" unless given), "AdvertiseAddr", "DataPathAddr", "Availability".
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAVAILABLE when the engine is in a swarm already, or when it has
 * not joined within 20 seconds and goes on trying; or another negative dockline_status.
 */
int dockline_swarm_join(const dockline_context *context,
                        const dockline_value *body,
                        dockline_error **error);

/**
 * Lets the engine leave its swarm (POST /swarm/leave). The containers of its tasks are removed; the
 * managers see its node as down until it is deleted.
 *
 * Options: "force" (boolean: also where it is a manager; if it is the last one the swarm is lost).
 *
 * Returns DOCKLINE_OK, DOCKLINE_NO_SWARM when it is in none, DOCKLINE_UNAVAILABLE when it is a
 * manager and "force" is off, or another negative dockline_status.
 */
int dockline_swarm_leave(const dockline_context *context,
                         const dockline_value *options,
                         dockline_error **error);

/**
 * Changes the swarm (POST /swarm/update). dockline_swarm_update_with() does the reading too.
 *
 * Options: "version" (integer: "/Version/Index" of the swarm as it was read; must be given),
 * "rotateWorkerToken", "rotateManagerToken" (boolean: make a new token to join; who has the old one
 * can no longer join), "rotateManagerUnlockKey" (boolean: makes a new key that unlocks managers,
 * since API 1.25).
 * spec: "/Spec" of the swarm, read, changed and sent whole; what this library does not know of it
 * is kept.
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when somebody else has changed it since it was read, or
 * another negative dockline_status.
 */
int dockline_swarm_update(const dockline_context *context,
                          const dockline_value *options,
                          const dockline_value *spec,
                          dockline_error **error);

/**
 * Reads the swarm's spec, lets change change it, and sends it back (POST /swarm/update); anew, with
 * another call of change, where somebody else was faster, ten times at most.
 *
 * Options are those of dockline_swarm_update(), of which "version" is filled in.
 * change: gets user_data and the spec, to be changed in place by dockline_value_set_string() and the
 * like; the spec is not to be freed, and gone after the call. Returns 0, or something else to end
 * it, and nothing is sent. It may call this library, and must return, not jump out or throw.
 *
 * Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, or a negative dockline_status.
 */
int dockline_swarm_update_with(const dockline_context *context,
                               const dockline_value *options,
                               int (*change)(void *user_data, dockline_value *spec),
                               void *user_data,
                               dockline_error **error);

/**
 * Tells the key that unlocks managers after their start (GET /swarm/unlockkey). Since API 1.25.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *key has "/UnlockKey", "" where managers are not locked; free it with dockline_value_free().
 */
int dockline_swarm_unlockkey(const dockline_context *context,
                             dockline_value **key,
                             dockline_error **error);

/**
 * Unlocks this manager, which was started (POST /swarm/unlock). Since API 1.25.
 *
 * body: "UnlockKey" (text; must be given).
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED when it is not the right key; DOCKLINE_CONFLICT when
 * the manager is not locked; DOCKLINE_NO_SWARM when it is in no swarm; or another negative
 * dockline_status.
 */
int dockline_swarm_unlock(const dockline_context *context,
                          const dockline_value *body,
                          dockline_error **error);

/**
 * Lists the machines of the swarm (GET /nodes).
 *
 * Options: "filters" (object: "engine.label", "id", "label", "membership", "name", "node.label",
 * "role").
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *list is an array of objects; free it with dockline_value_free().
 */
int dockline_node_list(const dockline_context *context,
                       const dockline_value *options,
                       dockline_value **list,
                       dockline_error **error);

/**
 * Tells everything about a node (GET /nodes/{id}).
 *
 * id: its id, a beginning of it, the name of its machine or "self", here and in all other
 * functions.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *node with dockline_value_free().
 */
int dockline_node_inspect(const dockline_context *context,
                          const char *id,
                          dockline_value **node,
                          dockline_error **error);

/**
 * Deletes a node that is down, such as one that has left (DELETE /nodes/{id}).
 *
 * Options: "force" (boolean: also where it is not down; it does not hear of it).
 *
 * Returns DOCKLINE_OK; DOCKLINE_BAD_REQUEST or, with some engines, DOCKLINE_ENGINE when it is not
 * down and "force" is off, and when it is a manager, which has to be demoted first; or another
 * negative dockline_status.
 */
int dockline_node_delete(const dockline_context *context,
                         const char *id,
                         const dockline_value *options,
                         dockline_error **error);

/**
 * Changes a node (POST /nodes/{id}/update). dockline_node_update_with() does the reading too.
 *
 * Options: "version" (integer: "/Version/Index" of the node as it was read; must be given).
 * spec: "/Spec" of the node, read, changed and sent whole; what this library does not know of it
 * is kept. "Role" is "worker" or "manager", "Availability" is "active", "pause" or "drain".
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it has changed since it was read, which nodes also
 * do by themselves, or another negative dockline_status.
 */
int dockline_node_update(const dockline_context *context,
                         const char *id,
                         const dockline_value *options,
                         const dockline_value *spec,
                         dockline_error **error);

/**
 * Reads a node's spec, lets change change it, and sends it back (POST /nodes/{id}/update); anew,
 * with another call of change, where it has changed in between, ten times at most.
 *
 * change: as for dockline_swarm_update_with().
 *
 * Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, or a negative dockline_status.
 */
int dockline_node_update_with(const dockline_context *context,
                              const char *id,
                              int (*change)(void *user_data, dockline_value *spec),
                              void *user_data,
                              dockline_error **error);

/**
 * Lists services (GET /services).
 *
 * Options: "filters" (object: "id", "label", "mode", "name"), "status" (boolean, since API 1.41:
 * also how many tasks run and how many shall, in "/ServiceStatus").
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *list is an array of objects; free it with dockline_value_free().
 */
int dockline_service_list(const dockline_context *context,
                          const dockline_value *options,
                          dockline_value **list,
                          dockline_error **error);

/**
 * Makes a service, which the managers then keep running (POST /services/create).
 * dockline_service_wait_converged() tells how that goes.
 *
 * Options: "X-Registry-Auth" (object: "username" and "password", or "identitytoken": credentials
 * for the image's registry, which go along for the nodes to pull with, and which the managers
 * keep), "withRegistryAuth" (boolean: sends the context's own credentials, where those are not
 * given), "queryRegistry" (boolean, true unless given: asks the registry, through the engine, for
 * the digest of the image and the platforms it is for, so that all nodes run the same; where it
 * cannot be asked a warning tells so).
 * spec: "Name", "TaskTemplate", "Mode" and so on, as the Engine API defines them.
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the name is taken, or another negative
 * dockline_status.
 * *created has "/ID", and "/Warnings" (array of texts, null or nothing); free it with
 * dockline_value_free().
 */
int dockline_service_create(const dockline_context *context,
                            const dockline_value *options,
                            const dockline_value *spec,
                            dockline_value **created,
                            dockline_error **error);

/**
 * Tells everything about a service (GET /services/{id}).
 *
 * id: its name, its id or a beginning of its id, here and in all other functions.
 * Options: "insertDefaults" (boolean, since API 1.29: fills in what the spec leaves to the engine).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *service with dockline_value_free().
 */
int dockline_service_inspect(const dockline_context *context,
                             const char *id,
                             const dockline_value *options,
                             dockline_value **service,
                             dockline_error **error);

/**
 * Changes a service (POST /services/{id}/update). dockline_service_update_with() does the reading
 * too.
 *
 * Options: "version" (integer: "/Version/Index" of the service as it was read; must be given),
 * "registryAuthFrom" (text: from where to take credentials for the registry when none go along,
 * "spec", which is the default, or "previous-spec"), "rollback" (text, "previous": takes the
 * service back to what it was before its last update, whatever spec is sent), and
 * "X-Registry-Auth", "withRegistryAuth" and "queryRegistry" as dockline_service_create().
 * spec: "/Spec" of the service, read, changed and sent whole; what is left out of it is taken
 * back, and what this library does not know of it is kept.
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it has changed since it was read, which services also
 * do by themselves, or another negative dockline_status.
 * *updated has "/Warnings" (array of texts, null or nothing); free it with dockline_value_free().
 */
int dockline_service_update(const dockline_context *context,
                            const char *id,
                            const dockline_value *options,
                            const dockline_value *spec,
                            dockline_value **updated,
                            dockline_error **error);

/**
 * Reads a service's spec, lets change change it, and sends it back (POST /services/{id}/update);
 * anew, with another call of change, where it has changed in between, ten times at most.
 *
 * Options are those of dockline_service_update(), of which "version" is filled in, and
 * "queryRegistry" asks only for an image that is another one than before.
 * change: as for dockline_swarm_update_with().
 *
 * Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, or a negative dockline_status.
 * *updated is as for dockline_service_update(), and written with DOCKLINE_OK only.
 */
int dockline_service_update_with(const dockline_context *context,
                                 const char *id,
                                 const dockline_value *options,
                                 int (*change)(void *user_data, dockline_value *spec),
                                 void *user_data,
                                 dockline_value **updated,
                                 dockline_error **error);

/**
 * Takes a service back to what it was before its last update (POST /services/{id}/update), as its
 * "RollbackConfig" says. Done twice, the update is there again. Since API 1.28.
 *
 * Returns DOCKLINE_OK, DOCKLINE_BAD_REQUEST when it was never updated, or another negative
 * dockline_status.
 * *updated is as for dockline_service_update().
 */
int dockline_service_rollback(const dockline_context *context,
                              const char *id,
                              dockline_value **updated,
                              dockline_error **error);

/**
 * Deletes a service (DELETE /services/{id}). Its tasks are stopped and removed after that.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 */
int dockline_service_delete(const dockline_context *context,
                            const char *id,
                            dockline_error **error);

/**
 * Reads what the tasks of a service have written (GET /services/{id}/logs). Since API 1.25.
 *
 * Options: "follow" (boolean: goes on with what is written from now on, also by tasks that are yet
 * to come), "stdout" and "stderr" (boolean, both true unless given), "since" (Unix seconds;
 * RFC 3339 text; or text such as "10m" for so long ago), "timestamps" (boolean: the time and a
 * blank before each line), "tail" (integer: so many lines from the end, of each task; or "all",
 * which is the default), "details" (boolean: which node, service and task it is from, before each
 * line).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *output with dockline_output_free().
 */
int dockline_service_logs(const dockline_context *context,
                          const char *id,
                          const dockline_value *options,
                          dockline_output **output,
                          dockline_error **error);

/**
 * Follows a service until as many of its tasks run as shall, and what they run is what they shall
 * run; of a job, until as many have succeeded. Since API 1.29.
 *
 * Options: "monitor" (seconds that all tasks must run without an end before the service counts as
 * converged; what its "UpdateConfig" says, or 5, unless given).
 *
 * The items of *progress are objects; the first tells how it is now, and each other that something
 * has changed: "/State" (text), "/Running" and "/Desired" (how many tasks run and are what they
 * shall be, and how many shall), "/Completed" (how many tasks of a job have succeeded),
 * "/UpdateStatus" (object or null: how far its update is), "/Problems" (array of tasks that failed,
 * were rejected or find no node, each told once; "/Status/Err" of a task says why). The state is
 * "converging" in all items but the last, where it tells how it ended: "converged", "paused" (too
 * many tasks of an update failed), "rolled_back" (it is again what it was before its last update),
 * or "rollback_paused".
 *
 * Where it never ends, such as when no node takes its tasks, the context's "deadline", which here is
 * for the whole wait, or the handle of dockline_stream_cancel_token() end it.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
 */
int dockline_service_wait_converged(const dockline_context *context,
                                    const char *id,
                                    const dockline_value *options,
                                    dockline_stream **progress,
                                    dockline_error **error);

/**
 * Lists tasks, the single containers of services, also those that have ended and are remembered
 * (GET /tasks).
 *
 * Options: "filters" (object: "desired-state", "id", "label", "name", "node", "service").
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *list is an array of objects; free it with dockline_value_free().
 */
int dockline_task_list(const dockline_context *context,
                       const dockline_value *options,
                       dockline_value **list,
                       dockline_error **error);

/**
 * Tells everything about a task (GET /tasks/{id}).
 *
 * id: its id or a beginning of it, here and in dockline_task_logs().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *task with dockline_value_free().
 */
int dockline_task_inspect(const dockline_context *context,
                          const char *id,
                          dockline_value **task,
                          dockline_error **error);

/**
 * Reads what a task has written (GET /tasks/{id}/logs). Since API 1.29.
 *
 * Options: as dockline_service_logs().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *output with dockline_output_free().
 */
int dockline_task_logs(const dockline_context *context,
                       const char *id,
                       const dockline_value *options,
                       dockline_output **output,
                       dockline_error **error);

/**
 * Lists the swarm's secrets, without their content (GET /secrets). Since API 1.25.
 *
 * Options: "filters" (object: "id", "label", "name", "names").
 *
 * Returns DOCKLINE_OK, or a negative dockline_status: of all functions here DOCKLINE_NO_SWARM
 * or DOCKLINE_NOT_MANAGER when the engine is no manager of a swarm.
 * *list is an array of objects; free it with dockline_value_free().
 */
int dockline_secret_list(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **list,
                         dockline_error **error);

/**
 * Makes a secret of the swarm (POST /secrets/create). Since API 1.25.
 *
 * spec: "Name" (text; must be given), "Data" (text: the content in base64, at most 500 KB), "Labels"
 * (object of texts), "Driver" and "Templating" (objects: "Name", "Options"). The content is
 * replaced by [redacted] in what a result callback gets.
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the name is taken, or another negative
 * dockline_status. *created has "/ID"; free it with dockline_value_free().
 */
int dockline_secret_create(const dockline_context *context,
                           const dockline_value *spec,
                           dockline_value **created,
                           dockline_error **error);

/**
 * Tells everything about a secret but its content (GET /secrets/{id}). Since API 1.25.
 *
 * id: its id, its name or a beginning of its id, here and in the functions below.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *secret has "/ID", "/Version/Index" and "/Spec"; free it with dockline_value_free().
 */
int dockline_secret_inspect(const dockline_context *context,
                            const char *id,
                            dockline_value **secret,
                            dockline_error **error);

/**
 * Deletes a secret (DELETE /secrets/{id}). Since API 1.25.
 *
 * Returns DOCKLINE_OK, DOCKLINE_BAD_REQUEST when a service uses it, or another negative
 * dockline_status.
 */
int dockline_secret_delete(const dockline_context *context, const char *id, dockline_error **error);

/**
 * Changes a secret: its labels, which is all that can be changed (POST /secrets/{id}/update).
 * dockline_secret_update_with() does the reading too. Since API 1.26.
 *
 * Options: "version" (integer: "/Version/Index" of the secret as it was read; must be given).
 * spec: the whole "/Spec" as it was read, and changed. What the engine knows of it and this library
 * does not goes back with it.
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it has changed since it was read, DOCKLINE_BAD_REQUEST
 * when anything else is changed, or another negative dockline_status.
 */
int dockline_secret_update(const dockline_context *context,
                           const char *id,
                           const dockline_value *options,
                           const dockline_value *spec,
                           dockline_error **error);

/**
 * Reads a secret's spec, lets change change it, and sends it back (POST /secrets/{id}/update); anew,
 * with another call of change, where it has changed in between, ten times at most. Since API
 * 1.26.
 *
 * change: as for dockline_swarm_update_with().
 *
 * Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, or a negative dockline_status.
 */
int dockline_secret_update_with(const dockline_context *context,
                                const char *id,
                                int (*change)(void *user_data, dockline_value *spec),
                                void *user_data,
                                dockline_error **error);

/**
 * Lists the swarm's configs with their content (GET /configs). Since API 1.30.
 *
 * Options: "filters" (object: "id", "label", "name", "names").
 *
 * Returns DOCKLINE_OK, or a negative dockline_status: of all functions here DOCKLINE_NO_SWARM
 * or DOCKLINE_NOT_MANAGER when the engine is no manager of a swarm.
 * *list is an array of objects; free it with dockline_value_free().
 */
int dockline_config_list(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **list,
                         dockline_error **error);

/**
 * Makes a config of the swarm (POST /configs/create). Since API 1.30.
 *
 * spec: "Name" (text; must be given), "Data" (text: the content in base64, at most 1000 KB), "Labels"
 * (object of texts), "Templating" (object: "Name", "Options").
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when the name is taken, or another negative
 * dockline_status. *created has "/ID"; free it with dockline_value_free().
 */
int dockline_config_create(const dockline_context *context,
                           const dockline_value *spec,
                           dockline_value **created,
                           dockline_error **error);

/**
 * Tells everything about a config, its content too (GET /configs/{id}). Since API 1.30.
 *
 * id: its id, its name or a beginning of its id, here and in the functions below.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *config has "/ID", "/Version/Index" and "/Spec", there "Data" in base64; free it with dockline_value_free().
 */
int dockline_config_inspect(const dockline_context *context,
                            const char *id,
                            dockline_value **config,
                            dockline_error **error);

/**
 * Deletes a config (DELETE /configs/{id}). Since API 1.30.
 *
 * Returns DOCKLINE_OK, DOCKLINE_BAD_REQUEST when a service uses it, or another negative
 * dockline_status.
 */
int dockline_config_delete(const dockline_context *context, const char *id, dockline_error **error);

/**
 * Changes a config: its labels, which is all that can be changed (POST /configs/{id}/update).
 * dockline_config_update_with() does the reading too. Since API 1.30.
 *
 * Options: "version" (integer: "/Version/Index" of the config as it was read; must be given).
 * spec: the whole "/Spec" as it was read, and changed. What the engine knows of it and this library
 * does not goes back with it.
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it has changed since it was read, DOCKLINE_BAD_REQUEST
 * when anything else is changed, or another negative dockline_status.
 */
int dockline_config_update(const dockline_context *context,
                           const char *id,
                           const dockline_value *options,
                           const dockline_value *spec,
                           dockline_error **error);

/**
 * Reads a config's spec, lets change change it, and sends it back (POST /configs/{id}/update); anew,
 * with another call of change, where it has changed in between, ten times at most. Since API
 * 1.30.
 *
 * change: as for dockline_swarm_update_with().
 *
 * Returns DOCKLINE_OK, DOCKLINE_STOPPED when change ended it, or a negative dockline_status.
 */
int dockline_config_update_with(const dockline_context *context,
                                const char *id,
                                int (*change)(void *user_data, dockline_value *spec),
                                void *user_data,
                                dockline_error **error);

/**
 * Tells what the registry has under the name of an image, without pulling it
 * (GET /distribution/{name}/json). Since API 1.30.
 *
 * name: a reference with tag or digest, latest unless given.
 * Options: "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see
 * CREDENTIALS at the top).
 *
 * Returns DOCKLINE_OK; DOCKLINE_UNAUTHORIZED when the registry wants credentials, or others, with
 * registries and engines that do not like to tell DOCKLINE_FORBIDDEN, DOCKLINE_NOT_FOUND or
 * DOCKLINE_ENGINE, the latter two also when there is no such image; or another negative
 * dockline_status.
 * *found has "/Descriptor/digest", "/Descriptor/mediaType", "/Descriptor/size" and "/Platforms"
 * (array of objects: "os", "architecture" and so on); free it with dockline_value_free().
 */
int dockline_distribution_inspect(const dockline_context *context,
                                  const char *name,
                                  const dockline_value *options,
                                  dockline_value **found,
                                  dockline_error **error);

/**
 * Lists the engine's plugins (GET /plugins).
 *
 * Options: "filters" (object: "capability", "enabled").
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *list is an array of objects; free it with dockline_value_free().
 */
int dockline_plugin_list(const dockline_context *context,
                         const dockline_value *options,
                         dockline_value **list,
                         dockline_error **error);

/**
 * Tells what a plugin in a registry wants to be allowed (GET /plugins/privileges). Since API 1.25.
 * Engines say that it wants nothing also where the registry refuses, such as for want of
 * credentials. To pull it fails then.
 *
 * Options: "remote" (text: the plugin in its registry, by reference, latest unless it has a tag;
 * must be given), "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see
 * CREDENTIALS at the top).
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * *privileges is an array of objects: "Name", "Description", "Value" (array of texts); free it with
 * dockline_value_free().
 */
int dockline_plugin_privileges(const dockline_context *context,
                               const dockline_value *options,
                               dockline_value **privileges,
                               dockline_error **error);

/**
 * Pulls a plugin and allows it what is granted (POST /plugins/pull). It is there then, and not
 * enabled.
 *
 * Options: "remote" (text: the plugin in its registry, by reference, latest unless it has a tag;
 * must be given), "name" (text: the name it gets here, that of "remote" unless given),
 * "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see CREDENTIALS at the
 * top).
 * granted: an array of what dockline_plugin_privileges() told, all of it; NULL for none. Engines
 * take nothing else; dockline_plugin_pull_with_grant() sees to it.
 *
 * The work fails or succeeds only as *progress is read to its end. Engines answer before they ask
 * the registry: what it refuses, and what was not granted, may be a DOCKLINE_STREAM there.
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it is there already, or another negative
 * dockline_status. Free *progress with dockline_stream_free().
 */
int dockline_plugin_pull(const dockline_context *context,
                         const dockline_value *options,
                         const dockline_value *granted,
                         dockline_stream **progress,
                         dockline_error **error);

/**
 * Asks what a plugin wants, and pulls it if grant says yes to that (GET /plugins/privileges,
 * POST /plugins/pull). Since API 1.25.
 *
 * Options: as dockline_plugin_pull().
 * grant: gets user_data and what the plugin wants, as dockline_plugin_privileges() tells it, also
 * when that is nothing; it is valid during the call. Returns true to grant all of it, and false to
 * grant nothing. It is called once, before this function returns; it may call this library. It must
 * return, not jump out or throw.
 *
 * Returns DOCKLINE_OK, DOCKLINE_NOT_GRANTED when grant says no, and then nothing is pulled, or as
 * dockline_plugin_pull(). Free *progress with dockline_stream_free().
 */
int dockline_plugin_pull_with_grant(const dockline_context *context,
                                    const dockline_value *options,
                                    bool (*grant)(void *user_data, const dockline_value *wanted),
                                    void *user_data,
                                    dockline_stream **progress,
                                    dockline_error **error);

/**
 * The name that a plugin has here, with its tag: of the progress of dockline_plugin_pull() and the
 * other three functions that bring a plugin. NULL for other streams, and where the engine does not
 * tell. It belongs to the stream.
 */
const char *dockline_plugin_pull_name(const dockline_stream *pull);

/**
 * Tells everything about a plugin (GET /plugins/{name}/json). Since API 1.25.
 *
 * name: its name, with its tag unless that is latest, or its id or a beginning of that, here and in
 * the functions below.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *plugin with dockline_value_free().
 */
int dockline_plugin_inspect(const dockline_context *context,
                            const char *name,
                            dockline_value **plugin,
                            dockline_error **error);

/**
 * Deletes a plugin (DELETE /plugins/{name}).
 *
 * Options: "force" (boolean: even while it is enabled).
 *
 * Returns DOCKLINE_OK, DOCKLINE_CONFLICT when it is enabled and "force" is off, or another negative
 * dockline_status.
 */
int dockline_plugin_delete(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           dockline_error **error);

/**
 * Starts a plugin, and waits until it answers (POST /plugins/{name}/enable).
 *
 * Options: "timeout" (integer: seconds that the engine waits whenever it asks something of the
 * plugin; for ever unless given).
 *
 * Returns DOCKLINE_OK; by the engine's age DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or
 * DOCKLINE_ENGINE when it is enabled already, or does not start or answer; or another negative
 * dockline_status.
 */
int dockline_plugin_enable(const dockline_context *context,
                           const char *name,
                           const dockline_value *options,
                           dockline_error **error);

/**
 * Stops a plugin (POST /plugins/{name}/disable).
 *
 * Options: "force" (boolean: even while it is in use).
 *
 * Returns DOCKLINE_OK; by the engine's age DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or
 * DOCKLINE_ENGINE when it is not enabled, or in use and "force" is off; or another negative
 * dockline_status.
 */
int dockline_plugin_disable(const dockline_context *context,
                            const char *name,
                            const dockline_value *options,
                            dockline_error **error);

/**
 * Makes of a plugin what a registry has, and allows it what is granted
 * (POST /plugins/{name}/upgrade). It must be disabled; its settings go. Since API 1.26.
 *
 * Options: "remote" (text: what it becomes, by reference, latest unless it has a tag; must be
 * given), "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see
 * CREDENTIALS at the top).
 * granted: as for dockline_plugin_pull(). dockline_plugin_upgrade_with_grant() sees to it.
 *
 * The work fails or succeeds only as *progress is read to its end.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
 */
int dockline_plugin_upgrade(const dockline_context *context,
                            const char *name,
                            const dockline_value *options,
                            const dockline_value *granted,
                            dockline_stream **progress,
                            dockline_error **error);

/**
 * Asks what a plugin in a registry wants, and upgrades to it if grant says yes to that
 * (GET /plugins/privileges, POST /plugins/{name}/upgrade). Since API 1.26.
 *
 * Options: as dockline_plugin_upgrade().
 * grant: as for dockline_plugin_pull_with_grant().
 *
 * Returns DOCKLINE_OK, DOCKLINE_NOT_GRANTED when grant says no, and then nothing changes, or as
 * dockline_plugin_upgrade(). Free *progress with dockline_stream_free().
 */
int dockline_plugin_upgrade_with_grant(const dockline_context *context,
                                       const char *name,
                                       const dockline_value *options,
                                       bool (*grant)(void *user_data, const dockline_value *wanted),
                                       void *user_data,
                                       dockline_stream **progress,
                                       dockline_error **error);

/**
 * Makes a plugin from a tar with its config.json and its root directory rootfs (POST /plugins/create).
 * Since API 1.25.
 *
 * name: its name, with or without a tag.
 * tar: where the bytes come from; they are streamed up.
 *
 * Returns DOCKLINE_OK; by the engine's age DOCKLINE_CONFLICT or DOCKLINE_ENGINE when the name is
 * taken; or another negative dockline_status.
 */
int dockline_plugin_create(const dockline_context *context,
                           const char *name,
                           dockline_source *tar,
                           dockline_error **error);

/**
 * Pushes a plugin to the registry in its name (POST /plugins/{name}/push).
 *
 * Options: "X-Registry-Auth" (object: "username" and "password", or "identitytoken"; see
 * CREDENTIALS at the top).
 *
 * The work fails or succeeds only as *progress is read to its end.
 *
 * Returns DOCKLINE_OK, or a negative dockline_status. Free *progress with dockline_stream_free().
 */
int dockline_plugin_push(const dockline_context *context,
                         const char *name,
                         const dockline_value *options,
                         dockline_stream **progress,
                         dockline_error **error);

/**
 * Changes settings of a plugin, which must be disabled (POST /plugins/{name}/set). Since API 1.25.
 *
 * settings: an array of texts, each NAME=value, or NAME.field=value where the name is that of a
 * mount or device.
 *
 * Returns DOCKLINE_OK; by the engine's age DOCKLINE_CONFLICT, DOCKLINE_BAD_REQUEST or
 * DOCKLINE_ENGINE when it is enabled, or there is no such setting, or it cannot be changed; or
 * another negative dockline_status.
 */
int dockline_plugin_set(const dockline_context *context,
                        const char *name,
                        const dockline_value *settings,
                        dockline_error **error);

/**
 * Opens a session (POST /session), over which BuildKit asks for files, secrets and credentials of a
 * build: from now on the engine calls and you serve. What is spoken is HTTP/2 with gRPC, which is
 * not this library's: it carries the bytes. Since API 1.31; engines before API 1.39 have it as an
 * experiment only. Deprecated by engines since API 1.53.
 *
 * Options: "X-Docker-Expose-Session-Uuid" (text: its id, which builds name in "session"; must be
 * given, and new), "X-Docker-Expose-Session-Name" (text: a name for people),
 * "X-Docker-Expose-Session-Sharedkey" (text: what sessions with the same files have in common),
 * "X-Docker-Expose-Session-Grpc-Method" (array of texts: the methods that you serve, such as
 * "/moby.filesync.v1.FileSync/DiffCopy").
 *
 * output: what the engine sends. input: what you send; one thread may write it while another reads
 * output. The connection closes when both are freed.
 *
 * Returns DOCKLINE_OK; DOCKLINE_ENGINE or DOCKLINE_BAD_REQUEST, by the engine's age, when the id is
 * taken; or another negative dockline_status.
 * Free *output with dockline_download_free() and *input with dockline_input_free().
 */
int dockline_session_open(const dockline_context *context,
                          const dockline_value *options,
                          dockline_download **output,
                          dockline_input **input,
                          dockline_error **error);

/**
 * Opens a connection to BuildKit's own service in the engine (POST /grpc): you call and the engine
 * serves. The Engine API does not define it. Engines have it since about API 1.39, and deprecate it
 * since API 1.53.
 *
 * output, input: as dockline_session_open().
 *
 * Returns DOCKLINE_OK, or a negative dockline_status.
 * Free *output with dockline_download_free() and *input with dockline_input_free().
 */
int dockline_session_grpc(const dockline_context *context,
                          dockline_download **output,
                          dockline_input **input,
                          dockline_error **error);

/**
 * Makes any request and reads its whole response. It goes out as every other call: with version
 * prefix, timeouts, cancelling, result callback, and refusals as errors.
 *
 * request: "path" (text, without version prefix and query, such as "/containers/json"), "method"
 * (text, GET unless given), "query" (object of texts, numbers, booleans or arrays of them, not
 * escaped), "headers" (object, likewise), "content_type" (text, application/json unless given),
 * "unversioned" (boolean: no version prefix).
 * body, body_length: the request's body; NULL and 0 for none.
 *
 * Returns DOCKLINE_OK for a status of 2xx or 304, or a negative dockline_status.
 * Free *answer with dockline_response_free().
 */
int dockline_raw(const dockline_context *context,
                 const dockline_value *request,
                 const void *body,
                 size_t body_length,
                 dockline_response **response,
                 dockline_error **error);

/**
 * Makes any request and hands out its response as it comes.
 *
 * request: as for dockline_raw(); "content_type" is application/x-tar unless given.
 * upload: where the request's body comes from, streamed up; NULL for none.
 *
 * Returns DOCKLINE_OK for a status of 2xx, 304 or 101, or a negative dockline_status.
 * Free *download with dockline_download_free().
 */
int dockline_raw_stream(const dockline_context *context,
                        const dockline_value *request,
                        dockline_source *upload,
                        dockline_download **download,
                        dockline_error **error);

/**
 * The HTTP status of a response; 0 for NULL.
 */
int dockline_response_status(const dockline_response *response);

/**
 * A header of a response, by its name in any case; NULL where there is none. It belongs to the
 * answer.
 */
const char *dockline_response_header(const dockline_response *response, const char *name);

/**
 * The body of a response, followed by a NUL that is not counted; NULL for NULL. It belongs to the
 * answer. length: where to put the number of bytes; may be NULL.
 */
const void *dockline_response_body(const dockline_response *response, size_t *length);

/**
 * Frees a response. NULL is allowed.
 */
void dockline_response_free(dockline_response *response);

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
