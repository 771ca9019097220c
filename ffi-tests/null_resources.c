/* NULL for every pointer argument of operations on networks, volumes and the system: an error that
   names it. */
#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

/* Nobody listens there: a call that gets past its arguments fails otherwise. */
#define NOWHERE "unix:///nowhere/engine.sock"

static dockline_context *context;

static void system_calls(void)
{
    dockline_value *value = NULL;
    dockline_stream *stream = NULL;
    dockline_value *credentials = dockline_value_new();

    CHECK_FAILS(INVALID, "context is NULL", dockline_system_ping(NULL, &value, &error));
    CHECK_FAILS(INVALID, "ping is NULL", dockline_system_ping(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_system_version(NULL, &value, &error));
    CHECK_FAILS(INVALID, "version is NULL", dockline_system_version(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_system_info(NULL, &value, &error));
    CHECK_FAILS(INVALID, "info is NULL", dockline_system_info(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_system_events(NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "events is NULL", dockline_system_events(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_system_auth(NULL, credentials, &value, &error));
    CHECK_FAILS(INVALID, "credentials is NULL",
                dockline_system_auth(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "answer is NULL",
                dockline_system_auth(context, credentials, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_system_data_usage(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "usage is NULL", dockline_system_data_usage(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "usage is NULL",
                dockline_system_data_usage_totals(NULL, &value, &error));
    CHECK_FAILS(INVALID, "totals is NULL",
                dockline_system_data_usage_totals(credentials, NULL, &error));

    CHECK(dockline_system_ping(context, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_system_events(context, NULL, &stream, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_system_auth(context, credentials, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && stream == NULL);
    dockline_value_free(credentials);
}

static void network_calls(void)
{
    dockline_value *value = NULL;
    dockline_value *body = dockline_value_new();

    CHECK_FAILS(INVALID, "context is NULL", dockline_network_list(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL", dockline_network_list(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_network_inspect(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_network_inspect(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "network is NULL",
                dockline_network_inspect(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_network_delete(NULL, "a", &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_network_delete(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_network_create(NULL, body, &value, &error));
    CHECK_FAILS(INVALID, "body is NULL", dockline_network_create(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "created is NULL", dockline_network_create(context, body, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_network_connect(NULL, "a", body, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_network_connect(context, NULL, body, &error));
    CHECK_FAILS(INVALID, "body is NULL", dockline_network_connect(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_network_disconnect(NULL, "a", body, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_network_disconnect(context, NULL, body, &error));
    CHECK_FAILS(INVALID, "body is NULL", dockline_network_disconnect(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_network_prune(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "pruned is NULL", dockline_network_prune(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "the name of the network is empty",
                dockline_network_create(context, body, &value, &error));
    CHECK_FAILS(INVALID, "the container is not named",
                dockline_network_connect(context, "a", body, &error));

    CHECK(dockline_network_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL);
    dockline_value_free(body);
}

static int keep(void *unused, dockline_value *spec)
{
    (void)unused;
    (void)spec;
    return 0;
}

static void volume_calls(void)
{
    dockline_value *value = NULL;
    dockline_value *body = dockline_value_new();

    CHECK_FAILS(INVALID, "context is NULL", dockline_volume_list(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL", dockline_volume_list(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_volume_create(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "volume is NULL", dockline_volume_create(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_volume_inspect(NULL, "a", &value, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_volume_inspect(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "volume is NULL", dockline_volume_inspect(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_volume_update(NULL, "a", NULL, body, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_volume_update(context, NULL, NULL, body, &error));
    CHECK_FAILS(INVALID, "body is NULL", dockline_volume_update(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_volume_update_with(NULL, "a", keep, NULL, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_volume_update_with(context, NULL, keep, NULL, &error));
    CHECK_FAILS(INVALID, "change is NULL",
                dockline_volume_update_with(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_volume_delete(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_volume_delete(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_volume_prune(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "pruned is NULL", dockline_volume_prune(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "the spec is missing: send it whole, as read and changed",
                dockline_volume_update(context, "a", NULL, body, &error));

    CHECK(dockline_volume_create(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL);
    dockline_value_free(body);
}

int main(void)
{
    CHECK(dockline_context_open(NOWHERE, NULL, &context, NULL) == DOCKLINE_OK);
    system_calls();
    network_calls();
    volume_calls();
    dockline_context_free(context);
    return 0;
}
