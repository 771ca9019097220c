/* Attach and exec: both directions of an upgraded connection, from two threads. The argument is the
   engine's host. */
#include <pthread.h>

#include "check.h"

/* Larger than the socket buffers, so that each direction blocks until the other one is read. */
#define TOTAL ((size_t)8 << 20)

static dockline_context *context;

/* The byte that is sent at this offset. */
static unsigned char byte_at(size_t offset)
{
    return (unsigned char)(offset % 251);
}

static void *write_all(void *input)
{
    unsigned char chunk[10007];
    for (size_t done = 0; done < TOTAL;) {
        size_t length = TOTAL - done < sizeof chunk ? TOTAL - done : sizeof chunk;
        for (size_t i = 0; i < length; i++) {
            chunk[i] = byte_at(done + i);
        }
        CHECK_OK(dockline_input_write(input, chunk, length, &error));
        done += length;
    }
    CHECK_OK(dockline_input_close(input, &error));
    return NULL;
}

static void two_threads(void)
{
    dockline_value *value = NULL;
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    dockline_frame frame;
    pthread_t writer;
    size_t offset = 0;
    int64_t code = -1;
    int status;

    WITH("{\"Cmd\":[\"cat\"],\"AttachStdin\":true,\"AttachStdout\":true,\"Tty\":true,"
         "\"ConsoleSize\":[24,80]}",
         CHECK_OK(dockline_exec_create(context, "web", it, &value, &error)));
    const char *id = string_at(value, "/Id");
    WITH("{\"Tty\":true,\"ConsoleSize\":[24,80]}",
         CHECK_OK(dockline_exec_start(context, id, it, &output, &input, &error)));
    CHECK(dockline_output_is_terminal(output));
    CHECK_OK(dockline_exec_resize(context, id, 50, 132, &error));

    CHECK(pthread_create(&writer, NULL, write_all, input) == 0);
    while ((status = dockline_output_next(output, &frame, NULL)) == DOCKLINE_OK) {
        CHECK(frame.stream == DOCKLINE_STDOUT);
        for (size_t i = 0; i < frame.length; i++) {
            if (((const unsigned char *)frame.data)[i] != byte_at(offset++)) {
                CHECK(0);
            }
        }
    }
    CHECK(status == DOCKLINE_END && offset == TOTAL);
    CHECK(pthread_join(writer, NULL) == 0);
    dockline_output_free(output);
    dockline_input_free(input);

    CHECK_OK(dockline_exec_wait(context, id, NULL, &code, &error));
    CHECK(code == 3);
    dockline_value_free(value);
}

static void half_close(void)
{
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    dockline_frame frame;

    WITH("{\"detachKeys\":\"ctrl-p\",\"logs\":true,\"stderr\":false}",
         CHECK_OK(dockline_container_attach(context, "web", it, &output, &input, &error)));
    CHECK(!dockline_output_is_terminal(output));
    CHECK_OK(dockline_container_resize(context, "web", 24, 80, &error));
    CHECK_OK(dockline_output_next(output, &frame, &error));
    CHECK(frame.length == 5 && memcmp(frame.data, "ready", 5) == 0);
    CHECK_OK(dockline_input_write(input, NULL, 0, &error));
    CHECK_OK(dockline_input_write(input, "x\0y", 3, &error));
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT, "data is NULL",
                dockline_input_write(input, NULL, 1, &error));
    CHECK_OK(dockline_input_close(input, &error));
    CHECK_OK(dockline_input_close(input, &error));
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT, "the input is closed already",
                dockline_input_write(input, "z", 1, &error));
    CHECK_OK(dockline_output_next(output, &frame, &error));
    CHECK(frame.stream == DOCKLINE_STDERR && frame.length == 2);
    CHECK(memcmp(frame.data, "1\n", 2) == 0);
    CHECK_STATUS(DOCKLINE_END, dockline_output_next(output, &frame, &error));
    dockline_input_free(input);
    dockline_output_free(output);

    /* Without an input, the connection is not half-closed. */
    CHECK_OK(dockline_container_attach(context, "web", NULL, &output, NULL, &error));
    CHECK_OK(dockline_output_next(output, &frame, &error));
    CHECK(frame.length == 1);
    dockline_output_free(output);
}

static void detached(void)
{
    dockline_value *value = NULL;
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    int64_t code = -1;

    CHECK_FAILS(DOCKLINE_CONFLICT, "exec e1 has already run (status 409)",
                dockline_exec_start(context, "e1", NULL, &output, &input, &error));
    CHECK(output == NULL && input == NULL);
    CHECK_OK(dockline_exec_start_detached(context, "e2", NULL, &error));
    CHECK_OK(dockline_exec_inspect(context, "e2", &value, &error));
    CHECK(dockline_value_int(dockline_value_get(value, "/Pid"), 0) == 7);
    dockline_value_free(value);
    WITH("{\"limit\":1e-9}",
         CHECK_FAILS(DOCKLINE_TIMEOUT, "the command is still running after 1ns",
                     dockline_exec_wait(context, "e2", it, &code, &error)));
    CHECK(code == -1);
}

static void attach_by_websocket(void)
{
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    dockline_frame frame;

    WITH("{\"logs\":true,\"stderr\":false}",
         CHECK_OK(dockline_container_attach_websocket(context, "web", it, &output, &input,
                                                      &error)));
    CHECK(!dockline_output_is_terminal(output));
    CHECK_OK(dockline_input_write(input, "", 0, &error));
    CHECK_OK(dockline_input_write(input, "x", 1, &error));
    CHECK_OK(dockline_output_next(output, &frame, &error));
    CHECK(frame.stream == DOCKLINE_STDOUT && frame.length == 5);
    CHECK(memcmp(frame.data, "hello", 5) == 0);
    CHECK_OK(dockline_input_close(input, &error));
    CHECK_STATUS(DOCKLINE_END, dockline_output_next(output, &frame, &error));
    dockline_output_free(output);
    dockline_input_free(input);

    CHECK_FAILS(DOCKLINE_PROTOCOL, "the engine did not open a websocket",
                dockline_container_attach_websocket(context, "web", NULL, &output, NULL, &error));
}

static void *write_until_cancelled(void *input)
{
    char *zeros = calloc(TOTAL, 1);
    CHECK_STATUS(DOCKLINE_CANCELLED, dockline_input_write(input, zeros, TOTAL, &error));
    CHECK_STATUS(DOCKLINE_CANCELLED, dockline_input_write(input, "x", 1, &error));
    free(zeros);
    return NULL;
}

static void *read_until_cancelled(void *output)
{
    dockline_frame frame;
    CHECK_STATUS(DOCKLINE_CANCELLED, dockline_output_next(output, &frame, &error));
    return NULL;
}

static void cancel_both_directions(void)
{
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    dockline_frame frame;
    pthread_t writer, reader;

    CHECK_OK(dockline_container_attach(context, "web", NULL, &output, &input, &error));
    CHECK_OK(dockline_output_next(output, &frame, &error));
    dockline_cancel_token *cancel = dockline_output_cancel_token(output);
    CHECK(pthread_create(&writer, NULL, write_until_cancelled, input) == 0);
    CHECK(pthread_create(&reader, NULL, read_until_cancelled, output) == 0);
    dockline_cancel_token_cancel(cancel);
    CHECK(pthread_join(writer, NULL) == 0);
    CHECK(pthread_join(reader, NULL) == 0);
    dockline_cancel_token_free(cancel);
    dockline_output_free(output);
    dockline_input_free(input);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    two_threads();
    half_close();
    detached();
    attach_by_websocket();
    cancel_both_directions();
    dockline_context_free(context);
    return 0;
}
