/* Invalid arguments, and calls without optional arguments. tests/c/null.rs passes NULL for each pointer. */
#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

/* No engine listens here: a call with valid arguments fails with DOCKLINE_CONNECT. */
#define NOWHERE "unix:///nowhere/engine.sock"

static dockline_context *context;

static void contexts(void)
{
    dockline_context *out = NULL;
    dockline_value *invalid = NULL;

    CHECK_STRING(dockline_context_endpoint(context), NOWHERE);
    CHECK_STRING(dockline_context_endpoint_source(context), "host");
    CHECK_STRING(dockline_context_endpoint_source_description(context), "the host set by the program");

    /* The error, the options, the cancel token and the callback may be NULL. */
    CHECK(dockline_context_from_env(NULL, NULL) == INVALID);
    CHECK(dockline_context_derive(context, NULL, NULL, &out, NULL) == DOCKLINE_OK);
    CHECK(dockline_context_on_result(out, NULL, NULL, NULL, NULL) == DOCKLINE_OK);
    dockline_context_free(out);
    out = NULL;

    CHECK(dockline_value_parse("{\"conect_timeout\":1}", 20, &invalid, NULL) == DOCKLINE_OK);
    CHECK(dockline_context_open(NOWHERE, invalid, &out, NULL) == INVALID);
    CHECK(out == NULL);
    dockline_value_free(invalid);

    dockline_cancel_token *cancel = dockline_cancel_token_new();
    CHECK(!dockline_cancel_token_is_cancelled(cancel));
    dockline_cancel_token_cancel(cancel);
    CHECK(dockline_cancel_token_is_cancelled(cancel));
    dockline_cancel_token_free(cancel);
}

static void raw_calls(void)
{
    dockline_response *response = NULL;
    WITH("{\"path\":\"/info\"}",
         CHECK(dockline_raw(context, it, NULL, 0, &response, NULL) == DOCKLINE_CONNECT));
    CHECK(response == NULL);
    dockline_source *source = NULL;
    CHECK_FAILS(INVALID, "fd is -1, not an open descriptor",
                dockline_source_from_fd(-1, &source, &error));
    CHECK(source == NULL);
}

static void container_calls(void)
{
    dockline_value *value = NULL;
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    dockline_stream *stream = NULL;
    dockline_download *download = NULL;
    dockline_source *source = NULL;
    int64_t code = 7;
    dockline_value *body = dockline_value_new();
    CHECK(dockline_source_from_fd(0, &source, NULL) == DOCKLINE_OK);

    CHECK_FAILS(INVALID, "rows is -1, not between 0 and 65535",
                dockline_container_resize(context, "a", -1, 80, &error));
    CHECK_FAILS(INVALID, "columns is 65536, not between 0 and 65535",
                dockline_container_resize(context, "a", 24, 65536, &error));
    CHECK_FAILS(INVALID, "path is empty: give a file or directory of the container",
                dockline_container_put_archive(context, "a", NULL, source, &error));
    CHECK_FAILS(INVALID, "rows is 65536, not between 0 and 65535",
                dockline_exec_resize(context, "a", 65536, 80, &error));
    CHECK_FAILS(INVALID, "Cmd is empty: set the command to run",
                dockline_exec_create(context, "a", body, &value, &error));
    WITH("{\"Detach\":true}",
         CHECK_FAILS(INVALID,
                     "Detach is set: a detached exec has no stream, use start_detached instead",
                     dockline_exec_start(context, "a", it, &output, &input, &error)));
    WITH("{\"limit\":-1}",
         CHECK_FAILS(INVALID, "options: \"limit\" cannot be -1 seconds",
                     dockline_exec_wait(context, "a", it, &code, &error)));

    CHECK(dockline_container_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_container_wait(context, "a", NULL, &code, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_container_top(context, "a", NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_container_stats(context, "a", &stream, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_container_export(context, "a", &download, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_container_attach(context, "a", NULL, &output, &input, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_exec_start(context, "a", NULL, &output, NULL, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_exec_wait(context, "a", NULL, &code, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && output == NULL && input == NULL && stream == NULL && download == NULL);
    CHECK(code == 7);
    CHECK(dockline_stats_cpu_percent_since(NULL, NULL, -1.0) == -1.0);
    dockline_source_free(source);
    dockline_value_free(body);
}

static void image_calls(void)
{
    dockline_value *value = NULL;
    dockline_stream *stream = NULL;
    dockline_download *download = NULL;
    dockline_value *names = dockline_value_new_array();

    CHECK_FAILS(INVALID,
                "neither fromImage nor fromSrc is given: set one of them",
                dockline_image_create(context, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "repo is empty: give the repository of the new reference",
                dockline_image_tag(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "term is empty: give a term to search for",
                dockline_image_search(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "container is empty: give the container to commit",
                dockline_image_commit(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "names is empty: give at least one image",
                dockline_image_get_all(context, names, NULL, &download, &error));
    WITH("{\"a\":1}",
         CHECK_FAILS(INVALID, "names: the value must be an array, not an object",
                     dockline_image_get_all(context, it, NULL, &download, &error)));

    CHECK(dockline_image_history(context, "a", NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_image_push(context, "a", NULL, &stream, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_image_get(context, "a", NULL, &download, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && stream == NULL && download == NULL);
    dockline_value_free(names);
}

static void other_calls(void)
{
    dockline_value *value = NULL;
    dockline_stream *stream = NULL;
    dockline_value *body = dockline_value_new();

    CHECK_FAILS(INVALID, "the name of the network is empty",
                dockline_network_create(context, body, &value, &error));
    CHECK_FAILS(INVALID, "Container is empty: give a container name or ID",
                dockline_network_connect(context, "a", body, &error));
    CHECK_FAILS(INVALID, "Spec is missing: send the whole spec that was read, with the changes",
                dockline_volume_update(context, "a", NULL, body, &error));
    CHECK(dockline_network_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_volume_create(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_system_ping(context, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_system_events(context, NULL, &stream, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_system_auth(context, body, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_distribution_inspect(context, "a", NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && stream == NULL);
    dockline_value_free(body);
}

static int no_change(void *unused, dockline_value *spec)
{
    (void)unused;
    (void)spec;
    return 0;
}

static void swarm_calls(void)
{
    dockline_value *value = NULL;
    dockline_stream *stream = NULL;
    dockline_value *body = dockline_value_new();

    CHECK_FAILS(INVALID, "RemoteAddrs is empty: give the address of a manager",
                dockline_swarm_join(context, body, &error));
    CHECK_FAILS(INVALID, "the name of the secret is empty",
                dockline_secret_create(context, body, &value, &error));
    CHECK_FAILS(INVALID, "the name of the config is empty",
                dockline_config_create(context, body, &value, &error));
    CHECK(dockline_swarm_init(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_swarm_leave(context, NULL, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_swarm_update_with(context, NULL, no_change, NULL, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_node_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_service_wait_converged(context, "a", NULL, &stream, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_task_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_secret_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_config_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && stream == NULL);
    dockline_value_free(body);
}

static bool deny(void *user_data, const dockline_value *privileges)
{
    (void)user_data;
    (void)privileges;
    return false;
}

static void plugin_and_session_calls(void)
{
    dockline_value *value = NULL;
    dockline_stream *stream = NULL;
    dockline_download *output = NULL;
    dockline_input *input = NULL;

    CHECK_FAILS(INVALID, "remote is empty: give the reference of a plugin",
                dockline_plugin_pull_with_grant(context, NULL, deny, NULL, &stream, &error));
    CHECK(dockline_plugin_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK_FAILS(INVALID, "the id of the session is empty",
                dockline_session_open(context, NULL, &output, &input, &error));
    CHECK(dockline_session_grpc(context, &output, &input, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && stream == NULL && output == NULL && input == NULL);
}

int main(void)
{
    CHECK(dockline_context_open(NOWHERE, NULL, &context, NULL) == DOCKLINE_OK);
    contexts();
    raw_calls();
    container_calls();
    image_calls();
    other_calls();
    swarm_calls();
    plugin_and_session_calls();
    dockline_context_free(context);
    return 0;
}
