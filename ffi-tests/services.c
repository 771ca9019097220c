/* Operations on services and tasks. The argument is the engine's host. */
#include "check.h"

static dockline_context *context;

#define SPEC(image)                                                       \
    "{\"Name\":\"web\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"" image \
    "\"}},\"Mode\":{\"Replicated\":{\"Replicas\":2}}}"

static void create(void)
{
    dockline_value *value = NULL;

    /* The digest of the image comes from the registry. */
    dockline_value *options = parse("{\"X-Registry-Auth\":{\"username\":\"ada\","
                                    "\"password\":\"p\"},\"withRegistryAuth\":true}");
    WITH(SPEC("r:5000/a"),
         CHECK_OK(dockline_service_create(context, options, it, &value, &error)));
    CHECK_STRING(string_at(value, "/ID"), "9mnp");
    CHECK(dockline_value_get(value, "/Warnings") == NULL);
    dockline_value_free(value);
    dockline_value_free(options);

    /* The registry is not reachable: a warning. */
    WITH(SPEC("a"), CHECK_OK(dockline_service_create(context, NULL, it, &value, &error)));
    CHECK(strstr(string_at(value, "/Warnings/0"), "a:latest") != NULL);
    dockline_value_free(value);

    /* The registry is not queried. */
    options = parse("{\"queryRegistry\":false}");
    WITH(SPEC("a"), CHECK_STATUS(DOCKLINE_CONFLICT,
                                 dockline_service_create(context, options, it, &value, &error)));
    dockline_value_free(options);
}

static int scale(void *replicas, dockline_value *spec)
{
    CHECK_OK(dockline_value_set_int(spec, "/Mode/Replicated/Replicas", *(int *)replicas, &error));
    return 0;
}

static int stop(void *unused, dockline_value *spec)
{
    (void)unused;
    (void)spec;
    return 1;
}

static void update(void)
{
    dockline_value *value = NULL, *unset = NULL;
    int replicas = 5;

    WITH("{\"filters\":{\"name\":\"web\"},\"status\":true}",
         CHECK_OK(dockline_service_list(context, it, &value, &error)));
    CHECK(dockline_value_int(dockline_value_get(value, "/0/ServiceStatus/RunningTasks"), 0) == 1);
    dockline_value_free(value);

    WITH("{\"insertDefaults\":true}",
         CHECK_OK(dockline_service_inspect(context, "web", it, &value, &error)));
    dockline_value *options = parse("{\"registryAuthFrom\":\"previous-spec\"}");
    CHECK_OK(dockline_value_set_value(options, "/version",
                                      dockline_value_get(value, "/Version/Index"), &error));
    dockline_value *updated = NULL;
    CHECK_OK(dockline_service_update(context, "web", options, dockline_value_get(value, "/Spec"),
                                     &updated, &error));
    CHECK_STRING(string_at(updated, "/Warnings/0"), "theirs");
    dockline_value_free(updated);
    dockline_value_free(options);
    dockline_value_free(value);

    CHECK_OK(dockline_service_update_with(context, "web", NULL, scale, &replicas, &value, &error));
    CHECK(dockline_value_type(dockline_value_get(value, "/Warnings")) == DOCKLINE_TYPE_NULL);
    dockline_value_free(value);
    CHECK_STATUS(DOCKLINE_STOPPED, dockline_service_update_with(context, "web", NULL, stop, NULL,
                                                                &unset, &error));
    CHECK(unset == NULL);
    CHECK_OK(dockline_service_rollback(context, "web", &value, &error));
    dockline_value_free(value);
    CHECK_OK(dockline_service_delete(context, "web", &error));
}

static int count(void *items, const dockline_value *item)
{
    ++*(int *)items;
    CHECK(dockline_value_int(dockline_value_get(item, "/Desired"), 0) == 2);
    return *(int *)items == 3;
}

static void wait(void)
{
    dockline_stream *progress = NULL;
    const dockline_value *item = NULL;
    int items = 0;

    /* Until the update is paused. */
    WITH("{\"monitor\":0}",
         CHECK_OK(dockline_service_wait_converged(context, "web", it, &progress, &error)));
    CHECK_OK(dockline_stream_next(progress, &item, &error));
    CHECK_STRING(string_at(item, "/State"), "converging");
    CHECK(dockline_value_int(dockline_value_get(item, "/Running"), -1) == 1);
    CHECK_STRING(string_at(item, "/Problems/0/Status/Err"), "no such image");
    CHECK_OK(dockline_stream_next(progress, &item, &error));
    CHECK_STRING(string_at(item, "/State"), "paused");
    CHECK_STRING(string_at(item, "/UpdateStatus/Message"), "too many");
    CHECK_STATUS(DOCKLINE_END, dockline_stream_next(progress, &item, &error));
    dockline_stream_free(progress);

    /* Cancelled. */
    WITH("{\"monitor\":0.5}",
         CHECK_OK(dockline_service_wait_converged(context, "web", it, &progress, &error)));
    CHECK_OK(dockline_stream_next(progress, &item, &error));
    dockline_cancel_token *cancel = dockline_stream_cancel_token(progress);
    dockline_cancel_token_cancel(cancel);
    dockline_cancel_token_free(cancel);
    CHECK_STATUS(DOCKLINE_CANCELLED, dockline_stream_each(progress, count, &items, &error));
    CHECK(items == 0);
    dockline_stream_free(progress);

    WITH("{\"monitor\":-1}",
         CHECK_STATUS(DOCKLINE_INVALID_ARGUMENT,
                      dockline_service_wait_converged(context, "web", it, &progress, &error)));
}

static int add(void *text, const dockline_frame *frame)
{
    strncat(text, frame->data, frame->length);
    return 0;
}

static void logs_and_tasks(void)
{
    dockline_value *value = NULL;
    dockline_output *output = NULL;
    char text[100] = "";

    WITH("{\"tail\":7,\"details\":true}",
         CHECK_OK(dockline_service_logs(context, "web", it, &output, &error)));
    CHECK_OK(dockline_output_each(output, add, text, &error));
    dockline_output_free(output);
    WITH("{\"since\":5,\"stderr\":false}",
         CHECK_OK(dockline_task_logs(context, "t1", it, &output, &error)));
    CHECK_OK(dockline_output_each(output, add, text, &error));
    dockline_output_free(output);
    CHECK_STRING(text, "of all\nof one\n");

    WITH("{\"filters\":{\"node\":\"self\"}}",
         CHECK_OK(dockline_task_list(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/0/ID"), "t1");
    dockline_value_free(value);
    CHECK_OK(dockline_task_inspect(context, "t1", &value, &error));
    CHECK_STRING(string_at(value, "/Status/State"), "running");
    dockline_value_free(value);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    create();
    update();
    wait();
    logs_and_tasks();
    dockline_context_free(context);
    return 0;
}
