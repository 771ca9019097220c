/* Builds an image from a directory with a Dockerfile, as `docker build` does.

       cc build.c -o build $(pkg-config --cflags --libs dockline)
       ./build DIRECTORY [NAME[:TAG]] */
#include <dockline.h>

#include <stdio.h>

static int show(void *user_data, const dockline_value *message)
{
    (void)user_data;
    fputs(dockline_value_string(dockline_value_get(message, "/stream"), ""), stdout);
    return fflush(stdout);
}

int main(int argc, char **argv)
{
    dockline_context *context = NULL;
    dockline_value *options = dockline_value_new();
    dockline_stream *build = NULL;
    dockline_error *error = NULL;

    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: build DIRECTORY [NAME[:TAG]]\n");
        dockline_value_free(options);
        return 2;
    }
    if (argc == 3 && dockline_value_set_string(options, "/t/-", argv[2], &error) < 0) {
        goto done;
    }
    /* Packs the directory while it is sent, without the files that .dockerignore excludes. */
    if (dockline_context_from_env(&context, &error) == DOCKLINE_OK &&
        dockline_image_build_directory(context, options, argv[1], &build, &error) == DOCKLINE_OK) {
        /* A step that fails ends the stream with DOCKLINE_STREAM. */
        if (dockline_stream_each(build, show, NULL, &error) == DOCKLINE_OK) {
            const char *image = dockline_build_image_id(build);
            printf("image: %s\n", image != NULL ? image : "(id not reported by the engine)");
        }
    }

done:
    if (error != NULL) {
        fprintf(stderr, "build: %s\n", dockline_error_message(error));
    }
    int status = error != NULL;
    dockline_error_free(error);
    dockline_stream_free(build);
    dockline_value_free(options);
    dockline_context_free(context);
    return status;
}
