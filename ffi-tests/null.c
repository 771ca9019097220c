/* NULL for every pointer argument of what is no operation: an error that names it, or what the header
   says. */
#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

/* Nobody listens there: a call that gets past its arguments fails otherwise. */
#define NOWHERE "unix:///nowhere/engine.sock"

static dockline_context *context;

static void contexts(void)
{
    dockline_context *out = NULL;
    const char *version = NULL;
    dockline_value *wrong = NULL;

    CHECK_FAILS(INVALID, "context is NULL", dockline_context_from_env(NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_context_open(NOWHERE, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_context_with(NULL, NULL, NULL, &out, &error));
    CHECK_FAILS(INVALID, "derived is NULL", dockline_context_with(context, NULL, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_context_on_result(NULL, NULL, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_context_api_version(NULL, &version, &error));
    CHECK_FAILS(INVALID, "version is NULL", dockline_context_api_version(context, NULL, &error));
    CHECK_TEXT(dockline_context_endpoint(NULL), "");
    CHECK_TEXT(dockline_context_endpoint(context), NOWHERE);
    CHECK_TEXT(dockline_context_rule(NULL), "");
    CHECK_TEXT(dockline_context_rule(context), "host");
    CHECK_TEXT(dockline_context_chosen_by(NULL), "");
    CHECK_TEXT(dockline_context_chosen_by(context), "the host that the program gave");
    CHECK_FAILS(INVALID, "list is NULL", dockline_docker_context_list(NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_docker_context_inspect("web", NULL, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_docker_context_inspect(NULL, &wrong, &error));
    dockline_context_free(NULL);

    /* No error wanted, no settings, no cancel handle, no callback: all allowed. */
    CHECK(dockline_context_from_env(NULL, NULL) == INVALID);
    CHECK(dockline_context_with(context, NULL, NULL, &out, NULL) == DOCKLINE_OK);
    CHECK(dockline_context_on_result(out, NULL, NULL, NULL, NULL) == DOCKLINE_OK);
    dockline_context_free(out);
    out = NULL;

    CHECK(dockline_value_parse("{\"conect_timeout\":1}", 20, &wrong, NULL) == DOCKLINE_OK);
    CHECK(dockline_context_open(NOWHERE, wrong, &out, NULL) == INVALID);
    CHECK(out == NULL);
    dockline_value_free(wrong);
}

static void cancels(void)
{
    dockline_cancel_cancel(NULL);
    CHECK(!dockline_cancel_is_cancelled(NULL));
    dockline_cancel_free(NULL);
    dockline_cancel *cancel = dockline_cancel_new();
    CHECK(!dockline_cancel_is_cancelled(cancel));
    dockline_cancel_cancel(cancel);
    CHECK(dockline_cancel_is_cancelled(cancel));
    dockline_cancel_free(cancel);
}

static void results(void)
{
    size_t length = 7;
    CHECK(dockline_result_operation(NULL) == NULL);
    CHECK(dockline_result_method(NULL) == NULL);
    CHECK(dockline_result_endpoint(NULL) == NULL);
    CHECK(dockline_result_url(NULL) == NULL);
    CHECK(dockline_result_request_head(NULL, &length) == NULL && length == 0);
    CHECK(dockline_result_request_body(NULL, NULL) == NULL);
    CHECK(dockline_result_request_bytes(NULL) == 0);
    CHECK(dockline_result_status(NULL) == 0);
    CHECK(dockline_result_response_head(NULL, NULL) == NULL);
    CHECK(dockline_result_response_body(NULL, NULL) == NULL);
    CHECK(dockline_result_response_bytes(NULL) == 0);
    CHECK(dockline_result_started(NULL) == 0);
    CHECK(dockline_result_ended(NULL) == 0);
    CHECK(dockline_result_duration(NULL) == 0);
    CHECK(dockline_result_error(NULL) == NULL);
    CHECK(dockline_result_clone(NULL) == NULL);
    dockline_result_free(NULL);
}

static int no_read(void *user_data, void *buffer, size_t capacity, size_t *length)
{
    (void)user_data;
    (void)buffer;
    (void)capacity;
    (void)length;
    return 1;
}

static void sources(void)
{
    dockline_source *source = NULL;
    CHECK_FAILS(INVALID, "read is NULL",
                dockline_source_from_callback(NULL, NULL, NULL, &source, &error));
    CHECK_FAILS(INVALID, "source is NULL",
                dockline_source_from_callback(no_read, NULL, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "source is NULL", dockline_source_from_fd(0, NULL, &error));
    CHECK_FAILS(INVALID, "fd is -1, which is no open descriptor",
                dockline_source_from_fd(-1, &source, &error));
    CHECK_FAILS(INVALID, "path is NULL", dockline_source_from_path(NULL, &source, &error));
    CHECK_FAILS(INVALID, "source is NULL", dockline_source_from_path("/", NULL, &error));
    CHECK(source == NULL);
    dockline_source_free(NULL);
}

static int no_item(void *user_data, const dockline_value *item)
{
    (void)user_data;
    (void)item;
    return 1;
}

static int no_frame(void *user_data, const dockline_frame *frame)
{
    (void)user_data;
    (void)frame;
    return 1;
}

static int no_bytes(void *user_data, const void *data, size_t length)
{
    (void)user_data;
    (void)data;
    (void)length;
    return 1;
}

static void streams(void)
{
    const dockline_value *item = NULL;
    const void *data = NULL;
    size_t length = 0;
    dockline_frame frame;

    CHECK_FAILS(INVALID, "stream is NULL", dockline_stream_next(NULL, &item, &error));
    CHECK_FAILS(INVALID, "item is NULL", dockline_stream_next(NULL, NULL, &error));
    CHECK_FAILS(INVALID, "stream is NULL", dockline_stream_each(NULL, no_item, NULL, &error));
    CHECK_FAILS(INVALID, "callback is NULL", dockline_stream_each(NULL, NULL, NULL, &error));
    CHECK(dockline_stream_cancel_handle(NULL) == NULL);
    dockline_stream_free(NULL);

    CHECK_FAILS(INVALID, "output is NULL", dockline_output_next(NULL, &frame, &error));
    CHECK_FAILS(INVALID, "frame is NULL", dockline_output_next(NULL, NULL, &error));
    CHECK_FAILS(INVALID, "output is NULL", dockline_output_each(NULL, no_frame, NULL, &error));
    CHECK_FAILS(INVALID, "callback is NULL", dockline_output_each(NULL, NULL, NULL, &error));
    CHECK(!dockline_output_is_terminal(NULL));
    CHECK(dockline_output_cancel_handle(NULL) == NULL);
    dockline_output_free(NULL);

    CHECK_FAILS(INVALID, "input is NULL", dockline_input_write(NULL, "a", 1, &error));
    CHECK_FAILS(INVALID, "input is NULL", dockline_input_close(NULL, &error));
    dockline_input_free(NULL);

    CHECK_FAILS(INVALID, "download is NULL", dockline_download_next(NULL, &data, &length, &error));
    CHECK_FAILS(INVALID, "data is NULL", dockline_download_next(NULL, NULL, &length, &error));
    CHECK_FAILS(INVALID, "length is NULL", dockline_download_next(NULL, &data, NULL, &error));
    CHECK_FAILS(INVALID, "download is NULL",
                dockline_download_each(NULL, no_bytes, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "callback is NULL",
                dockline_download_each(NULL, NULL, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "download is NULL", dockline_download_to_fd(NULL, 1, NULL, &error));
    CHECK_FAILS(INVALID, "download is NULL", dockline_download_to_path(NULL, "/", NULL, &error));
    CHECK(dockline_download_cancel_handle(NULL) == NULL);
    dockline_download_free(NULL);
}

static void raw_calls(void)
{
    dockline_answer *answer = NULL;
    dockline_download *download = NULL;
    size_t length = 7;
    dockline_value *request = NULL;
    CHECK(dockline_value_parse("{\"path\":\"/info\"}", 16, &request, NULL) == DOCKLINE_OK);

    CHECK_FAILS(INVALID, "context is NULL", dockline_raw(NULL, request, NULL, 0, &answer, &error));
    CHECK_FAILS(INVALID, "request is NULL", dockline_raw(context, NULL, NULL, 0, &answer, &error));
    CHECK_FAILS(INVALID, "body is NULL", dockline_raw(context, request, NULL, 1, &answer, &error));
    CHECK_FAILS(INVALID, "answer is NULL", dockline_raw(context, request, NULL, 0, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_raw_stream(NULL, request, NULL, &download, &error));
    CHECK_FAILS(INVALID, "request is NULL",
                dockline_raw_stream(context, NULL, NULL, &download, &error));
    CHECK_FAILS(INVALID, "download is NULL",
                dockline_raw_stream(context, request, NULL, NULL, &error));
    CHECK(dockline_raw(context, request, NULL, 0, &answer, NULL) == DOCKLINE_CONNECT);
    CHECK(answer == NULL && download == NULL);

    CHECK(dockline_answer_status(NULL) == 0);
    CHECK(dockline_answer_header(NULL, "a") == NULL);
    CHECK(dockline_answer_body(NULL, &length) == NULL && length == 0);
    CHECK(dockline_answer_body(NULL, NULL) == NULL);
    dockline_answer_free(NULL);
    dockline_value_free(request);
}

int main(void)
{
    CHECK(dockline_context_open(NOWHERE, NULL, &context, NULL) == DOCKLINE_OK);
    contexts();
    cancels();
    results();
    sources();
    streams();
    raw_calls();
    dockline_context_free(context);
    return 0;
}
