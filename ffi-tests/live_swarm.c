/* Creates, scales and deletes a service in a swarm of three nodes. The arguments are the host of a
   manager, and a name for the service. */
#include "check.h"

static dockline_context *context;
static const char *name;

/* Waits until the service has converged or its update has stopped. Returns the last state and the number
   of running tasks. */
static void wait_converged(char state[20], int64_t *running)
{
    dockline_stream *progress = NULL;
    const dockline_value *item = NULL;
    int status;

    WITH("{\"monitor\":0.1}",
         CHECK_OK(dockline_service_wait_converged(context, name, it, &progress, &error)));
    while ((status = dockline_stream_next(progress, &item, NULL)) == DOCKLINE_OK) {
        snprintf(state, 20, "%s", string_at(item, "/State"));
        *running = dockline_value_int(dockline_value_get(item, "/Running"), -1);
    }
    CHECK(status == DOCKLINE_END);
    dockline_stream_free(progress);
}

static int scale(void *unused, dockline_value *spec)
{
    (void)unused;
    CHECK_OK(dockline_value_set_int(spec, "/Mode/Replicated/Replicas", 3, &error));
    return 0;
}

static int add(void *text, const dockline_frame *frame)
{
    CHECK(strlen(text) + frame->length < 1000);
    strncat(text, frame->data, frame->length);
    return 0;
}

static int add_until_three(void *text, const dockline_frame *frame)
{
    const char *match = text;
    int count = 0;
    add(text, frame);
    while ((match = strstr(match, "hello\n")) != NULL) {
        match++;
        count++;
    }
    return count == 3;
}

int main(int argc, char **argv)
{
    dockline_value *value = NULL;
    dockline_output *output = NULL;
    char state[20] = "", text[1000] = "";
    int64_t running = -1;

    CHECK(argc == 3);
    name = argv[2];
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));

    CHECK_OK(dockline_swarm_inspect(context, &value, &error));
    CHECK(strncmp(string_at(value, "/JoinTokens/Worker"), "SWMTKN-1-", 9) == 0);
    dockline_value_free(value);
    CHECK_OK(dockline_node_list(context, NULL, &value, &error));
    CHECK(dockline_value_size(value) == 3);
    dockline_value_free(value);

    dockline_value *options = parse("{\"queryRegistry\":false}");
    dockline_value *spec = parse(
        "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"busybox:latest\",\"StopSignal\":"
        "\"SIGKILL\",\"Command\":[\"sh\",\"-c\",\"echo hello; sleep 1000\"]}},"
        "\"Mode\":{\"Replicated\":{\"Replicas\":1}}}");
    CHECK_OK(dockline_value_set_string(spec, "/Name", name, &error));
    CHECK_OK(dockline_service_create(context, options, spec, &value, &error));
    dockline_value_free(value);
    dockline_value_free(spec);
    dockline_value_free(options);
    wait_converged(state, &running);
    CHECK_STRING(state, "converged");
    CHECK(running == 1);

    CHECK_OK(dockline_service_update_with(context, name, NULL, scale, NULL, &value, &error));
    dockline_value_free(value);
    wait_converged(state, &running);
    CHECK(running == 3);

    WITH("{\"follow\":true,\"stderr\":false}",
         CHECK_OK(dockline_service_logs(context, name, it, &output, &error)));
    CHECK_STATUS(DOCKLINE_STOPPED, dockline_output_each(output, add_until_three, text, &error));
    dockline_output_free(output);

    dockline_value *filters = dockline_value_new();
    CHECK_OK(dockline_value_set_string(filters, "/filters/service/0", name, &error));
    CHECK_OK(dockline_value_set_string(filters, "/filters/desired-state/0", "running", &error));
    CHECK_OK(dockline_task_list(context, filters, &value, &error));
    dockline_value_free(filters);
    CHECK(dockline_value_size(value) == 3);
    const char *task = string_at(value, "/0/ID");
    dockline_value *one = NULL;
    CHECK_OK(dockline_task_inspect(context, task, &one, &error));
    CHECK_STRING(string_at(one, "/Status/State"), "running");
    dockline_value_free(one);
    text[0] = 0;
    CHECK_OK(dockline_task_logs(context, task, NULL, &output, &error));
    CHECK_OK(dockline_output_each(output, add, text, &error));
    CHECK_STRING(text, "hello\n");
    dockline_output_free(output);
    dockline_value_free(value);

    /* Back to one task. */
    CHECK_OK(dockline_service_rollback(context, name, &value, &error));
    dockline_value_free(value);
    wait_converged(state, &running);
    CHECK(running == 1);
    CHECK_OK(dockline_service_delete(context, name, &error));
    CHECK_STATUS(DOCKLINE_NOT_FOUND,
                 dockline_service_inspect(context, name, NULL, &value, &error));
    dockline_context_free(context);
    return 0;
}
