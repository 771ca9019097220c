/* Cancellation from another thread, and eight threads with one context. The arguments are the hosts of an
   engine that responds and of one that does not. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>

#include "check.h"

static dockline_context *context;

static void *list_repeatedly(void *argument)
{
    (void)argument;
    for (int i = 0; i < 20; i++) {
        dockline_value *list = NULL;
        CHECK(dockline_container_list(context, NULL, &list, NULL) == DOCKLINE_OK);
        CHECK(dockline_value_size(list) == 1);
        dockline_value_free(list);
    }
    return NULL;
}

static void *cancel_soon(void *cancel)
{
    struct timespec delay = {0, 50 * 1000 * 1000};
    nanosleep(&delay, NULL);
    dockline_cancel_token_cancel(cancel);
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[8], canceller;
    dockline_context *silent = NULL, *derived = NULL;
    dockline_value *value = NULL;
    CHECK(argc == 3);

    CHECK(dockline_context_open(argv[1], NULL, &context, NULL) == DOCKLINE_OK);
    for (int i = 0; i < 8; i++) {
        CHECK(pthread_create(&threads[i], NULL, list_repeatedly, NULL) == 0);
    }
    for (int i = 0; i < 8; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }

    /* A call that is waiting for its response. */
    CHECK(dockline_context_open(argv[2], NULL, &silent, NULL) == DOCKLINE_OK);
    dockline_cancel_token *cancel = dockline_cancel_token_new();
    CHECK(dockline_context_derive(silent, NULL, cancel, &derived, NULL) == DOCKLINE_OK);
    CHECK(pthread_create(&canceller, NULL, cancel_soon, cancel) == 0);
    CHECK_FAILS(DOCKLINE_CANCELLED, "cancelled", dockline_system_ping(derived, &value, &error));
    CHECK(pthread_join(canceller, NULL) == 0);
    CHECK_FAILS(DOCKLINE_CANCELLED, "cancelled", dockline_system_ping(derived, &value, &error));
    dockline_cancel_token_free(cancel);
    dockline_context_free(derived);
    dockline_context_free(silent);

    /* A stream, an output, a download and a wait that are waiting for data. */
    dockline_stream *stream = NULL;
    const dockline_value *item = NULL;
    CHECK(dockline_system_events(context, NULL, &stream, NULL) == DOCKLINE_OK);
    cancel = dockline_stream_cancel_token(stream);
    CHECK(pthread_create(&canceller, NULL, cancel_soon, cancel) == 0);
    CHECK(dockline_stream_next(stream, &item, NULL) == DOCKLINE_CANCELLED);
    CHECK(pthread_join(canceller, NULL) == 0);
    dockline_stream_free(stream);
    dockline_cancel_token_cancel(cancel); /* the token outlives the stream */
    dockline_cancel_token_free(cancel);

    dockline_output *output = NULL;
    dockline_frame frame;
    CHECK(dockline_container_logs(context, "a", NULL, &output, NULL) == DOCKLINE_OK);
    cancel = dockline_output_cancel_token(output);
    CHECK(pthread_create(&canceller, NULL, cancel_soon, cancel) == 0);
    CHECK(dockline_output_next(output, &frame, NULL) == DOCKLINE_CANCELLED);
    CHECK(pthread_join(canceller, NULL) == 0);
    dockline_output_free(output);
    dockline_cancel_token_free(cancel);

    dockline_download *download = NULL;
    dockline_value *request = NULL;
    const void *data = NULL;
    size_t length = 0;
    CHECK(dockline_value_parse("{\"path\":\"/d\"}", 13, &request, NULL) == DOCKLINE_OK);
    CHECK(dockline_raw_stream(context, request, NULL, &download, NULL) == DOCKLINE_OK);
    cancel = dockline_download_cancel_token(download);
    CHECK(pthread_create(&canceller, NULL, cancel_soon, cancel) == 0);
    CHECK(dockline_download_next(download, &data, &length, NULL) == DOCKLINE_CANCELLED);
    CHECK(pthread_join(canceller, NULL) == 0);
    dockline_download_free(download);
    dockline_value_free(request);
    dockline_cancel_token_free(cancel);

    dockline_wait *wait = NULL;
    int64_t code = 7;
    CHECK(dockline_container_wait_start(context, "a", NULL, &wait, NULL) == DOCKLINE_OK);
    cancel = dockline_wait_cancel_token(wait);
    CHECK(pthread_create(&canceller, NULL, cancel_soon, cancel) == 0);
    CHECK(dockline_wait_finish(wait, &code, NULL) == DOCKLINE_CANCELLED);
    CHECK(pthread_join(canceller, NULL) == 0);
    CHECK(code == 7);
    dockline_wait_free(wait);
    dockline_cancel_token_free(cancel);

    dockline_context_free(context);
    return 0;
}
