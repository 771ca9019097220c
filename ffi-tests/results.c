/* The result callback: requests and responses of successful and failed calls, and calls from within the
   callback. The argument is the engine's host. */
#include <stdint.h>

#include "check.h"

static int called, nested, released;
static dockline_result *inspected;

static void on_result(void *user_data, const dockline_result *result)
{
    dockline_context *context = *(dockline_context **)user_data;
    const char *operation = dockline_result_operation(result);
    called++;
    CHECK(dockline_result_started(result) > INT64_C(1700000000000000000));
    CHECK(dockline_result_ended(result) >= dockline_result_started(result));
    CHECK(dockline_result_duration(result) > 0);
    if (strcmp(operation, "SystemInfo") == 0 && !nested) {
        /* The callback calls the library, on the same context. */
        dockline_value *version = NULL;
        nested = 1;
        CHECK(dockline_system_version(context, &version, NULL) == DOCKLINE_OK);
        dockline_value_free(version);
    }
    if (strcmp(operation, "ContainerInspect") == 0) {
        inspected = dockline_result_clone(result);
    }
}

static void release(void *user_data)
{
    CHECK(user_data != NULL);
    released++;
}

int main(int argc, char **argv)
{
    dockline_context *context = NULL, *derived = NULL;
    dockline_value *value = NULL, *options = NULL;
    size_t length = 0;

    CHECK(argc == 2);
    CHECK(dockline_value_parse("{\"capture_limit\":10}", 20, &options, NULL) == DOCKLINE_OK);
    CHECK(dockline_context_open(argv[1], options, &context, NULL) == DOCKLINE_OK);
    CHECK(dockline_context_on_result(context, on_result, &context, release, NULL) == DOCKLINE_OK);
    CHECK(dockline_context_derive(context, NULL, NULL, &derived, NULL) == DOCKLINE_OK);

    CHECK(dockline_system_info(context, &value, NULL) == DOCKLINE_OK);
    dockline_value_free(value);
    CHECK(called == 3); /* ping, version from within, info */

    CHECK(dockline_container_inspect(derived, "nix", NULL, &value, NULL) == DOCKLINE_NOT_FOUND);
    CHECK(called == 4 && inspected != NULL);
    CHECK_STRING(dockline_result_operation(inspected), "ContainerInspect");
    CHECK_STRING(dockline_result_method(inspected), "GET");
    CHECK_STRING(dockline_result_endpoint(inspected), argv[1]);
    CHECK_STRING(dockline_result_url(inspected), "http://localhost/v1.41/containers/nix/json");
    const char *head = dockline_result_request_head(inspected, &length);
    CHECK(strncmp(head, "GET /v1.41/containers/nix/json HTTP/1.1\r\n", 41) == 0);
    CHECK(length == strlen(head) && strcmp(head + length - 4, "\r\n\r\n") == 0);
    CHECK_STRING(dockline_result_request_body(inspected, &length), "");
    CHECK(length == 0 && dockline_result_request_body_size(inspected) == 0);
    CHECK(dockline_result_status(inspected) == 404);
    head = dockline_result_response_head(inspected, &length);
    CHECK(strncmp(head, "HTTP/1.1 404", 12) == 0 && length == strlen(head));
    CHECK_STRING(dockline_result_response_body(inspected, &length), "{\"message\"");
    CHECK(length == 10 && dockline_result_response_body_size(inspected) == 24);
    /* The engine's message has a NUL, which is shown as U+2400. */
    CHECK_STRING(dockline_result_error(inspected), "ContainerInspect: ni\xe2\x90\x80x (status 404)");
    dockline_result_free(inspected);

    /* The result of a stream is reported at its end, with the number of all bytes. */
    dockline_stream *stream = NULL;
    const dockline_value *item = NULL;
    CHECK(dockline_system_events(context, NULL, &stream, NULL) == DOCKLINE_OK);
    CHECK(called == 4);
    CHECK(dockline_stream_next(stream, &item, NULL) == DOCKLINE_OK);
    CHECK(dockline_stream_next(stream, &item, NULL) == DOCKLINE_END);
    CHECK(called == 5);
    dockline_stream_free(stream);
    CHECK(called == 5);

    /* A call that fails before anything is sent is reported, too. */
    CHECK(dockline_container_start(context, "a/../b", NULL, NULL) == DOCKLINE_INVALID_ARGUMENT);
    CHECK(called == 6);

    CHECK(dockline_context_on_result(context, NULL, NULL, NULL, NULL) == DOCKLINE_OK);
    CHECK(released == 0); /* the derived context still uses it */
    dockline_context_free(derived);
    CHECK(released == 1);
    dockline_value_free(options);
    dockline_context_free(context);
    return 0;
}
