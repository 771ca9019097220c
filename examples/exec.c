/* Runs a program in a container on this terminal, as `docker exec --interactive --tty` does: in
   raw mode, with the size of the window. Without a terminal, as `docker exec --interactive`.

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

/* Thread that forwards standard input to the program, and closes its input at the end of file. */
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

/* Argument of forward_size(). */
struct resizer {
    const dockline_context *context;
    const char *id;
    int stop[2]; /* pipe: closing its write end stops the thread */
};

/* Thread that polls the size of the window, and resizes the program's terminal if it changes. */
static void *forward_size(void *argument)
{
    const struct resizer *resizer = argument;
    struct winsize last = {0}, size;
    struct pollfd stop = {.fd = resizer->stop[0]};
    do {
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 &&
            (size.ws_row != last.ws_row || size.ws_col != last.ws_col)) {
            last = size;
            dockline_exec_resize(resizer->context, resizer->id, size.ws_row, size.ws_col, NULL);
        }
    } while (poll(&stop, 1, 200) == 0);
    return NULL;
}

static int write_frame(void *user_data, const dockline_frame *frame)
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
    struct resizer resizer;
    pthread_t input_thread, size_thread;
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
        resizer.context = context;
        resizer.id = id;
    }
    bool resizing = tty && pipe(resizer.stop) == 0;
    if (resizing && pthread_create(&size_thread, NULL, forward_size, &resizer) != 0) {
        close(resizer.stop[0]);
        close(resizer.stop[1]);
        resizing = false;
    }
    if (pthread_create(&input_thread, NULL, forward, input) == 0) {
        /* Not joined: its read of the keyboard may still block when the program exits. From here on
           the thread owns the input. */
        pthread_detach(input_thread);
        input = NULL;
    }
    dockline_output_each(output, write_frame, NULL, &error);
    if (resizing) {
        close(resizer.stop[1]);
        pthread_join(size_thread, NULL);
        close(resizer.stop[0]);
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
