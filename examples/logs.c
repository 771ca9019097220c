/* Prints the output of a container until it exits, as `docker logs --follow` does.

       cc logs.c -o logs $(pkg-config --cflags --libs dockline)
       ./logs CONTAINER */
#include <dockline.h>

#include <stdio.h>

static int write_frame(void *user_data, const dockline_frame *frame)
{
    FILE *file = frame->stream == DOCKLINE_STDERR ? stderr : stdout;
    (void)user_data;
    fwrite(frame->data, 1, frame->length, file);
    /* A value other than 0 stops the stream: the output cannot be written any more. */
    return fflush(file);
}

int main(int argc, char **argv)
{
    dockline_context *context = NULL;
    dockline_value *options = NULL;
    dockline_output *output = NULL;
    dockline_error *error = NULL;

    if (argc != 2) {
        fprintf(stderr, "usage: logs CONTAINER\n");
        return 2;
    }
    if (dockline_context_from_env(&context, &error) < 0) {
        goto done;
    }
    options = dockline_value_new();
    if (dockline_value_set_bool(options, "/follow", true, &error) < 0 ||
        dockline_container_logs(context, argv[1], options, &output, &error) < 0) {
        goto done;
    }
    dockline_output_each(output, write_frame, NULL, &error);

done:
    if (error != NULL) {
        fprintf(stderr, "logs: %s\n", dockline_error_message(error));
    }
    int status = error != NULL;
    dockline_error_free(error);
    dockline_output_free(output);
    dockline_value_free(options);
    dockline_context_free(context);
    return status;
}
