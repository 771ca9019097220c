/* Pulls an image and prints the progress, as `docker pull` does.

       cc pull.c -o pull $(pkg-config --cflags --libs dockline)
       ./pull IMAGE

   REGISTRY_USER and REGISTRY_PASSWORD are the credentials for the registry. Unless set, those of
   `docker login` are used, if any. */
#include <dockline.h>

#include <stdio.h>
#include <stdlib.h>

/* Returns the string at a JSON pointer, or "" if there is none. */
static const char *string(const dockline_value *message, const char *pointer)
{
    return dockline_value_string(dockline_value_get(message, pointer), "");
}

static int print_progress(void *user_data, const dockline_value *message)
{
    uint64_t total = dockline_value_uint(dockline_value_get(message, "/progressDetail/total"), 0);
    uint64_t current = dockline_value_uint(dockline_value_get(message, "/progressDetail/current"), 0);
    (void)user_data;
    if (total > 0) {
        printf("%-12s %s %3d %%\n", string(message, "/id"), string(message, "/status"),
               (int)(current * 100 / total));
    } else {
        printf("%-12s %s\n", string(message, "/id"), string(message, "/status"));
    }
    return 0;
}

int main(int argc, char **argv)
{
    dockline_context *context = NULL;
    dockline_value *options = dockline_value_new();
    dockline_stream *progress = NULL;
    dockline_error *error = NULL;
    const char *user = getenv("REGISTRY_USER");
    const char *password = getenv("REGISTRY_PASSWORD");

    if (argc != 2) {
        fprintf(stderr, "usage: pull IMAGE\n");
        dockline_value_free(options);
        return 2;
    }
    if (dockline_value_set_string(options, "/fromImage", argv[1], &error) < 0) {
        goto done;
    }
    if (user != NULL && password != NULL &&
        (dockline_value_set_string(options, "/X-Registry-Auth/username", user, &error) < 0 ||
         dockline_value_set_string(options, "/X-Registry-Auth/password", password, &error) < 0)) {
        goto done;
    }
    if (dockline_context_from_env(&context, &error) < 0 ||
        dockline_image_create(context, options, NULL, &progress, &error) < 0) {
        goto done;
    }
    /* The image is complete at the end of the stream; a failure is reported in it. */
    dockline_stream_each(progress, print_progress, NULL, &error);

done:
    if (error != NULL) {
        fprintf(stderr, "pull: %s\n", dockline_error_message(error));
    }
    int status = error != NULL;
    dockline_error_free(error);
    dockline_stream_free(progress);
    dockline_value_free(options);
    dockline_context_free(context);
    return status;
}
