/* NULL for every pointer argument of operations on the swarm, nodes, services and tasks: an error
   that names it. */
#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

/* Nobody listens there: a call that gets past its arguments fails otherwise. */
#define NOWHERE "unix:///nowhere/engine.sock"

static dockline_context *context;

static int change(void *unused, dockline_value *spec)
{
    (void)unused;
    (void)spec;
    return 0;
}

static void swarm_calls(void)
{
    dockline_value *value = NULL;
    dockline_value *body = dockline_value_new();

    CHECK_FAILS(INVALID, "context is NULL", dockline_swarm_inspect(NULL, &value, &error));
    CHECK_FAILS(INVALID, "swarm is NULL", dockline_swarm_inspect(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_swarm_init(NULL, body, &value, &error));
    CHECK_FAILS(INVALID, "node is NULL", dockline_swarm_init(context, body, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_swarm_join(NULL, body, &error));
    CHECK_FAILS(INVALID, "body is NULL", dockline_swarm_join(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_swarm_leave(NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_swarm_update(NULL, NULL, body, &error));
    CHECK_FAILS(INVALID, "spec is NULL", dockline_swarm_update(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_swarm_update_with(NULL, NULL, change, NULL, &error));
    CHECK_FAILS(INVALID, "change is NULL",
                dockline_swarm_update_with(context, NULL, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_swarm_unlockkey(NULL, &value, &error));
    CHECK_FAILS(INVALID, "key is NULL", dockline_swarm_unlockkey(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_swarm_unlock(NULL, body, &error));
    CHECK_FAILS(INVALID, "body is NULL", dockline_swarm_unlock(context, NULL, &error));
    CHECK_FAILS(INVALID, "no manager of the cluster is named in RemoteAddrs",
                dockline_swarm_join(context, body, &error));

    CHECK(dockline_swarm_init(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_swarm_leave(context, NULL, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_swarm_update_with(context, NULL, change, NULL, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL);
    dockline_value_free(body);
}

static void node_calls(void)
{
    dockline_value *value = NULL;
    dockline_value *spec = dockline_value_new();

    CHECK_FAILS(INVALID, "context is NULL", dockline_node_list(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL", dockline_node_list(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_node_inspect(NULL, "a", &value, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_node_inspect(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "node is NULL", dockline_node_inspect(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_node_delete(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_node_delete(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_node_update(NULL, "a", NULL, spec, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_node_update(context, NULL, NULL, spec, &error));
    CHECK_FAILS(INVALID, "spec is NULL", dockline_node_update(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_node_update_with(NULL, "a", change, NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_node_update_with(context, NULL, change, NULL, &error));
    CHECK_FAILS(INVALID, "change is NULL",
                dockline_node_update_with(context, "a", NULL, NULL, &error));

    CHECK(dockline_node_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL);
    dockline_value_free(spec);
}

static void service_calls(void)
{
    dockline_value *value = NULL;
    dockline_stream *stream = NULL;
    dockline_output *output = NULL;
    dockline_value *spec = dockline_value_new();

    CHECK_FAILS(INVALID, "context is NULL", dockline_service_list(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL", dockline_service_list(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_service_create(NULL, NULL, spec, &value, &error));
    CHECK_FAILS(INVALID, "spec is NULL",
                dockline_service_create(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "created is NULL",
                dockline_service_create(context, NULL, spec, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_service_inspect(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_service_inspect(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "service is NULL",
                dockline_service_inspect(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_service_update(NULL, "a", NULL, spec, &value, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_service_update(context, NULL, NULL, spec, &value, &error));
    CHECK_FAILS(INVALID, "spec is NULL",
                dockline_service_update(context, "a", NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "updated is NULL",
                dockline_service_update(context, "a", NULL, spec, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_service_update_with(NULL, "a", NULL, change, NULL, &value, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_service_update_with(context, NULL, NULL, change, NULL, &value, &error));
    CHECK_FAILS(INVALID, "change is NULL",
                dockline_service_update_with(context, "a", NULL, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "updated is NULL",
                dockline_service_update_with(context, "a", NULL, change, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_service_rollback(NULL, "a", &value, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_service_rollback(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "updated is NULL", dockline_service_rollback(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_service_delete(NULL, "a", &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_service_delete(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_service_logs(NULL, "a", NULL, &output, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_service_logs(context, NULL, NULL, &output, &error));
    CHECK_FAILS(INVALID, "output is NULL",
                dockline_service_logs(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_service_wait_converged(NULL, "a", NULL, &stream, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_service_wait_converged(context, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "progress is NULL",
                dockline_service_wait_converged(context, "a", NULL, NULL, &error));

    CHECK(dockline_service_wait_converged(context, "a", NULL, &stream, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && stream == NULL && output == NULL);
    dockline_value_free(spec);
}

static void task_calls(void)
{
    dockline_value *value = NULL;
    dockline_output *output = NULL;

    CHECK_FAILS(INVALID, "context is NULL", dockline_task_list(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL", dockline_task_list(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_task_inspect(NULL, "a", &value, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_task_inspect(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "task is NULL", dockline_task_inspect(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_task_logs(NULL, "a", NULL, &output, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_task_logs(context, NULL, NULL, &output, &error));
    CHECK_FAILS(INVALID, "output is NULL", dockline_task_logs(context, "a", NULL, NULL, &error));

    CHECK(dockline_task_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && output == NULL);
}

int main(void)
{
    CHECK(dockline_context_open(NOWHERE, NULL, &context, NULL) == DOCKLINE_OK);
    swarm_calls();
    node_calls();
    service_calls();
    task_calls();
    dockline_context_free(context);
    return 0;
}
