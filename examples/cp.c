/* Copies files between a container and this machine as a tar on standard input or standard output,
   as `docker cp` does if one side is "-".

       cc cp.c -o cp $(pkg-config --cflags --libs dockline)
       ./cp CONTAINER:PATH - | tar --extract --directory DIRECTORY
       tar --create FILE... | ./cp - CONTAINER:DIRECTORY */
#include <dockline.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int copy_out(dockline_context *context, const char *container, const char *path,
                    dockline_error **error)
{
    dockline_download *tar = NULL;
    int status = dockline_container_archive(context, container, path, &tar, NULL, error);
    if (status == DOCKLINE_OK) {
        status = dockline_download_to_fd(tar, STDOUT_FILENO, NULL, error);
    }
    dockline_download_free(tar);
    return status;
}

static int copy_in(dockline_context *context, const char *container, const char *dir,
                   dockline_error **error)
{
    dockline_source *tar = NULL;
    dockline_value *options = dockline_value_new();
    int status = dockline_value_set_string(options, "/path", dir, error);
    if (status == DOCKLINE_OK) {
        status = dockline_source_from_fd(STDIN_FILENO, &tar, error);
    }
    if (status == DOCKLINE_OK) {
        status = dockline_container_put_archive(context, container, options, tar, error);
    }
    dockline_source_free(tar);
    dockline_value_free(options);
    return status;
}

int main(int argc, char **argv)
{
    dockline_context *context = NULL;
    dockline_error *error = NULL;
    /* The argument that names the container. */
    char *container = argc != 3 ? NULL : strcmp(argv[2], "-") == 0 ? argv[1] : argv[2];
    char *path = container == NULL ? NULL : strchr(container, ':');

    if (path == NULL || (strcmp(argv[1], "-") == 0) == (strcmp(argv[2], "-") == 0)) {
        fprintf(stderr, "usage: cp CONTAINER:PATH -, or cp - CONTAINER:DIRECTORY\n");
        return 2;
    }
    *path++ = '\0';

    int status = dockline_context_from_env(&context, &error);
    if (status == DOCKLINE_OK) {
        status = container == argv[1] ? copy_out(context, container, path, &error)
                                      : copy_in(context, container, path, &error);
    }
    if (status < 0) {
        fprintf(stderr, "cp: %s\n", dockline_error_message(error));
    }
    dockline_error_free(error);
    dockline_context_free(context);
    return status < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
