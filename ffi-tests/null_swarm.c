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

int main(void)
{
    CHECK(dockline_context_open(NOWHERE, NULL, &context, NULL) == DOCKLINE_OK);
    swarm_calls();
    node_calls();
    dockline_context_free(context);
    return 0;
}
