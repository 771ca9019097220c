/* Prints the events of an engine as they arrive, until Ctrl-C, as `docker events` does.

       cc events.c -o events $(pkg-config --cflags --libs dockline)
       ./events [TYPE...]

   TYPE is container, image, network, volume and so on; the default is all types. */
#define _POSIX_C_SOURCE 200809L
#include <dockline.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>

/* Thread that waits for Ctrl-C and cancels the stream. A signal handler must not do so: the library
   is not async-signal-safe. */
static void *cancel_on_signal(void *cancel)
{
    sigset_t signals;
    int signal;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigwait(&signals, &signal);
    dockline_cancel_token_cancel(cancel);
    return NULL;
}

/* Returns the string at a JSON pointer, or "" if there is none. */
static const char *string(const dockline_value *event, const char *pointer)
{
    return dockline_value_string(dockline_value_get(event, pointer), "");
}

int main(int argc, char **argv)
{
    dockline_context *context = NULL;
    dockline_value *options = dockline_value_new();
    dockline_stream *events = NULL;
    dockline_cancel_token *cancel = NULL;
    dockline_error *error = NULL;
    const dockline_value *event;
    pthread_t thread;
    sigset_t signals;

    /* Blocked in all threads, so that sigwait() receives it. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);

    for (int i = 1; i < argc; i++) {
        if (dockline_value_set_string(options, "/filters/type/-", argv[i], &error) < 0) {
            goto done;
        }
    }
    if (dockline_context_from_env(&context, &error) < 0 ||
        dockline_system_events(context, options, &events, &error) < 0) {
        goto done;
    }
    cancel = dockline_stream_cancel_token(events);
    if (pthread_create(&thread, NULL, cancel_on_signal, cancel) != 0) {
        fprintf(stderr, "events: cannot create a thread\n");
        goto done;
    }
    while (dockline_stream_next(events, &event, &error) == DOCKLINE_OK) {
        printf("%lld  %s %s  %.12s  %s\n",
               (long long)dockline_value_int(dockline_value_get(event, "/time"), 0),
               string(event, "/Type"), string(event, "/Action"), string(event, "/Actor/ID"),
               string(event, "/Actor/Attributes/name"));
        fflush(stdout);
    }
    if (!dockline_cancel_token_is_cancelled(cancel)) {
        pthread_cancel(thread);
    }
    pthread_join(thread, NULL);

done:;
    int status = error != NULL && dockline_error_code(error) != DOCKLINE_CANCELLED;
    if (status != 0) {
        fprintf(stderr, "events: %s\n", dockline_error_message(error));
    }
    dockline_error_free(error);
    dockline_cancel_token_free(cancel);
    dockline_stream_free(events);
    dockline_value_free(options);
    dockline_context_free(context);
    return status;
}
