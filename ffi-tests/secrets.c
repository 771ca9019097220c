/* Secrets and configs of the swarm. The argument is the engine's host. */
#include "check.h"

static void record_request_body(void *recorded, const dockline_result *result)
{
    size_t length = 0;
    const char *body = dockline_result_request_body(result, &length);
    snprintf(recorded, 100, "%.*s", (int)length, body);
}

/* Adds a label, and counts its calls. */
static int add_label(void *calls, dockline_value *spec)
{
    ++*(int *)calls;
    CHECK_OK(dockline_value_set_string(spec, "/Labels/c", "d", &error));
    return 0;
}

static int stop(void *unused, dockline_value *spec)
{
    (void)unused;
    (void)spec;
    return 1;
}

static void secrets(dockline_context *context, const char *recorded)
{
    dockline_value *value = NULL;
    WITH("{\"filters\":{\"name\":\"db\"}}",
         CHECK_OK(dockline_secret_list(context, it, &value, &error)));
    CHECK(dockline_value_size(value) == 0);
    dockline_value_free(value);

    WITH("{\"Name\":\"db\",\"Data\":\"aHVudGVyMg==\"}",
         CHECK_OK(dockline_secret_create(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/ID"), "s1");
    CHECK_STRING(recorded, "[redacted]");
    dockline_value_free(value);
    value = NULL;
    WITH("{\"Name\":\"db\",\"Data\":\"no base64\"}",
         CHECK_STATUS(DOCKLINE_INVALID_ARGUMENT,
                      dockline_secret_create(context, it, &value, &error)));
    WITH("{\"Name\":\"db\"}",
         CHECK_STATUS(DOCKLINE_CONFLICT, dockline_secret_create(context, it, &value, &error)));
    CHECK(value == NULL);

    /* Unknown fields of a spec are sent back unchanged. */
    CHECK_OK(dockline_secret_inspect(context, "db", &value, &error));
    dockline_value *spec = dockline_value_clone(dockline_value_get(value, "/Spec"));
    CHECK_OK(dockline_value_set_string(spec, "/Labels/a", "b", &error));
    dockline_value *options = dockline_value_new();
    CHECK_OK(dockline_value_set_value(options, "/version",
                                      dockline_value_get(value, "/Version/Index"), &error));
    CHECK_OK(dockline_secret_update(context, "db", options, spec, &error));
    CHECK_STRING(recorded, "[redacted]");
    dockline_value_free(options);
    dockline_value_free(spec);
    dockline_value_free(value);

    int calls = 0;
    CHECK_OK(dockline_secret_update_with(context, "db", add_label, &calls, &error));
    CHECK(calls == 2);
    CHECK_STRING(recorded, "[redacted]");
    CHECK_STATUS(DOCKLINE_STOPPED, dockline_secret_update_with(context, "db", stop, NULL, &error));
    CHECK_OK(dockline_secret_delete(context, "db", &error));
}

static void configs(dockline_context *context)
{
    dockline_value *value = NULL;
    CHECK_OK(dockline_config_list(context, NULL, &value, &error));
    CHECK_STRING(string_at(value, "/0/Spec/Data"), "bGlzdGVu");
    dockline_value_free(value);
    WITH("{\"Name\":\"nginx\",\"Data\":\"bGlzdGVu\",\"Templating\":{\"Name\":\"golang\"}}",
         CHECK_OK(dockline_config_create(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/ID"), "c1");
    dockline_value_free(value);
    CHECK_OK(dockline_config_inspect(context, "nginx", &value, &error));
    CHECK(dockline_value_int(dockline_value_get(value, "/Version/Index"), 0) == 7);
    dockline_value_free(value);
    dockline_value *spec = parse("{\"Name\":\"nginx\",\"Labels\":{\"a\":\"b\"}}");
    WITH("{\"version\":7}",
         CHECK_OK(dockline_config_update(context, "nginx", it, spec, &error)));
    dockline_value_free(spec);
    int calls = 0;
    CHECK_OK(dockline_config_update_with(context, "nginx", add_label, &calls, &error));
    CHECK(calls == 1);
    CHECK_STATUS(DOCKLINE_NOT_MANAGER, dockline_config_delete(context, "nginx", &error));
}

int main(int argc, char **argv)
{
    char recorded[100] = "";
    dockline_context *context = NULL;
    CHECK(argc == 2);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    CHECK_OK(dockline_context_on_result(context, record_request_body, recorded, NULL, &error));
    secrets(context, recorded);
    configs(context);
    dockline_context_free(context);
    return 0;
}
