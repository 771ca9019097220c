/* Operations on the swarm and its nodes. The argument is the engine's host. */
#include "check.h"

static dockline_context *context;

/* Enables the lock of the managers, and counts its calls. */
static int lock_managers(void *calls, dockline_value *spec)
{
    ++*(int *)calls;
    CHECK_OK(dockline_value_set_bool(spec, "/EncryptionConfig/AutoLockManagers", true, &error));
    return 0;
}

static void swarm(void)
{
    dockline_value *value = NULL;
    int calls = 0;

    CHECK_OK(dockline_swarm_init(context, NULL, &value, &error));
    CHECK_STRING(dockline_value_string(value, NULL), "n1");
    dockline_value_free(value);
    WITH("{\"ListenAddr\":\"eth0:2377\",\"AdvertiseAddr\":\"10.0.0.1\","
         "\"Spec\":{\"Labels\":{\"a\":\"b\"}}}",
         CHECK_STATUS(DOCKLINE_UNAVAILABLE, dockline_swarm_init(context, it, &value, &error)));
    CHECK_OK(dockline_swarm_inspect(context, &value, &error));
    CHECK_STRING(string_at(value, "/JoinTokens/Worker"), "SWMTKN-1-w");

    dockline_value *body = parse("{\"RemoteAddrs\":[\"m1:2377\"]}");
    CHECK_OK(dockline_value_set_string(body, "/JoinToken", string_at(value, "/JoinTokens/Worker"),
                                     &error));
    CHECK_OK(dockline_swarm_join(context, body, &error));
    dockline_value_free(body);
    dockline_value_free(value);

    /* Unknown fields of a spec are sent back unchanged. */
    dockline_value *spec =
        parse("{\"Name\":\"default\",\"Raft\":{\"KeepOldSnapshots\":0},\"Invented\":[1]}");
    WITH("{\"version\":7,\"rotateManagerToken\":true}",
         CHECK_OK(dockline_swarm_update(context, it, spec, &error)));
    dockline_value_free(spec);
    WITH("{\"rotateWorkerToken\":true}",
         CHECK_OK(dockline_swarm_update_with(context, it, lock_managers, &calls, &error)));
    CHECK(calls == 1);

    CHECK_OK(dockline_swarm_unlockkey(context, &value, &error));
    CHECK_STRING(string_at(value, "/UnlockKey"), "SWMKEY-1-a");
    CHECK_OK(dockline_swarm_unlock(context, value, &error));
    dockline_value_free(value);
    CHECK_STATUS(DOCKLINE_SWARM_LOCKED, dockline_swarm_inspect(context, &value, &error));
}

/* Drains the node, and counts its calls. */
static int drain(void *calls, dockline_value *spec)
{
    ++*(int *)calls;
    CHECK_STRING(string_at(spec, "/Role"), "worker");
    CHECK_OK(dockline_value_set_string(spec, "/Availability", "drain", &error));
    /* The retry has the spec that another client has changed. */
    CHECK(*(int *)calls < 3 || strcmp(string_at(spec, "/Name"), "theirs") == 0);
    return 0;
}

static int stop(void *unused, dockline_value *spec)
{
    (void)unused;
    (void)spec;
    return 1;
}

static int set_invalid_role(void *unused, dockline_value *spec)
{
    (void)unused;
    CHECK_OK(dockline_value_set_int(spec, "/Role", 7, &error));
    return 0;
}

static void nodes(void)
{
    dockline_value *value = NULL;
    int calls = 0;

    WITH("{\"filters\":{\"role\":\"worker\"}}",
         CHECK_OK(dockline_node_list(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/0/ID"), "n2");
    dockline_value_free(value);

    /* An update with an outdated version. */
    CHECK_OK(dockline_node_inspect(context, "n2", &value, &error));
    dockline_value *options = dockline_value_new();
    dockline_value *spec = dockline_value_clone(dockline_value_get(value, "/Spec"));
    CHECK_OK(dockline_value_set_value(options, "/version",
                                      dockline_value_get(value, "/Version/Index"), &error));
    CHECK_OK(dockline_value_set_string(spec, "/Availability", "drain", &error));
    CHECK_STATUS(DOCKLINE_CONFLICT, dockline_node_update(context, "n2", options, spec, &error));
    dockline_value_free(spec);
    dockline_value_free(options);
    dockline_value_free(value);

    CHECK_OK(dockline_node_update_with(context, "n2", drain, (calls = 1, &calls), &error));
    CHECK(calls == 3);
    CHECK_STATUS(DOCKLINE_STOPPED, dockline_node_update_with(context, "n2", stop, NULL, &error));
    CHECK_STATUS(DOCKLINE_INVALID_ARGUMENT,
                 dockline_node_update_with(context, "n2", set_invalid_role, NULL, &error));

    WITH("{\"force\":true}", CHECK_OK(dockline_node_delete(context, "n2", it, &error)));
    value = NULL;
    CHECK_STATUS(DOCKLINE_NOT_MANAGER, dockline_node_list(context, NULL, &value, &error));
    CHECK(value == NULL);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    swarm();
    nodes();
    WITH("{\"force\":true}", CHECK_OK(dockline_swarm_leave(context, it, &error)));
    CHECK_STATUS(DOCKLINE_NO_SWARM, dockline_swarm_leave(context, NULL, &error));
    dockline_context_free(context);
    return 0;
}
