/* Output until the exit of the container, and events that reconnect. The argument is the engine's
   host. */
#include "check.h"

static dockline_context *context;

static dockline_wait *start_wait(void)
{
    dockline_wait *wait = NULL;
    CHECK_OK(dockline_container_wait_start(context, "web", NULL, &wait, &error));
    return wait;
}

static void null_arguments(void)
{
    const int invalid = DOCKLINE_INVALID_ARGUMENT;
    dockline_stream *events = NULL;
    int64_t code = -1;
    CHECK_FAILS(invalid, "output is NULL", dockline_output_until_exit(NULL, NULL, &error));
    CHECK_FAILS(invalid, "output is NULL", dockline_output_finish(NULL, &code, &error));
    CHECK_FAILS(invalid, "exit_code is NULL", dockline_output_finish(NULL, NULL, &error));
    CHECK_FAILS(invalid, "context is NULL",
                dockline_system_events_reconnecting(NULL, NULL, &events, &error));
    CHECK_FAILS(invalid, "events is NULL",
                dockline_system_events_reconnecting(context, NULL, NULL, &error));
    CHECK(events == NULL && code == -1);
}

static void until_exit(void)
{
    const int invalid = DOCKLINE_INVALID_ARGUMENT;
    dockline_output *output = NULL;
    dockline_frame frame;
    int64_t code = -1;

    dockline_wait *wait = start_wait();
    WITH("{\"follow\":true}",
         CHECK_OK(dockline_container_logs(context, "web", it, &output, &error)));
    CHECK_FAILS(invalid, "wait is NULL", dockline_output_until_exit(output, NULL, &error));
    CHECK_FAILS(invalid,
                "output is finished already, or dockline_output_until_exit() was not called with it",
                dockline_output_finish(output, &code, &error));
    CHECK_OK(dockline_output_until_exit(output, wait, &error));
    CHECK_FAILS(invalid, "output already ends with its container, or is from a websocket",
                dockline_output_until_exit(output, wait, &error));
    CHECK_FAILS(invalid, "wait is finished already", dockline_wait_finish(wait, &code, &error));
    dockline_wait_free(wait);
    CHECK(!dockline_output_is_terminal(output));
    dockline_cancel_token_free(dockline_output_cancel_token(output));

    /* The engine leaves the stream open; the output ends because the container has exited. */
    CHECK_OK(dockline_output_next(output, &frame, &error));
    CHECK(frame.length == 4 && memcmp(frame.data, "some", 4) == 0);
    CHECK_STATUS(DOCKLINE_END, dockline_output_next(output, &frame, &error));
    CHECK_OK(dockline_output_finish(output, &code, &error));
    CHECK(code == 3);
    CHECK_STATUS(DOCKLINE_END, dockline_output_next(output, &frame, &error));
    CHECK_FAILS(invalid,
                "output is finished already, or dockline_output_until_exit() was not called with it",
                dockline_output_finish(output, &code, &error));
    dockline_cancel_token_free(dockline_output_cancel_token(output));
    dockline_output_free(output);
}

static int count(void *user_data, const dockline_value *event)
{
    int *events = user_data;
    CHECK(string_at(event, "/Action") != NULL);
    ++*events;
    return 0;
}

static void reconnect(void)
{
    dockline_stream *events = NULL;
    const dockline_value *event = NULL;
    int received = 0;

    WITH("{\"since\":1}",
         CHECK_OK(dockline_system_events_reconnecting(context, it, &events, &error)));
    CHECK(dockline_stream_each(events, count, &received, NULL) == DOCKLINE_DISCONNECTED);
    CHECK(received == 2);

    /* The engine sends the second event again; it is not repeated here. */
    CHECK_OK(dockline_stream_next(events, &event, &error));
    CHECK_STRING(string_at(event, "/Action"), "c");
    CHECK_STATUS(DOCKLINE_DISCONNECTED, dockline_stream_next(events, &event, &error));

    dockline_cancel_token *cancel = dockline_stream_cancel_token(events);
    dockline_cancel_token_cancel(cancel);
    dockline_cancel_token_free(cancel);
    CHECK_STATUS(DOCKLINE_CANCELLED, dockline_stream_next(events, &event, &error));
    CHECK_STATUS(DOCKLINE_END, dockline_stream_next(events, &event, &error));
    CHECK(dockline_build_builder(events) == NULL && dockline_build_image_id(events) == NULL);
    dockline_stream_free(events);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    null_arguments();
    until_exit();
    reconnect();
    dockline_context_free(context);
    return 0;
}
