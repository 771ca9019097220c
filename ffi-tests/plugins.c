/* Operations on registries, plugins and sessions. The arguments are the engine's host and the tar of a
   plugin. */
#include "check.h"

static dockline_context *context;

static void distribution(void)
{
    dockline_value *value = NULL;
    WITH("{\"X-Registry-Auth\":{\"username\":\"ada\",\"password\":\"w\\u00fc?>\"}}",
         CHECK_OK(dockline_distribution_inspect(context, "r:5000/a:1", it, &value, &error)));
    CHECK_STRING(string_at(value, "/Descriptor/digest"), "sha256:00");
    CHECK_STRING(string_at(value, "/Platforms/0/os.version"), "1.0");
    dockline_value_free(value);
    value = NULL;
    CHECK_STATUS(DOCKLINE_UNAUTHORIZED,
                 dockline_distribution_inspect(context, "a", NULL, &value, &error));
    WITH("{\"auth\":{}}",
         CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT,
                     "options: unknown field \"auth\", expected X-Registry-Auth",
                     dockline_distribution_inspect(context, "a", it, &value, &error)));
    CHECK(value == NULL);
}

/* The decision on a plugin's privileges, and the first one that was requested. */
struct decision {
    bool granted;
    int calls;
    char requested[20];
};

static bool decide(void *user_data, const dockline_value *privileges)
{
    struct decision *decision = user_data;
    ++decision->calls;
    snprintf(decision->requested, sizeof decision->requested, "%s", string_at(privileges, "/0/Value/0"));
    return decision->granted;
}

/* Reads the progress of a pull to its end and frees it. */
static void finish_pull(dockline_stream *progress, const char *name)
{
    const dockline_value *message = NULL;
    CHECK_STRING(dockline_plugin_stream_name(progress), name);
    CHECK_STATUS(DOCKLINE_OK, dockline_stream_next(progress, &message, &error));
    CHECK_STRING(string_at(message, "/status"), "Downloading");
    CHECK_STATUS(DOCKLINE_END, dockline_stream_next(progress, &message, &error));
    dockline_stream_free(progress);
}

static void pulls(void)
{
    struct decision deny = {.granted = false};
    struct decision grant = {.granted = true};
    dockline_stream *progress = NULL;
    dockline_value *options = parse("{\"remote\":\"r/sshfs:1\",\"name\":\"mine\"}");
    dockline_value *newer = parse("{\"remote\":\"r/sshfs:2\"}");

    CHECK_FAILS(DOCKLINE_NOT_GRANTED, "r/sshfs:1: privileges were not granted: network [host]",
                dockline_plugin_pull_with_grant(context, options, decide, &deny, &progress, &error));
    CHECK(progress == NULL && deny.calls == 1);
    CHECK_STRING(deny.requested, "host");
    CHECK_OK(dockline_plugin_pull_with_grant(context, options, decide, &grant, &progress, &error));
    CHECK(grant.calls == 1);
    finish_pull(progress, "mine:latest");
    progress = NULL;
    CHECK_FAILS(DOCKLINE_NOT_GRANTED, "r/sshfs:2: privileges were not granted: network [host]",
                dockline_plugin_upgrade_with_grant(context, "mine", newer, decide, &deny, &progress,
                                               &error));
    CHECK_OK(dockline_plugin_upgrade_with_grant(context, "mine", newer, decide, &grant, &progress,
                                            &error));
    finish_pull(progress, "mine:latest");

    /* The same in two steps. */
    dockline_value *privileges = NULL;
    WITH("{\"remote\":\"r/sshfs:1\",\"X-Registry-Auth\":{\"username\":\"ada\"}}",
         CHECK_OK(dockline_plugin_privileges(context, it, &privileges, &error)));
    CHECK_OK(dockline_plugin_pull(context, options, privileges, &progress, &error));
    finish_pull(progress, "mine:latest");
    CHECK_OK(dockline_plugin_upgrade(context, "mine", newer, privileges, &progress, &error));
    finish_pull(progress, "mine:latest");
    dockline_value_free(privileges);

    /* NULL grants no privileges. */
    CHECK_OK(dockline_plugin_pull(context, options, NULL, &progress, &error));
    CHECK(dockline_plugin_stream_name(progress) == NULL);
    const dockline_value *message = NULL;
    CHECK_FAILS(DOCKLINE_STREAM, "incorrect privileges",
                dockline_stream_next(progress, &message, &error));
    dockline_stream_free(progress);
    dockline_value_free(newer);
    dockline_value_free(options);
}

static int ignore(void *user_data, const dockline_value *message)
{
    (void)user_data;
    (void)message;
    return 0;
}

static void manage(const char *tar)
{
    dockline_value *value = NULL;
    dockline_source *source = NULL;
    dockline_stream *progress = NULL;
    CHECK_OK(dockline_source_from_path(tar, &source, &error));
    CHECK_OK(dockline_plugin_create(context, "mine", source, &error));
    dockline_source_free(source);
    WITH("{\"filters\":{\"capability\":\"volumedriver\"}}",
         CHECK_OK(dockline_plugin_list(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/0/Config/Interface/Types/0"), "docker.volumedriver/1.0");
    dockline_value_free(value);
    WITH("[\"DEBUG=1\"]", CHECK_OK(dockline_plugin_set(context, "mine", it, &error)));
    WITH("{\"timeout\":30}", CHECK_OK(dockline_plugin_enable(context, "mine", it, &error)));
    CHECK_OK(dockline_plugin_inspect(context, "mine", &value, &error));
    CHECK(dockline_value_bool(dockline_value_get(value, "/Enabled"), false));
    dockline_value_free(value);
    WITH("{\"force\":true}", CHECK_OK(dockline_plugin_disable(context, "mine", it, &error)));
    WITH("{\"X-Registry-Auth\":{\"username\":\"ada\"}}",
         CHECK_OK(dockline_plugin_push(context, "r/mine", it, &progress, &error)));
    CHECK(dockline_plugin_stream_name(progress) == NULL);
    CHECK_STATUS(DOCKLINE_OK, dockline_stream_each(progress, ignore, NULL, &error));
    dockline_stream_free(progress);
    CHECK_STATUS(DOCKLINE_CONFLICT, dockline_plugin_delete(context, "mine", NULL, &error));
    WITH("{\"force\":true}", CHECK_OK(dockline_plugin_delete(context, "mine", it, &error)));
}

/* Both upgraded connections for gRPC; the bytes are not interpreted. */
static void sessions(void)
{
    dockline_download *output = NULL;
    dockline_input *input = NULL;
    const void *data = NULL;
    size_t length = 0;
    WITH("{\"X-Docker-Expose-Session-Uuid\":\"s1\","
         "\"X-Docker-Expose-Session-Grpc-Method\":[\"/a.B/C\"]}",
         CHECK_OK(dockline_session_open(context, it, &output, &input, &error)));
    CHECK_OK(dockline_input_write(input, "up\0", 3, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_download_next(output, &data, &length, &error));
    CHECK(length == 4 && memcmp(data, "down", 4) == 0);
    CHECK_OK(dockline_input_close(input, &error));
    CHECK_STATUS(DOCKLINE_END, dockline_download_next(output, &data, &length, &error));
    dockline_input_free(input);
    dockline_download_free(output);
    CHECK_OK(dockline_session_grpc(context, &output, &input, &error));
    CHECK_OK(dockline_input_write(input, "up", 2, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_download_next(output, &data, &length, &error));
    dockline_download_free(output);
    dockline_input_free(input);
    output = NULL;
    CHECK_STATUS(DOCKLINE_PROTOCOL, dockline_session_grpc(context, &output, &input, &error));
    CHECK(output == NULL);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    distribution();
    pulls();
    manage(argv[2]);
    sessions();
    dockline_context_free(context);
    return 0;
}
