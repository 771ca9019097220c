/* Streams: read item by item, with a callback, and stopped. The arguments are the engine's host and a
   directory. */
#include <stdint.h>
#include <unistd.h>

#include "check.h"

static dockline_context *context;

static int count_item(void *user_data, const dockline_value *item)
{
    int *count = user_data;
    CHECK(dockline_value_string(dockline_value_get(item, "/Action"), NULL) != NULL);
    return ++*count == 2 ? 5 : 0;
}

static void events(void)
{
    dockline_stream *stream = NULL;
    const dockline_value *item = NULL;
    int count = 0;

    CHECK(dockline_system_events(context, NULL, &stream, NULL) == DOCKLINE_OK);
    CHECK(dockline_stream_next(stream, &item, NULL) == DOCKLINE_OK);
    CHECK_STRING(dockline_value_string(dockline_value_get(item, "/Action"), NULL), "start");
    CHECK(dockline_stream_next(stream, &item, NULL) == DOCKLINE_OK);
    CHECK_STRING(dockline_value_string(dockline_value_get(item, "/Action"), NULL), "die");
    item = NULL;
    CHECK(dockline_stream_next(stream, &item, NULL) == DOCKLINE_END);
    CHECK(dockline_stream_next(stream, &item, NULL) == DOCKLINE_END);
    CHECK(item == NULL);
    dockline_stream_free(stream);

    CHECK(dockline_system_events(context, NULL, &stream, NULL) == DOCKLINE_OK);
    CHECK(dockline_stream_each(stream, count_item, &count, NULL) == DOCKLINE_STOPPED);
    CHECK(count == 2);
    CHECK(dockline_stream_each(stream, count_item, &count, NULL) == DOCKLINE_OK);
    CHECK(count == 3);
    dockline_stream_free(stream);

    /* The connection ends in the middle of a record: an error, then the end. */
    CHECK(dockline_system_events(context, NULL, &stream, NULL) == DOCKLINE_OK);
    CHECK_FAILS(DOCKLINE_DISCONNECTED, "the engine closed the connection in the middle of its response",
                dockline_stream_next(stream, &item, &error));
    CHECK(dockline_stream_next(stream, &item, NULL) == DOCKLINE_END);
    dockline_stream_free(stream);
}

static int count_bytes(void *user_data, const dockline_frame *frame)
{
    size_t *counts = user_data;
    CHECK(frame->length > 0);
    counts[frame->stream] += frame->length;
    return 0;
}

static void logs(void)
{
    dockline_output *output = NULL;
    dockline_frame frame;
    size_t counts[3] = {0, 0, 0};

    /* The response of API 1.41 does not have the format of the output, so the container is inspected. */
    CHECK(dockline_container_logs(context, "a", NULL, &output, NULL) == DOCKLINE_OK);
    CHECK(!dockline_output_is_terminal(output));
    CHECK(dockline_output_next(output, &frame, NULL) == DOCKLINE_OK);
    CHECK(frame.stream == DOCKLINE_STDOUT && frame.length == 4);
    CHECK(memcmp(frame.data, "out\n", 4) == 0);
    CHECK(dockline_output_next(output, &frame, NULL) == DOCKLINE_OK);
    CHECK(frame.stream == DOCKLINE_STDERR && frame.length == 4);
    CHECK(memcmp(frame.data, "err\n", 4) == 0);
    CHECK(dockline_output_next(output, &frame, NULL) == DOCKLINE_END);
    dockline_output_free(output);

    CHECK(dockline_container_logs(context, "a", NULL, &output, NULL) == DOCKLINE_OK);
    CHECK(dockline_output_each(output, count_bytes, counts, NULL) == DOCKLINE_OK);
    CHECK(counts[DOCKLINE_STDOUT] == 1024 * 1024 && counts[DOCKLINE_STDERR] == 1);
    dockline_output_free(output);

    CHECK(dockline_container_logs(context, "a", NULL, &output, NULL) == DOCKLINE_OK);
    CHECK_FAILS(DOCKLINE_STREAM, "Error grabbing logs: no",
                dockline_output_next(output, &frame, &error));
    dockline_output_free(output);
}

static void progress(void)
{
    dockline_stream *stream = NULL;
    const dockline_value *item = NULL;
    dockline_value *options = NULL;
    CHECK(dockline_value_parse("{\"fromImage\":\"a\"}", 17, &options, NULL) == DOCKLINE_OK);
    CHECK(dockline_image_create(context, options, NULL, &stream, NULL) == DOCKLINE_OK);
    CHECK(dockline_stream_next(stream, &item, NULL) == DOCKLINE_OK);
    CHECK_STRING(dockline_value_string(dockline_value_get(item, "/status"), NULL), "Pulling");
    dockline_error *failed = NULL;
    CHECK(dockline_stream_next(stream, &item, &failed) == DOCKLINE_STREAM);
    CHECK_STRING(dockline_error_message(failed), "no such image");
    CHECK(dockline_error_stream_code(failed, -1) == 5000000000);
    dockline_error_free(failed);
    CHECK(dockline_stream_next(stream, &item, NULL) == DOCKLINE_END);
    dockline_stream_free(stream);
    dockline_value_free(options);
}

static int add_bytes(void *user_data, const void *data, size_t length)
{
    CHECK(data != NULL);
    *(size_t *)user_data += length;
    return 0;
}

static int fail_with_enospc(void *user_data, const void *data, size_t length)
{
    (void)user_data;
    (void)data;
    (void)length;
    return 28; /* ENOSPC */
}

static void downloads(const char *dir)
{
    dockline_download *download = NULL;
    dockline_value *request = NULL;
    const void *data = NULL;
    size_t length = 0, sum = 0;
    uint64_t total = 0;
    char path[4096];
    CHECK(dockline_value_parse("{\"path\":\"/d\"}", 13, &request, NULL) == DOCKLINE_OK);

    CHECK(dockline_raw_stream(context, request, NULL, &download, NULL) == DOCKLINE_OK);
    CHECK(dockline_download_next(download, &data, &length, NULL) == DOCKLINE_OK);
    CHECK(length == 5 && memcmp(data, "hello", 5) == 0);
    CHECK(dockline_download_next(download, &data, &length, NULL) == DOCKLINE_END);
    dockline_download_free(download);

    CHECK(dockline_raw_stream(context, request, NULL, &download, NULL) == DOCKLINE_OK);
    CHECK(dockline_download_each(download, add_bytes, &sum, &total, NULL) == DOCKLINE_OK);
    CHECK(sum == 5 && total == 5);
    dockline_download_free(download);

    CHECK(dockline_raw_stream(context, request, NULL, &download, NULL) == DOCKLINE_OK);
    dockline_error *error = NULL;
    CHECK(dockline_download_each(download, fail_with_enospc, NULL, NULL, &error) == DOCKLINE_IO);
    CHECK(dockline_error_errno(error) == 28);
    dockline_error_free(error);
    dockline_download_free(download);

    snprintf(path, sizeof path, "%s/down", dir);
    CHECK(dockline_raw_stream(context, request, NULL, &download, NULL) == DOCKLINE_OK);
    CHECK(dockline_download_to_path(download, path, &total, NULL) == DOCKLINE_OK);
    CHECK(total == 5);
    dockline_download_free(download);
    CHECK(dockline_raw_stream(context, request, NULL, &download, NULL) == DOCKLINE_OK);
    FILE *file = fopen(path, "a");
    CHECK(dockline_download_to_fd(download, fileno(file), NULL, NULL) == DOCKLINE_OK);
    fclose(file);
    dockline_download_free(download);
    char all[16] = "";
    file = fopen(path, "r");
    CHECK(fread(all, 1, sizeof all, file) == 10);
    fclose(file);
    CHECK_STRING(all, "hellohello");

    CHECK(dockline_raw_stream(context, request, NULL, &download, NULL) == DOCKLINE_OK);
    CHECK(dockline_download_to_path(download, "/nowhere/file", NULL, NULL) == DOCKLINE_IO);
    dockline_download_free(download);
    dockline_value_free(request);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    CHECK(dockline_context_open(argv[1], NULL, &context, NULL) == DOCKLINE_OK);
    events();
    logs();
    progress();
    downloads(argv[2]);
    dockline_context_free(context);
    return 0;
}
