/* What a program mostly does with an engine, end to end. `make demo` runs it.

       cc tour.c $(pkg-config --cflags --libs dockline) -pthread -o tour && ./tour ROOTFS.tar

   ROOTFS.tar is the root dir of the image that it makes, with a shell and `sleep` in it. */
#define _POSIX_C_SOURCE 200809L
#include <dockline.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char script[] = "for i in 1 2 3; do echo line $i of 3; sleep 0.3; done\n"
                             "echo and a complaint >&2\n"
                             "exit 3";

/* The text at a place in a value, or "" where there is none. */
static const char *text(const dockline_value *value, const char *pointer)
{
    return dockline_value_string(dockline_value_get(value, pointer), "");
}

static int list_containers(const dockline_context *docker, dockline_error **error)
{
    dockline_value *options = dockline_value_new();
    dockline_value *list = NULL;
    int result = -1;

    if (dockline_value_set_bool(options, "/all", true, error) < 0) goto done;
    if (dockline_container_list(docker, options, &list, error) < 0) goto done;
    for (size_t i = 0; i < dockline_value_size(list); i++) {
        const dockline_value *container = dockline_value_at(list, i);
        printf("    %.12s  %s  %s\n", text(container, "/Id"), text(container, "/Image"),
               text(container, "/Status"));
    }
    result = 0;

done:
    dockline_value_free(list);
    dockline_value_free(options);
    return result;
}

/* What we make carries a label, so that its events can be told from those of others. */
static int watch(const dockline_context *docker, const char *name, dockline_stream **events,
                 dockline_error **error)
{
    dockline_value *options = dockline_value_new();
    char label[80];
    int result = -1;

    snprintf(label, sizeof label, "tour=%s", name);
    if (dockline_value_set_string(options, "/filters/label", label, error) < 0) goto done;
    if (dockline_system_events(docker, options, events, error) < 0) goto done;
    result = 0;

done:
    dockline_value_free(options);
    return result;
}

static int make_image(const dockline_context *docker, const char *name, const char *rootfs,
                      dockline_error **error)
{
    dockline_value *options = dockline_value_new();
    dockline_source *tar = NULL;
    dockline_stream *progress = NULL;
    const dockline_value *item;
    char label[80];
    int status, result = -1;

    snprintf(label, sizeof label, "LABEL tour=%s", name);
    if (dockline_value_set_string(options, "/fromSrc", "-", error) < 0) goto done;
    if (dockline_value_set_string(options, "/repo", name, error) < 0) goto done;
    if (dockline_value_set_string(options, "/changes/0", label, error) < 0) goto done;
    if (dockline_source_from_path(rootfs, &tar, error) < 0) goto done;
    if (dockline_image_create(docker, options, tar, &progress, error) < 0) goto done;
    /* Only at the end of its progress is it made. */
    do {
        status = dockline_stream_next(progress, &item, error);
        if (status < 0) goto done;
    } while (status != DOCKLINE_END);
    result = 0;

done:
    dockline_stream_free(progress);
    dockline_source_free(tar);
    dockline_value_free(options);
    return result;
}

static int delete_image(const dockline_context *docker, const char *name, dockline_error **error)
{
    dockline_value *options = dockline_value_new();
    dockline_value *deleted = NULL;
    int result = -1;

    if (dockline_value_set_bool(options, "/force", true, error) < 0) goto done;
    if (dockline_image_delete(docker, name, options, &deleted, error) < 0) goto done;
    result = 0;

done:
    dockline_value_free(deleted);
    dockline_value_free(options);
    return result;
}

static int create_container(const dockline_context *docker, const char *image,
                            dockline_value **created, dockline_error **error)
{
    dockline_value *body = dockline_value_new();
    int result = -1;

    if (dockline_value_set_string(body, "/Image", image, error) < 0) goto done;
    if (dockline_value_set_string(body, "/Cmd/0", "/bin/sh", error) < 0) goto done;
    if (dockline_value_set_string(body, "/Cmd/1", "-c", error) < 0) goto done;
    if (dockline_value_set_string(body, "/Cmd/2", script, error) < 0) goto done;
    if (dockline_value_set_string(body, "/Labels/tour", image, error) < 0) goto done;
    if (dockline_container_create(docker, NULL, body, created, error) < 0) goto done;
    result = 0;

done:
    dockline_value_free(body);
    return result;
}

static int delete_container(const dockline_context *docker, const char *id, dockline_error **error)
{
    dockline_value *options = dockline_value_new();
    int result = -1;

    if (dockline_value_set_bool(options, "/force", true, error) < 0) goto done;
    if (dockline_value_set_bool(options, "/v", true, error) < 0) goto done;
    if (dockline_container_delete(docker, id, options, error) < 0) goto done;
    result = 0;

done:
    dockline_value_free(options);
    return result;
}

static int follow_output(const dockline_context *docker, const char *id, dockline_error **error)
{
    dockline_value *options = dockline_value_new();
    dockline_output *output = NULL;
    int result = -1;

    if (dockline_value_set_bool(options, "/follow", true, error) < 0) goto done;
    if (dockline_container_logs(docker, id, options, &output, error) < 0) goto done;
    for (;;) {
        dockline_frame frame;
        int status = dockline_output_next(output, &frame, error);
        if (status < 0) goto done;
        if (status == DOCKLINE_END) break;
        printf("    %s: ", frame.stream == DOCKLINE_STDERR ? "err" : "out");
        fwrite(frame.data, 1, frame.length, stdout);
        fflush(stdout);
    }
    result = 0;

done:
    dockline_output_free(output);
    dockline_value_free(options);
    return result;
}

/* Shows events until the container is destroyed. */
static int show_events(dockline_stream *events, dockline_error **error)
{
    for (;;) {
        const dockline_value *event;
        int status = dockline_stream_next(events, &event, error);
        if (status < 0) return status;
        if (status == DOCKLINE_END) return 0;
        const char *id = text(event, "/Actor/ID");
        if (strncmp(id, "sha256:", 7) == 0) id += 7;
        const char *action = text(event, "/Action");
        printf("    %s %s %.12s\n", text(event, "/Type"), action, id);
        /* Docker's word and Podman's. */
        if (strcmp(action, "destroy") == 0 || strcmp(action, "remove") == 0) return 0;
    }
}

/* Tells of an error, if there is one, and frees it. */
static int complain(dockline_error **error)
{
    if (*error == NULL) return 0;
    fprintf(stderr, "tour: %s: %s\n", dockline_error_operation(*error),
            dockline_error_message(*error));
    dockline_error_free(*error);
    *error = NULL;
    return 1;
}

static int tour(const char *rootfs, const dockline_cancel_token *cancel)
{
    dockline_context *docker = NULL, *watching = NULL;
    dockline_value *version = NULL, *container = NULL;
    dockline_stream *events = NULL;
    dockline_error *error = NULL;
    const char *id = "";
    bool image_exists = false, container_exists = false;
    int64_t exit_code;
    int failed;
    char name[40];

    snprintf(name, sizeof name, "dockline-tour-%ld", (long)getpid());
    if (dockline_context_from_env(&docker, &error) < 0) goto done;
    /* Ctrl-C ends the calls on this one with an error, and at the end all is cleaned up. What makes
       or deletes something is done to its end: else we would not know what there is. */
    if (dockline_context_derive(docker, NULL, cancel, &watching, &error) < 0) goto done;
    if (dockline_system_version(docker, &version, &error) < 0) goto done;
    printf("Engine %s at %s\n", text(version, "/Version"), dockline_context_endpoint(docker));

    printf("\nIts containers:\n");
    if (list_containers(docker, &error) < 0) goto done;

    if (watch(watching, name, &events, &error) < 0) goto done;

    printf("\nMaking the image %s of %s\n", name, rootfs);
    if (make_image(docker, name, rootfs, &error) < 0) goto done;
    image_exists = true;

    if (create_container(docker, name, &container, &error) < 0) goto done;
    container_exists = true;
    id = text(container, "/Id");

    printf("\nStarting the container %.12s, which writes:\n", id);
    if (dockline_container_start(docker, id, NULL, &error) < 0) goto done;
    if (follow_output(watching, id, &error) < 0) goto done;
    if (dockline_container_wait(watching, id, NULL, &exit_code, &error) < 0) goto done;
    printf("It ended with exit code %d\n", (int)exit_code);

    if (delete_container(docker, id, &error) < 0) goto done;
    container_exists = false;
    printf("\nEvents of all this:\n");
    if (show_events(events, &error) < 0) goto done;

    if (delete_image(docker, name, &error) < 0) goto done;
    image_exists = false;
    printf("\nContainer and image are gone again\n");

done:
    failed = complain(&error);
    if (container_exists && delete_container(docker, id, &error) < 0) complain(&error);
    if (image_exists && delete_image(docker, name, &error) < 0) complain(&error);
    dockline_stream_free(events);
    dockline_value_free(container);
    dockline_value_free(version);
    dockline_context_free(watching);
    dockline_context_free(docker);
    return failed;
}

static sigset_t interrupts;

/* A signal handler must not call the library, but a thread that waits for signals may. */
static void *cancel_when_interrupted(void *cancel)
{
    int signal;
    sigwait(&interrupts, &signal);
    dockline_cancel_token_cancel(cancel);
    return NULL;
}

int main(int argc, char **argv)
{
    dockline_cancel_token *cancel;
    pthread_t watcher;
    int result;

    if (argc != 2) {
        fprintf(stderr, "usage: tour ROOTFS.tar\n");
        return 2;
    }
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    sigaddset(&interrupts, SIGTERM);
    sigaddset(&interrupts, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &interrupts, NULL);
    cancel = dockline_cancel_token_new();
    if (pthread_create(&watcher, NULL, cancel_when_interrupted, cancel) != 0) {
        fprintf(stderr, "tour: no thread to wait for Ctrl-C\n");
        dockline_cancel_token_free(cancel);
        return 1;
    }

    result = tour(argv[1], cancel);

    pthread_kill(watcher, SIGTERM);
    pthread_join(watcher, NULL);
    dockline_cancel_token_free(cancel);
    return result;
}
