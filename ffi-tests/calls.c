/* Calls with one response each, and their failures. The argument is the engine's host. */
#include <stdint.h>

#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

static dockline_context *context;

static void responses(void)
{
    dockline_value *value = NULL;
    dockline_value *options = NULL;
    const char *version = NULL;
    const dockline_value *part = NULL;

    CHECK(dockline_context_api_version(context, &version, NULL) == DOCKLINE_OK);
    CHECK_STRING(version, "1.41");
    CHECK(dockline_system_ping(context, &value, NULL) == DOCKLINE_OK);
    CHECK_STRING(string_at(value, "/APIVersion"), "1.41");
    CHECK_STRING(string_at(value, "/OSType"), "linux");
    dockline_value_free(value);
    CHECK(dockline_system_version(context, &value, NULL) == DOCKLINE_OK);
    CHECK_STRING(string_at(value, "/Version"), "20.10.24");
    dockline_value_free(value);
    CHECK(dockline_system_info(context, &value, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_uint(dockline_value_get(value, "/MemTotal"), 0) == UINT64_MAX);
    CHECK(dockline_value_int(dockline_value_get(value, "/Least"), 0) == INT64_MIN);
    CHECK_FAILS(DOCKLINE_DECODE, "no \"/Swarm/NodeID\": the value has no member \"Swarm\"",
                dockline_value_require(value, "/Swarm/NodeID", DOCKLINE_TYPE_STRING, &part, &error));
    dockline_value_free(value);

    /* Options and filters. */
    options = parse("{\"all\":true,\"limit\":2,\"filters\":{\"label\":[\"a\",\"b\"],\"exited\":3}}");
    CHECK(dockline_container_list(context, options, &value, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_size(value) == 1);
    CHECK_STRING(string_at(value, "/0/State"), "an unknown state");
    CHECK_STRING(string_at(value, "/0/Invented/Tomorrow"), "kept");
    dockline_value_free(value);
    dockline_value_free(options);
    /* null in place of a list is an empty list. */
    CHECK(dockline_container_list(context, NULL, &value, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_size(value) == 0);
    dockline_value_free(value);

    /* A response of another type is an error; null in place of an object is an empty object. */
    CHECK_FAILS(DOCKLINE_DECODE, "response: expected an array, got an object",
                dockline_container_list(context, NULL, &value, &error));
    CHECK_FAILS(DOCKLINE_DECODE, "response: expected an object, got an array",
                dockline_system_info(context, &value, &error));
    CHECK(dockline_system_info(context, &value, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_type(value) == DOCKLINE_TYPE_OBJECT && dockline_value_size(value) == 0);
    dockline_value_free(value);
    /* A body is sent as it is, except for null members. */
    options = parse("{\"Image\":\"\",\"Tty\":false,\"User\":null,"
                    "\"HostConfig\":{\"Memory\":0,\"Binds\":[],\"Init\":null}}");
    CHECK(dockline_container_create(context, NULL, options, &value, NULL) == DOCKLINE_OK);
    dockline_value_free(value);
    dockline_value_free(options);

    CHECK(dockline_container_inspect(context, "/web", NULL, &value, NULL) == DOCKLINE_OK);
    CHECK_STRING(string_at(value, "/Id"), "abc");
    dockline_value_free(value);
    CHECK(dockline_image_list(context, NULL, &value, NULL) == DOCKLINE_OK);
    dockline_value_free(value);
    CHECK(dockline_image_inspect(context, "r:5000/a/b:1", NULL, &value, NULL) == DOCKLINE_OK);
    dockline_value_free(value);
    CHECK(dockline_image_delete(context, "a@sha256:00", NULL, &value, NULL) == DOCKLINE_OK);
    CHECK_STRING(string_at(value, "/1/Deleted"), "sha256:00");
    dockline_value_free(value);
}

static void changes(void)
{
    int64_t code = -1;
    dockline_value *created = NULL;
    dockline_value *options = parse("{\"name\":\"web\"}");
    dockline_value *body = parse("{\"Image\":\"busybox\",\"Cmd\":[\"sh\"],\"Labels\":{\"a\":\"b\"},"
                                 "\"ExposedPorts\":{\"80/tcp\":{}},"
                                 "\"HostConfig\":{\"Memory\":9007199254740993,\"Init\":false}}");
    CHECK(dockline_container_create(context, options, body, &created, NULL) == DOCKLINE_OK);
    CHECK_STRING(string_at(created, "/Id"), "abc");
    dockline_value_free(created);
    dockline_value_free(body);
    dockline_value_free(options);

    CHECK(dockline_container_start(context, "abc", NULL, NULL) == DOCKLINE_OK);
    CHECK(dockline_container_start(context, "abc", NULL, NULL) == DOCKLINE_NOT_MODIFIED);
    options = parse("{\"t\":3}");
    CHECK(dockline_container_stop(context, "abc", options, NULL) == DOCKLINE_NOT_MODIFIED);
    dockline_value_free(options);
    options = parse("{\"condition\":\"next-exit\"}");
    CHECK(dockline_container_wait(context, "abc", options, &code, NULL) == DOCKLINE_OK);
    CHECK(code == 3);
    dockline_value_free(options);
    dockline_wait *wait = NULL;
    CHECK(dockline_container_wait_start(context, "abc", NULL, &wait, NULL) == DOCKLINE_OK);
    CHECK_FAILS(DOCKLINE_STREAM, "the disk has failed", dockline_wait_finish(wait, &code, &error));
    CHECK_FAILS(INVALID, "wait is finished already", dockline_wait_finish(wait, &code, &error));
    CHECK(code == 3);
    dockline_wait_free(wait);
    options = parse("{\"force\":true,\"v\":true}");
    CHECK(dockline_container_delete(context, "abc", options, NULL) == DOCKLINE_OK);
    dockline_value_free(options);
}

static void error_responses(void)
{
    dockline_value *value = NULL;
    dockline_error *error = NULL;

    CHECK(dockline_container_inspect(context, "nix", NULL, &value, &error) == DOCKLINE_NOT_FOUND);
    CHECK(dockline_error_code(error) == DOCKLINE_NOT_FOUND);
    CHECK(dockline_error_http_status(error) == 404);
    CHECK_STRING(dockline_error_operation(error), "ContainerInspect");
    CHECK_STRING(dockline_error_message(error), "No such container: nix (status 404)");
    CHECK(value == NULL);
    dockline_error_free(error);

    CHECK_FAILS(DOCKLINE_CONFLICT, "it runs (status 409)",
                dockline_container_delete(context, "abc", NULL, &error));
    CHECK_FAILS(DOCKLINE_DECODE,
                "response: expected JSON, got application/json beginning with \"nonsense\"",
                dockline_system_info(context, &value, &error));
    CHECK(value == NULL);
}

/* Fails before anything is sent. */
static void invalid_arguments(void)
{
    dockline_value *value = NULL;
    const char *invalid[] = {"", "/", "a//b", "..", "a/./b", "a\r\nHost: b", " ", "a\t", "a\177"};
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        dockline_error *error = NULL;
        CHECK(dockline_container_inspect(context, invalid[i], NULL, &value, &error) == INVALID);
        CHECK(strstr(dockline_error_message(error), "name or ID") != NULL);
        dockline_error_free(error);
        CHECK(dockline_container_delete(context, invalid[i], NULL, NULL) == INVALID);
        CHECK(dockline_container_start(context, invalid[i], NULL, NULL) == INVALID);
    }
    CHECK_FAILS(INVALID, "id is not UTF-8 after 1 bytes",
                dockline_container_start(context, "a\xff", NULL, &error));
    CHECK_FAILS(INVALID, "image reference \"a//b\" has an empty part between slashes",
                dockline_image_inspect(context, "a//b", NULL, &value, &error));

    struct { const char *json, *message; } cases[] = {
        {"{\"limt\":1}", "options: unknown field \"limt\", expected one of all, limit, size, filters; "
                         "did you mean \"limit\"?"},
        {"{\"limit\":\"many\"}", "options: \"limit\" must be an integer, not a string"},
        {"{\"limit\":-1}", "options: \"limit\" must be between 0 and 4294967295, not -1"},
        {"{\"all\":1}", "options: \"all\" must be a boolean, not an integer"},
        {"[]", "options: the value must be an object, not an array"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dockline_value *options = parse(cases[i].json);
        dockline_error *error = NULL;
        CHECK(dockline_container_list(context, options, &value, &error) == INVALID);
        CHECK_STRING(dockline_error_message(error), cases[i].message);
        dockline_error_free(error);
        dockline_value_free(options);
    }
    dockline_value *body = parse("{\"Image\":\"a\",\"HostConfig\":{\"Memroy\":1}}");
    dockline_error *error = NULL;
    CHECK(dockline_container_create(context, NULL, body, &value, &error) == INVALID);
    CHECK(strstr(dockline_error_message(error), "\"HostConfig.Memroy\"") != NULL);
    CHECK(strstr(dockline_error_message(error), "did you mean \"HostConfig.Memory\"") != NULL ||
          strstr(dockline_error_message(error), "\"Memory\"") != NULL);
    dockline_error_free(error);
    dockline_value_free(body);

    /* An option of a newer API version. */
    dockline_value *options = parse("{\"signal\":\"SIGTERM\"}");
    CHECK_FAILS(DOCKLINE_ENGINE_TOO_OLD,
                "\"signal\" needs API 1.42, and 1.41 is in use with this engine",
                dockline_container_stop(context, "abc", options, &error));
    dockline_value_free(options);
    CHECK(value == NULL);
}

static void raw_calls(void)
{
    dockline_response *response = NULL;
    size_t length = 0;
    dockline_value *request = parse("{\"method\":\"POST\",\"path\":\"/a b\",\"query\":{\"n\":[\"1\",\"2\"],"
                                    "\"x\":true},\"headers\":{\"X-One\":\"1\"}}");
    CHECK(dockline_raw(context, request, "{\"a\":\"\0\"}", 9, &response, NULL) == DOCKLINE_OK);
    CHECK(dockline_response_status(response) == 201);
    CHECK_STRING(dockline_response_header(response, "CONTENT-type"), "application/json");
    CHECK(dockline_response_header(response, "X-None") == NULL);
    CHECK_STRING(dockline_response_body(response, &length), "{}\n");
    CHECK(length == 3);
    dockline_response_free(response);
    dockline_value_free(request);

    response = NULL;
    request = parse("{\"path\":\"/nix\"}");
    CHECK_FAILS(DOCKLINE_UNAVAILABLE,
                "the engine does not have this operation: page not found (status 404)",
                dockline_raw(context, request, NULL, 0, &response, &error));
    dockline_value_free(request);
    request = parse("{\"path\":\"no-slash\"}");
    CHECK_FAILS(INVALID, "the path \"no-slash\" does not begin with a slash",
                dockline_raw(context, request, NULL, 0, &response, &error));
    dockline_value_free(request);
    CHECK(response == NULL);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    dockline_error *error = NULL;
    if (dockline_context_open(argv[1], NULL, &context, &error) < 0) {
        fprintf(stderr, "%s\n", dockline_error_message(error));
        return 1;
    }
    CHECK_STRING(dockline_context_endpoint(context), argv[1]);
    responses();
    changes();
    error_responses();
    invalid_arguments();
    raw_calls();
    dockline_context_free(context);
    return 0;
}
