/* NULL for every pointer argument of operations on containers and exec: an error that names it. */
#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

/* Nobody listens there: a call that gets past its arguments fails otherwise. */
#define NOWHERE "unix:///nowhere/engine.sock"

static dockline_context *context;

static void basic_calls(void)
{
    dockline_value *value = NULL;
    dockline_output *output = NULL;
    dockline_wait *wait = NULL;
    int64_t code = 7;
    dockline_value *body = dockline_value_new();

    CHECK_FAILS(INVALID, "context is NULL", dockline_container_list(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL", dockline_container_list(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_create(NULL, NULL, body, &value, &error));
    CHECK_FAILS(INVALID, "body is NULL",
                dockline_container_create(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "created is NULL",
                dockline_container_create(context, NULL, body, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_inspect(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_inspect(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "container is NULL",
                dockline_container_inspect(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_start(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_start(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_stop(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_stop(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_wait(NULL, "a", NULL, &code, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_wait(context, NULL, NULL, &code, &error));
    CHECK_FAILS(INVALID, "exit_code is NULL",
                dockline_container_wait(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_wait_begin(NULL, "a", NULL, &wait, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_wait_begin(context, NULL, NULL, &wait, &error));
    CHECK_FAILS(INVALID, "wait is NULL",
                dockline_container_wait_begin(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "wait is NULL", dockline_wait_finish(NULL, &code, &error));
    CHECK_FAILS(INVALID, "exit_code is NULL", dockline_wait_finish(NULL, NULL, &error));
    CHECK(dockline_wait_cancel_handle(NULL) == NULL);
    dockline_wait_free(NULL);
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_logs(NULL, "a", NULL, &output, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_logs(context, NULL, NULL, &output, &error));
    CHECK_FAILS(INVALID, "output is NULL",
                dockline_container_logs(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_delete(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_delete(context, NULL, NULL, &error));

    CHECK(dockline_container_list(context, NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_container_wait(context, "a", NULL, &code, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && output == NULL && wait == NULL && code == 7);
    dockline_value_free(body);
}

static void other_calls(void)
{
    dockline_value *value = NULL;
    dockline_stream *stream = NULL;
    dockline_download *download = NULL;
    dockline_source *source = NULL;
    dockline_value *body = dockline_value_new();
    CHECK(dockline_source_from_fd(0, &source, NULL) == DOCKLINE_OK);

    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_update(NULL, "a", body, &value, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_update(context, NULL, body, &value, &error));
    CHECK_FAILS(INVALID, "body is NULL",
                dockline_container_update(context, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "updated is NULL",
                dockline_container_update(context, "a", body, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_rename(NULL, "a", "b", &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_rename(context, NULL, "b", &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_container_rename(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_prune(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "pruned is NULL", dockline_container_prune(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_restart(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_restart(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_kill(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_kill(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_pause(NULL, "a", &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_pause(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_unpause(NULL, "a", &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_unpause(context, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_resize(NULL, "a", 24, 80, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_resize(context, NULL, 24, 80, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_top(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_top(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "processes is NULL",
                dockline_container_top(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_stats(NULL, "a", &stream, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_stats(context, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "samples is NULL", dockline_container_stats(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_stats_once(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_stats_once(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "sample is NULL",
                dockline_container_stats_once(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_container_changes(NULL, "a", &value, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_changes(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "changes is NULL", dockline_container_changes(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_export(NULL, "a", &download, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_container_export(context, NULL, &download, &error));
    CHECK_FAILS(INVALID, "tar is NULL", dockline_container_export(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_archive_info(NULL, "a", "/", &value, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_archive_info(context, NULL, "/", &value, &error));
    CHECK_FAILS(INVALID, "path is NULL",
                dockline_container_archive_info(context, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "stat is NULL",
                dockline_container_archive_info(context, "a", "/", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_archive(NULL, "a", "/", &download, NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_archive(context, NULL, "/", &download, NULL, &error));
    CHECK_FAILS(INVALID, "path is NULL",
                dockline_container_archive(context, "a", NULL, &download, NULL, &error));
    CHECK_FAILS(INVALID, "tar is NULL",
                dockline_container_archive(context, "a", "/", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_put_archive(NULL, "a", NULL, source, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_put_archive(context, NULL, NULL, source, &error));
    CHECK_FAILS(INVALID, "tar is NULL",
                dockline_container_put_archive(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_checkpoint_create(NULL, "a", body, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_checkpoint_create(context, NULL, body, &error));
    CHECK_FAILS(INVALID, "body is NULL", dockline_checkpoint_create(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_checkpoint_list(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_checkpoint_list(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL",
                dockline_checkpoint_list(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_checkpoint_delete(NULL, "a", "c", NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_checkpoint_delete(context, NULL, "c", NULL, &error));
    CHECK_FAILS(INVALID, "checkpoint is NULL",
                dockline_checkpoint_delete(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "h is -1, not between 0 and 65535",
                dockline_container_resize(context, "a", -1, 80, &error));
    CHECK_FAILS(INVALID, "w is 65536, not between 0 and 65535",
                dockline_container_resize(context, "a", 24, 65536, &error));
    CHECK_FAILS(INVALID, "path, which file or folder of the container, is empty",
                dockline_container_put_archive(context, "a", NULL, source, &error));

    CHECK(dockline_container_top(context, "a", NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_container_stats(context, "a", &stream, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_container_export(context, "a", &download, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && stream == NULL && download == NULL);
    CHECK(dockline_stats_cpu_percent(NULL, -1.0) == -1.0);
    CHECK(dockline_stats_cpu_percent_since(NULL, NULL, -1.0) == -1.0);
    CHECK(dockline_stats_memory_used(NULL, 7) == 7);
    dockline_source_free(source);
    dockline_value_free(body);
}

static void attached_calls(void)
{
    dockline_value *value = NULL;
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    int64_t code = 7;
    dockline_value *body = dockline_value_new();

    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_attach(NULL, "a", NULL, &output, &input, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_attach(context, NULL, NULL, &output, &input, &error));
    CHECK_FAILS(INVALID, "output is NULL",
                dockline_container_attach(context, "a", NULL, NULL, &input, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_container_attach_websocket(NULL, "a", NULL, &output, &input, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_container_attach_websocket(context, NULL, NULL, &output, &input, &error));
    CHECK_FAILS(INVALID, "output is NULL",
                dockline_container_attach_websocket(context, "a", NULL, NULL, &input, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_exec_create(NULL, "a", body, &value, &error));
    CHECK_FAILS(INVALID, "container is NULL",
                dockline_exec_create(context, NULL, body, &value, &error));
    CHECK_FAILS(INVALID, "body is NULL", dockline_exec_create(context, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "created is NULL", dockline_exec_create(context, "a", body, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_exec_start(NULL, "a", NULL, &output, &input, &error));
    CHECK_FAILS(INVALID, "id is NULL",
                dockline_exec_start(context, NULL, NULL, &output, &input, &error));
    CHECK_FAILS(INVALID, "output is NULL",
                dockline_exec_start(context, "a", NULL, NULL, &input, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_exec_start_detached(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_exec_start_detached(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_exec_resize(NULL, "a", 24, 80, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_exec_resize(context, NULL, 24, 80, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_exec_inspect(NULL, "a", &value, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_exec_inspect(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "exec is NULL", dockline_exec_inspect(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_exec_wait(NULL, "a", NULL, &code, &error));
    CHECK_FAILS(INVALID, "id is NULL", dockline_exec_wait(context, NULL, NULL, &code, &error));
    CHECK_FAILS(INVALID, "exit_code is NULL", dockline_exec_wait(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "h is 65536, not between 0 and 65535",
                dockline_exec_resize(context, "a", 65536, 80, &error));
    CHECK_FAILS(INVALID, "no program is named: set cmd",
                dockline_exec_create(context, "a", body, &value, &error));
    WITH("{\"Detach\":true}",
         CHECK_FAILS(INVALID,
                     "detach is set: a detached program has no stream, start it detached",
                     dockline_exec_start(context, "a", it, &output, &input, &error)));
    WITH("{\"limit\":-1}",
         CHECK_FAILS(INVALID, "options: \"limit\" cannot be -1 seconds",
                     dockline_exec_wait(context, "a", it, &code, &error)));

    CHECK(dockline_container_attach(context, "a", NULL, &output, &input, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_exec_start(context, "a", NULL, &output, NULL, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_exec_wait(context, "a", NULL, &code, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && output == NULL && input == NULL && code == 7);
    dockline_value_free(body);
}

int main(void)
{
    CHECK(dockline_context_open(NOWHERE, NULL, &context, NULL) == DOCKLINE_OK);
    basic_calls();
    other_calls();
    attached_calls();
    dockline_context_free(context);
    return 0;
}
