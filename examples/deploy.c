/* Creates a service in a swarm, scales it, and follows its tasks, also after the loss of a node.

       cc deploy.c -o deploy $(pkg-config --cflags --libs dockline)
       ./deploy [COMMAND]

   DOCKER_HOST must be a manager of the swarm. COMMAND is a shell command that takes a node down,
   such as "ssh node-3 poweroff -f". Without it, the service is only scaled. */
#define _POSIX_C_SOURCE 200809L
#include <dockline.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Returns the string at a JSON pointer, or "" if there is none. */
static const char *string(const dockline_value *value, const char *pointer)
{
    return dockline_value_string(dockline_value_get(value, pointer), "");
}

/* Returns the integer at a JSON pointer, or 0 if there is none. */
static long long integer(const dockline_value *value, const char *pointer)
{
    return (long long)dockline_value_int(dockline_value_get(value, pointer), 0);
}

static int create(const dockline_context *docker, const char *name, dockline_error **error)
{
    static const char json[] =
        "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"busybox:latest\","
        "\"Command\":[\"sleep\",\"1000\"],\"StopSignal\":\"SIGKILL\"}},"
        "\"Mode\":{\"Replicated\":{\"Replicas\":1}}}";
    dockline_value *spec = NULL, *created = NULL;
    int result = -1;

    printf("Creating %s\n", name);
    if (dockline_value_parse(json, strlen(json), &spec, error) < 0) goto done;
    if (dockline_value_set_string(spec, "/Name", name, error) < 0) goto done;
    if (dockline_service_create(docker, NULL, spec, &created, error) < 0) goto done;
    const char *warning = string(created, "/Warnings/0");
    if (*warning != '\0') printf("    warning: %s\n", warning);
    result = 0;

done:
    dockline_value_free(created);
    dockline_value_free(spec);
    return result;
}

static int print_convergence(void *user_data, const dockline_value *item)
{
    const dockline_value *problems = dockline_value_get(item, "/Problems");

    (void)user_data;
    printf("    %lld of %lld tasks running: %s\n", integer(item, "/Running"),
           integer(item, "/Desired"), string(item, "/State"));
    for (size_t i = 0; i < dockline_value_size(problems); i++) {
        const dockline_value *task = dockline_value_at(problems, i);
        printf("    task %lld on node %s: %s\n", integer(task, "/Slot"), string(task, "/NodeID"),
               string(task, "/Status/Err"));
    }
    return fflush(stdout);
}

/* Prints each change until all tasks are up to date and have been running for two seconds. */
static int wait_converged(const dockline_context *docker, const char *name, dockline_error **error)
{
    dockline_value *options = dockline_value_new();
    dockline_stream *progress = NULL;
    int result = -1;

    if (dockline_value_set_int(options, "/monitor", 2, error) < 0) goto done;
    if (dockline_service_wait_converged(docker, name, options, &progress, error) < 0) goto done;
    result = dockline_stream_each(progress, print_convergence, NULL, error);

done:
    dockline_stream_free(progress);
    dockline_value_free(options);
    return result;
}

static int set_six_replicas(void *user_data, dockline_value *spec)
{
    (void)user_data;
    return dockline_value_set_int(spec, "/Mode/Replicated/Replicas", 6, NULL);
}

static int scale(const dockline_context *docker, const char *name, dockline_error **error)
{
    dockline_value *updated = NULL;

    printf("Scaling to 6 tasks\n");
    int status = dockline_service_update_with(docker, name, NULL, set_six_replicas, NULL, &updated,
                                              error);
    dockline_value_free(updated);
    return status;
}

/* Returns the number of nodes that are ready, or a negative status. */
static int count_ready_nodes(const dockline_context *docker, dockline_error **error)
{
    dockline_value *nodes = NULL;
    int count = 0;

    int status = dockline_node_list(docker, NULL, &nodes, error);
    if (status < 0) return status;
    for (size_t i = 0; i < dockline_value_size(nodes); i++) {
        count += strcmp(string(dockline_value_at(nodes, i), "/Status/State"), "ready") == 0;
    }
    dockline_value_free(nodes);
    return count;
}

static int take_node_down(const dockline_context *docker, const char *command,
                          dockline_error **error)
{
    const struct timespec pause = {0, 200 * 1000 * 1000};
    int before = count_ready_nodes(docker, error), now = before;

    if (before < 0) return before;
    printf("Taking a node down: %s\n", command);
    fflush(stdout);
    if (system(command) != 0) {
        printf("    the command failed\n");
        return 0;
    }
    /* The managers notice the loss after a few missed heartbeats. */
    while (now == before) {
        nanosleep(&pause, NULL);
        now = count_ready_nodes(docker, error);
    }
    return now < 0 ? now : 0;
}

static int scale_and_recover(const dockline_context *docker, const char *name, const char *command,
                             dockline_error **error)
{
    if (wait_converged(docker, name, error) < 0) return -1;
    if (scale(docker, name, error) < 0) return -1;
    if (wait_converged(docker, name, error) < 0) return -1;
    if (command == NULL) return 0;
    if (take_node_down(docker, command, error) < 0) return -1;
    return wait_converged(docker, name, error);
}

int main(int argc, char **argv)
{
    dockline_context *docker = NULL;
    dockline_error *error = NULL;
    char name[40];
    int result = -1;

    snprintf(name, sizeof name, "dockline-deploy-%ld", (long)getpid());
    if (dockline_context_from_env(&docker, &error) < 0) goto done;
    if (create(docker, name, &error) < 0) goto done;
    result = scale_and_recover(docker, name, argc > 1 ? argv[1] : NULL, &error);
    printf("Deleting the service\n");
    dockline_service_delete(docker, name, NULL);

done:
    if (error != NULL) {
        fprintf(stderr, "deploy: %s: %s\n", dockline_error_operation(error),
                dockline_error_message(error));
    }
    dockline_error_free(error);
    dockline_context_free(docker);
    return result == 0 ? 0 : 1;
}
