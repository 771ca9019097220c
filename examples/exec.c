/* Runs a program in a container, on this terminal: raw mode, and the size of the window at its start.
   As `docker exec --interactive --tty`; without a terminal as `docker exec --interactive`.

       cc exec.c -o exec $(pkg-config --cflags --libs dockline) -pthread
       ./exec CONTAINER PROGRAM [ARG...] */
#define _DEFAULT_SOURCE
#include <dockline.h>

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
    struct winsize size;
    pthread_t thread;
    int64_t exit_code = 1;
    bool tty = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);

    if (argc < 3) {
        fprintf(stderr, "usage: exec CONTAINER PROGRAM [ARG...]\n");
        dockline_value_free(body);
        dockline_value_free(start);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        if (dockline_value_set_text(body, "/Cmd/-", argv[i], &error) < 0) {
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
    const char *id = dockline_value_text(dockline_value_get(created, "/Id"), "");
    if (dockline_exec_start(context, id, start, &output, &input, &error) < 0) {
        goto done;
    }
    if (tty && tcgetattr(STDIN_FILENO, &before) == 0) {
        raw = before;
        cfmakeraw(&raw);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
            dockline_exec_resize(context, id, size.ws_row, size.ws_col, NULL);
        }
    }
    if (pthread_create(&thread, NULL, forward, input) == 0) {
        /* It may be waiting for a key when the program ends, and then ends with this process: the
           input is its own from here on. */
        pthread_detach(thread);
        input = NULL;
    }
    dockline_output_each(output, show, NULL, &error);
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
