/* The usual calls, end to end: imports an image, runs a container, follows its output, reads its
   exit code and the events, and cleans up. `make demo` runs this program.

       cc tour.c $(pkg-config --cflags --libs dockline) -pthread -o tour && ./tour ROOTFS.tar

   ROOTFS.tar becomes the root directory of the image. It must contain a shell and `sleep`. */
#define _POSIX_C_SOURCE 200809L
#include <dockline.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char script[] = "for i in 1 2 3; do echo line $i of 3; sleep 0.3; done\n"
                             "echo an error message >&2\n"
                             "exit 3";

/* Returns the string at a JSON pointer, or "" if there is none. */
static const char *string(const dockline_value *value, const char *pointer)
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
        printf("    %.12s  %s  %s\n", string(container, "/Id"), string(container, "/Image"),
               string(container, "/Status"));
    }
    result = 0;

done:
    dockline_value_free(list);
    dockline_value_free(options);
    return result;
}

/* Subscribes to the events of the image and the container, which are selected by their label. */
static int subscribe(const dockline_context *docker, const char *name, dockline_stream **events,
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

static int import_image(const dockline_context *docker, const char *name, const char *rootfs,
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
    /* The image is complete at the end of the stream. */
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

/* Prints events until the container is removed. */
static int print_events(dockline_stream *events, dockline_error **error)
{
    for (;;) {
        const dockline_value *event;
        int status = dockline_stream_next(events, &event, error);
        if (status < 0) return status;
        if (status == DOCKLINE_END) return 0;
        const char *id = string(event, "/Actor/ID");
        if (strncmp(id, "sha256:", 7) == 0) id += 7;
        const char *action = string(event, "/Action");
        printf("    %s %s %.12s\n", string(event, "/Type"), action, id);
        /* The last event of a container: Docker's name for it and Podman's. */
        if (strcmp(action, "destroy") == 0 || strcmp(action, "remove") == 0) return 0;
    }
}

/* Prints and frees the error, if any. Returns 1 if there was one. */
static int report(dockline_error **error)
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
    dockline_context *docker = NULL, *cancellable = NULL;
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
    /* Ctrl-C cancels the calls on this context; they fail, and the end of this function cleans up.
       Calls that create or delete something use docker: a cancelled one may have taken effect. */
    if (dockline_context_derive(docker, NULL, cancel, &cancellable, &error) < 0) goto done;
    if (dockline_system_version(docker, &version, &error) < 0) goto done;
    printf("Engine %s at %s\n", string(version, "/Version"), dockline_context_endpoint(docker));

    printf("\nContainers:\n");
    if (list_containers(docker, &error) < 0) goto done;

    if (subscribe(cancellable, name, &events, &error) < 0) goto done;

    printf("\nImporting %s as image %s\n", rootfs, name);
    if (import_image(docker, name, rootfs, &error) < 0) goto done;
    image_exists = true;

    if (create_container(docker, name, &container, &error) < 0) goto done;
    container_exists = true;
    id = string(container, "/Id");

    printf("\nStarting container %.12s; its output:\n", id);
    if (dockline_container_start(docker, id, NULL, &error) < 0) goto done;
    if (follow_output(cancellable, id, &error) < 0) goto done;
    if (dockline_container_wait(cancellable, id, NULL, &exit_code, &error) < 0) goto done;
    printf("It exited with code %d\n", (int)exit_code);

    if (delete_container(docker, id, &error) < 0) goto done;
    container_exists = false;
    printf("\nEvents:\n");
    if (print_events(events, &error) < 0) goto done;

    if (delete_image(docker, name, &error) < 0) goto done;
    image_exists = false;
    printf("\nContainer and image are removed\n");

done:
    failed = report(&error);
    if (container_exists && delete_container(docker, id, &error) < 0) report(&error);
    if (image_exists && delete_image(docker, name, &error) < 0) report(&error);
    dockline_stream_free(events);
    dockline_value_free(container);
    dockline_value_free(version);
    dockline_context_free(cancellable);
    dockline_context_free(docker);
    return failed;
}

static sigset_t termination_signals;

/* Thread that waits for a signal and cancels. A signal handler must not do so: the library is not
   async-signal-safe. */
static void *cancel_on_signal(void *cancel)
{
    int signal;
    sigwait(&termination_signals, &signal);
    dockline_cancel_token_cancel(cancel);
    return NULL;
}

int main(int argc, char **argv)
{
    dockline_cancel_token *cancel;
    pthread_t signal_thread;
    int result;

    if (argc != 2) {
        fprintf(stderr, "usage: tour ROOTFS.tar\n");
        return 2;
    }
    sigemptyset(&termination_signals);
    sigaddset(&termination_signals, SIGINT);
    sigaddset(&termination_signals, SIGTERM);
    sigaddset(&termination_signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &termination_signals, NULL);
    cancel = dockline_cancel_token_new();
    if (pthread_create(&signal_thread, NULL, cancel_on_signal, cancel) != 0) {
        fprintf(stderr, "tour: cannot create a thread\n");
        dockline_cancel_token_free(cancel);
        return 1;
    }

    result = tour(argv[1], cancel);

    pthread_kill(signal_thread, SIGTERM);
    pthread_join(signal_thread, NULL);
    dockline_cancel_token_free(cancel);
    return result;
}
