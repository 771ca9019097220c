/* Responses that look like a success and are not, and limits. The argument is the engine's host. */
#include "check.h"

static dockline_context *context;

static const char *const NOT_UPGRADED =
    "input cannot be sent: the response is not an upgrade (status 101), as behind a proxy that "
    "removes the header Upgrade: configure the proxy to pass it on, or connect without the proxy";

/* Pulls, and expects a first message and then this failure. */
static void pull_fails(const char *message)
{
    dockline_stream *stream = NULL;
    const dockline_value *item = NULL;
    WITH("{\"fromImage\":\"x:1\"}",
         CHECK_OK(dockline_image_create(context, it, NULL, &stream, &error)));
    CHECK_OK(dockline_stream_next(stream, &item, &error));
    CHECK_FAILS(DOCKLINE_STREAM, message, dockline_stream_next(stream, &item, &error));
    CHECK_STATUS(DOCKLINE_END, dockline_stream_next(stream, &item, &error));
    dockline_stream_free(stream);
}

static void failures_with_odd_members(void)
{
    pull_fails("boom");
    pull_fails("boom");
    pull_fails("{\"error\":true}");
    pull_fails("{\"errorDetail\":{},\"error\":\"\"}");
}

static void image_of_a_build_with_odd_members(void)
{
    dockline_stream *build = NULL;
    const dockline_value *item = NULL;
    WITH("{\"remote\":\"http://a/b\"}",
         CHECK_OK(dockline_image_build(context, it, NULL, &build, &error)));
    CHECK_OK(dockline_stream_next(build, &item, &error));
    CHECK_STRING(dockline_build_image_id(build), "sha256:1");
    CHECK_STATUS(DOCKLINE_END, dockline_stream_next(build, &item, &error));
    dockline_stream_free(build);
}

static void not_upgraded(void)
{
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    dockline_frame frame;

    CHECK_OK(dockline_exec_start(context, "e1", NULL, &output, &input, &error));
    CHECK_FAILS(DOCKLINE_PROTOCOL, NOT_UPGRADED, dockline_input_write(input, "x", 1, &error));
    CHECK_FAILS(DOCKLINE_PROTOCOL, NOT_UPGRADED, dockline_input_close(input, &error));
    CHECK_OK(dockline_output_next(output, &frame, &error));
    CHECK(frame.length == 6 && memcmp(frame.data, "output", 6) == 0);
    CHECK_STATUS(DOCKLINE_END, dockline_output_next(output, &frame, &error));
    dockline_input_free(input);
    dockline_output_free(output);

    output = NULL;
    CHECK_FAILS(DOCKLINE_PROTOCOL, NOT_UPGRADED,
                dockline_container_attach(context, "web", NULL, &output, NULL, &error));
    CHECK(output == NULL);

    /* A switch of protocols that was not requested. */
    CHECK_FAILS(DOCKLINE_PROTOCOL,
                "the engine switched protocols (status 101), which was not requested",
                dockline_container_start(context, "web", NULL, &error));
}

static void no_exit_code(void)
{
    int64_t code = -1;
    CHECK_STATUS(DOCKLINE_DECODE, dockline_container_wait(context, "web", NULL, &code, &error));
    CHECK(code == -1);
}

static void cut_output(void)
{
    dockline_output *output = NULL;
    dockline_frame frame;

    CHECK_OK(dockline_container_logs(context, "web", NULL, &output, &error));
    CHECK_OK(dockline_output_next(output, &frame, &error));
    CHECK(frame.length == 2 && memcmp(frame.data, "ou", 2) == 0);
    CHECK_FAILS(DOCKLINE_DISCONNECTED,
                "the output ended in the middle of a frame: some of it is lost",
                dockline_output_next(output, &frame, &error));
    CHECK_STATUS(DOCKLINE_END, dockline_output_next(output, &frame, &error));
    dockline_output_free(output);

    CHECK_OK(dockline_container_logs(context, "web", NULL, &output, &error));
    CHECK_OK(dockline_output_next(output, &frame, &error));
    CHECK(frame.length == 4 && memcmp(frame.data, "one\n", 4) == 0);
    CHECK_STATUS(DOCKLINE_PROTOCOL, dockline_output_next(output, &frame, &error));
    dockline_output_free(output);
}

static void blank_and_double_names(const char *host)
{
    dockline_context *opened = NULL;
    WITH("{\"force\":true}", CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT, "\"    \" is not a valid volume name: it is blank",
                                         dockline_volume_delete(context, "    ", it, &error)));
    WITH("{\"headers\":{\"custom-header\":\"1\",\"Custom-Header\":\"2\"}}",
         CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT,
                     "the headers \"Custom-Header\" and \"custom-header\" differ only in case: set "
                     "only one of them",
                     dockline_context_open(host, it, &opened, &error)));
    CHECK(opened == NULL);
}

static void limits(const char *host)
{
    dockline_context *limited = NULL, *derived = NULL;
    dockline_value *list = NULL;
    WITH("{\"response_limit\":100,\"api_version\":\"1.42\"}",
         CHECK_OK(dockline_context_open(host, it, &limited, &error)));
    CHECK_FAILS(DOCKLINE_PROTOCOL,
                "the response is longer than 100 bytes: raise the response limit of the context, or "
                "read it as a stream",
                dockline_container_list(limited, NULL, &list, &error));
    CHECK(list == NULL);
    WITH("{\"response_limit\":1000}",
         CHECK_OK(dockline_context_derive(limited, it, NULL, &derived, &error)));
    CHECK_OK(dockline_container_list(derived, NULL, &list, &error));
    dockline_value_free(list);
    dockline_context_free(derived);
    dockline_context_free(limited);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    WITH("{\"api_version\":\"1.42\"}",
         CHECK_OK(dockline_context_open(argv[1], it, &context, &error)));
    failures_with_odd_members();
    image_of_a_build_with_odd_members();
    not_upgraded();
    no_exit_code();
    cut_output();
    blank_and_double_names(argv[1]);
    limits(argv[1]);
    dockline_context_free(context);
    return 0;
}
