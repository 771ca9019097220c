/* NULL for every pointer argument of operations on secrets, configs, registries and
   plugins: an error that names it. */
#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

/* Nobody listens there: a call that gets past its arguments fails otherwise. */
#define NOWHERE "unix:///nowhere/engine.sock"

static dockline_context *context;

static int keep(void *unused, dockline_value *spec)
{
    (void)unused;
    (void)spec;
    return 0;
}

static void secret_calls(void)
{
    dockline_value *value = NULL;
    dockline_value *spec = dockline_value_new();

    CHECK_FAILS(INVALID, "context is NULL", dockline_secret_list(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL", dockline_secret_list(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_secret_create(NULL, spec, &value, &error));
    CHECK_FAILS(INVALID, "spec is NULL", dockline_secret_create(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "created is NULL", dockline_secret_create(context, spec, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_secret_inspect(NULL, "a", &value, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_secret_inspect(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "secret is NULL", dockline_secret_inspect(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_secret_delete(NULL, "a", &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_secret_delete(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_secret_update(NULL, "a", NULL, spec, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_secret_update(context, NULL, NULL, spec, &error));
    CHECK_FAILS(INVALID, "spec is NULL", dockline_secret_update(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_secret_update_with(NULL, "a", keep, NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_secret_update_with(context, NULL, keep, NULL, &error));
    CHECK_FAILS(INVALID, "change is NULL",
                dockline_secret_update_with(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "the name of the secret is empty",
                dockline_secret_create(context, spec, &value, &error));

    CHECK(dockline_secret_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL);
    dockline_value_free(spec);
}

static void config_calls(void)
{
    dockline_value *value = NULL;
    dockline_value *spec = dockline_value_new();

    CHECK_FAILS(INVALID, "context is NULL", dockline_config_list(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL", dockline_config_list(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_config_create(NULL, spec, &value, &error));
    CHECK_FAILS(INVALID, "spec is NULL", dockline_config_create(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "created is NULL", dockline_config_create(context, spec, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_config_inspect(NULL, "a", &value, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_config_inspect(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "config is NULL", dockline_config_inspect(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_config_delete(NULL, "a", &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_config_delete(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_config_update(NULL, "a", NULL, spec, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_config_update(context, NULL, NULL, spec, &error));
    CHECK_FAILS(INVALID, "spec is NULL", dockline_config_update(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_config_update_with(NULL, "a", keep, NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_config_update_with(context, NULL, keep, NULL, &error));
    CHECK_FAILS(INVALID, "change is NULL",
                dockline_config_update_with(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "the name of the config is empty",
                dockline_config_create(context, spec, &value, &error));

    CHECK(dockline_config_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL);
    dockline_value_free(spec);
}

static void distribution_calls(void)
{
    dockline_value *value = NULL;

    CHECK_FAILS(INVALID, "context is NULL",
                dockline_distribution_inspect(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_distribution_inspect(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "found is NULL",
                dockline_distribution_inspect(context, "a", NULL, NULL, &error));

    CHECK(dockline_distribution_inspect(context, "a", NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL);
}

static bool refuse(void *user_data, const dockline_value *wanted)
{
    (void)user_data;
    (void)wanted;
    return false;
}

static void plugin_calls(void)
{
    dockline_value *value = NULL;
    dockline_value *settings = dockline_value_new_array();
    dockline_source *source = NULL;
    dockline_stream *stream = NULL;
    CHECK(dockline_source_from_fd(0, &source, NULL) == DOCKLINE_OK);

    CHECK_FAILS(INVALID, "context is NULL", dockline_plugin_list(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL", dockline_plugin_list(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_plugin_privileges(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "privileges is NULL",
                dockline_plugin_privileges(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_plugin_pull(NULL, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "progress is NULL",
                dockline_plugin_pull(context, NULL, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_plugin_pull_asking(NULL, NULL, refuse, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "grant is NULL",
                dockline_plugin_pull_asking(context, NULL, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "progress is NULL",
                dockline_plugin_pull_asking(context, NULL, refuse, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_plugin_inspect(NULL, "a", &value, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_plugin_inspect(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "plugin is NULL", dockline_plugin_inspect(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_plugin_delete(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_plugin_delete(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_plugin_enable(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_plugin_enable(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_plugin_disable(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_plugin_disable(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_plugin_upgrade(NULL, "a", NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_plugin_upgrade(context, NULL, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "progress is NULL",
                dockline_plugin_upgrade(context, "a", NULL, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_plugin_upgrade_asking(NULL, "a", NULL, refuse, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_plugin_upgrade_asking(context, NULL, NULL, refuse, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "grant is NULL",
                dockline_plugin_upgrade_asking(context, "a", NULL, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "progress is NULL",
                dockline_plugin_upgrade_asking(context, "a", NULL, refuse, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_plugin_create(NULL, "a", source, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_plugin_create(context, NULL, source, &error));
    CHECK_FAILS(INVALID, "tar is NULL", dockline_plugin_create(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_plugin_push(NULL, "a", NULL, &stream, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_plugin_push(context, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "progress is NULL",
                dockline_plugin_push(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_plugin_set(NULL, "a", settings, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_plugin_set(context, NULL, settings, &error));
    CHECK_FAILS(INVALID, "settings is NULL", dockline_plugin_set(context, "a", NULL, &error));
    CHECK(dockline_plugin_pull_name(NULL) == NULL);
    CHECK_FAILS(INVALID, "remote, which plugin of a registry, is empty",
                dockline_plugin_pull_asking(context, NULL, refuse, NULL, &stream, &error));

    CHECK(dockline_plugin_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && stream == NULL);
    dockline_source_free(source);
    dockline_value_free(settings);
}

static void session_calls(void)
{
    dockline_download *output = NULL;
    dockline_input *input = NULL;

    CHECK_FAILS(INVALID, "context is NULL",
                dockline_session_open(NULL, NULL, &output, &input, &error));
    CHECK_FAILS(INVALID, "output is NULL",
                dockline_session_open(context, NULL, NULL, &input, &error));
    CHECK_FAILS(INVALID, "input is NULL",
                dockline_session_open(context, NULL, &output, NULL, &error));
    CHECK_FAILS(INVALID, "the id of the session is empty",
                dockline_session_open(context, NULL, &output, &input, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_session_grpc(NULL, &output, &input, &error));
    CHECK_FAILS(INVALID, "output is NULL", dockline_session_grpc(context, NULL, &input, &error));
    CHECK_FAILS(INVALID, "input is NULL", dockline_session_grpc(context, &output, NULL, &error));

    CHECK(dockline_session_grpc(context, &output, &input, NULL) == DOCKLINE_CONNECT);
    CHECK(output == NULL && input == NULL);
}

int main(void)
{
    CHECK(dockline_context_open(NOWHERE, NULL, &context, NULL) == DOCKLINE_OK);
    secret_calls();
    config_calls();
    distribution_calls();
    plugin_calls();
    session_calls();
    dockline_context_free(context);
    return 0;
}
