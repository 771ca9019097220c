/* NULL for every pointer argument of operations on secrets, configs, registries and
   plugins: an error that names it. */
#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

/* Nobody listens there: a call that gets past its arguments fails otherwise. */
#define NOWHERE "unix:///nowhere/engine.sock"

static dockline_context *context;

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

int main(void)
{
    CHECK(dockline_context_open(NOWHERE, NULL, &context, NULL) == DOCKLINE_OK);
    secret_calls();
    config_calls();
    distribution_calls();
    dockline_context_free(context);
    return 0;
}
