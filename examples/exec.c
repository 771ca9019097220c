/* Runs a program in a container, on this terminal: raw mode, and the size of the window follows.
   As `docker exec --interactive --tty`; without a terminal as `docker exec --interactive`.

       cc exec.c -o exec $(pkg-config --cflags --libs dockline) -pthread
       ./exec CONTAINER PROGRAM [ARG...] */
#define _DEFAULT_SOURCE
#include <dockline.h>

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Hands on what is typed, and its end, on a thread of its own. */
static void *forward(void *input)
{
    char buffer[4096];
    ssize_t count;
    while ((count = read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
        if (dockline_input_write(input, buffer, (size_t)count, NULL) < 0) {
            return NULL;
        }
    }
    dockline_input_close(input, NULL);
    return NULL;
}

/* Where a program runs, for the thread that tells it the size of the window. */
struct window {
    const dockline_context *context;
    const char *id;
    int end[2]; /* a pipe: its end to write is closed when that is over */
};

static void *follow_size(void *argument)
{
    const struct window *window = argument;
    struct winsize known = {0}, size;
    struct pollfd over = {.fd = window->end[0]};
    do {
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
            (size.ws_row != known.ws_row || size.ws_col != known.ws_col)) {
            known = size;
            dockline_exec_resize(window->context, window->id, size.ws_row, size.ws_col, NULL);
        }
    } while (poll(&over, 1, 200) == 0);
    return NULL;
}

static int show(void *user_data, const dockline_frame *frame)
{
    FILE *file = frame->stream == DOCKLINE_STDERR ? stderr : stdout;
    (void)user_data;
    fwrite(frame->data, 1, frame->length, file);
    return fflush(file);
}

int main(int argc, char **argv)
{
    dockline_context *context = NULL;
    dockline_value *body = dockline_value_new();
    dockline_value *start = dockline_value_new();
    dockline_value *created = NULL;
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    dockline_error *error = NULL;
    struct termios before, raw;
    struct window window;
    pthread_t thread, sizes;
    int64_t exit_code = 1;
    bool tty = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

    if (argc < 3) {
        fprintf(stderr, "usage: exec CONTAINER PROGRAM [ARG...]\n");
        dockline_value_free(body);
        dockline_value_free(start);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        if (dockline_value_set_string(body, "/Cmd/-", argv[i], &error) < 0) {
            goto done;
        }
    }
    if (dockline_value_set_bool(body, "/AttachStdin", true, &error) < 0 ||
        dockline_value_set_bool(body, "/AttachStdout", true, &error) < 0 ||
        dockline_value_set_bool(body, "/AttachStderr", true, &error) < 0 ||
        dockline_value_set_bool(body, "/Tty", tty, &error) < 0 ||
        dockline_value_set_bool(start, "/Tty", tty, &error) < 0 ||
        dockline_context_from_env(&context, &error) < 0 ||
        dockline_exec_create(context, argv[1], body, &created, &error) < 0) {
        goto done;
    }
    const char *id = dockline_value_string(dockline_value_get(created, "/Id"), "");
    if (dockline_exec_start(context, id, start, &output, &input, &error) < 0) {
        goto done;
    }
    tty = tty && tcgetattr(STDIN_FILENO, &before) == 0;
    if (tty) {
        raw = before;
        cfmakeraw(&raw);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
        window.context = context;
        window.id = id;
    }
    bool follows = tty && pipe(window.end) == 0;
    if (follows && pthread_create(&sizes, NULL, follow_size, &window) != 0) {
        close(window.end[0]);
        close(window.end[1]);
        follows = false;
    }
    if (pthread_create(&thread, NULL, forward, input) == 0) {
        /* It may be waiting for a key when the program ends, and then ends with this process: the
           input is its own from here on. */
        pthread_detach(thread);
        input = NULL;
    }
    dockline_output_each(output, show, NULL, &error);
    if (follows) {
        close(window.end[1]);
        pthread_join(sizes, NULL);
        close(window.end[0]);
    }
    if (tty) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    }
    if (error == NULL) {
        dockline_exec_wait(context, id, NULL, &exit_code, &error);
    }

done:
    if (error != NULL) {
        fprintf(stderr, "exec: %s\n", dockline_error_message(error));
    }
    dockline_error_free(error);
    dockline_input_free(input);
    dockline_output_free(output);
    dockline_value_free(created);
    dockline_value_free(start);
    dockline_value_free(body);
    dockline_context_free(context);
    return (int)exit_code;
}
