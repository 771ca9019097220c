/* Operations on containers that are not in calls.c or duplex.c. The arguments are the engine's host
   and a directory with a file "up" of 100,000 zeros. */
#include "check.h"

static dockline_context *context;

static void state_changes(void)
{
    dockline_value *value = NULL;
    WITH("{\"Memory\":67108864,"
         "\"RestartPolicy\":{\"Name\":\"on-failure\",\"MaximumRetryCount\":3}}",
         CHECK_OK(dockline_container_update(context, "web", it, &value, &error)));
    CHECK_STRING(string_at(value, "/Warnings/0"), "no swap");
    dockline_value_free(value);
    CHECK_OK(dockline_container_rename(context, "web", "b&c", &error));
    WITH("{\"signal\":\"SIGINT\",\"t\":-1}",
         CHECK_OK(dockline_container_restart(context, "web", it, &error)));
    WITH("{\"signal\":\"SIGRTMIN+3\"}",
         CHECK_OK(dockline_container_kill(context, "web", it, &error)));
    CHECK_OK(dockline_container_pause(context, "web", &error));
    CHECK_OK(dockline_container_unpause(context, "web", &error));
    CHECK_OK(dockline_container_resize(context, "web", 0, 65535, &error));
    WITH("{\"filters\":{\"until\":\"24h\",\"label!\":\"keep\"}}",
         CHECK_OK(dockline_container_prune(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/ContainersDeleted/0"), "abc");
    CHECK(dockline_value_uint(dockline_value_get(value, "/SpaceReclaimed"), 0) == 5);
    dockline_value_free(value);
}

static void names(void)
{
    static const struct { const char *container, *name; } cases[] = {
        {"{\"Names\":[\"/aweb/alias\",\"/zdb\"]}", "zdb"},
        {"{\"Names\":[\"/zdb\",\"/aweb/alias\"]}", "zdb"},
        {"{\"Names\":[7,\"zdb\"]}", "zdb"},
        {"{\"Names\":[\"/aweb/alias\"]}", "aweb/alias"},
        {"{\"Names\":[\"/\"]}", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        WITH(cases[i].container, CHECK_STRING(dockline_container_name(it), cases[i].name));
    WITH("{\"Names\":[]}", CHECK(dockline_container_name(it) == NULL));
    WITH("{\"Names\":null}", CHECK(dockline_container_name(it) == NULL));
    WITH("[]", CHECK(dockline_container_name(it) == NULL));
    CHECK(dockline_container_name(NULL) == NULL);
}

static void usage(void)
{
    dockline_value *value = NULL;
    WITH("{\"ps_args\":\"-o pid\"}",
         CHECK_OK(dockline_container_top(context, "web", it, &value, &error)));
    CHECK_STRING(string_at(value, "/Processes/0/0"), "1");
    dockline_value_free(value);
    WITH("{\"one-shot\":true}",
         CHECK_OK(dockline_container_stats_once(context, "web", it, &value, &error)));
    CHECK(dockline_value_int(dockline_value_get(value, "/pids_stats/current"), 0) == 3);
    CHECK(dockline_stats_cpu_percent(value, -1.0) == -1.0);
    CHECK(dockline_stats_memory_used(value, 7) == 0);
    dockline_value_free(value);
    WITH("{\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":300},\"system_cpu_usage\":2000,"
         "\"online_cpus\":4},\"precpu_stats\":{\"cpu_usage\":{\"total_usage\":100},"
         "\"system_cpu_usage\":1000},\"memory_stats\":{\"usage\":50,"
         "\"stats\":{\"inactive_file\":20}}}",
         CHECK(dockline_stats_cpu_percent(it, -1.0) == 80.0);
         CHECK(dockline_stats_memory_used(it, 7) == 30));
    /* A field of the wrong type counts as missing; a value that is not an object is not a sample. */
    WITH("{\"cpu_stats\":1,\"memory_stats\":{\"usage\":5}}",
         CHECK(dockline_stats_cpu_percent(it, -1.0) == -1.0);
         CHECK(dockline_stats_memory_used(it, 7) == 5));
    WITH("{\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":300},\"system_cpu_usage\":2000},"
         "\"precpu_stats\":{\"cpu_usage\":{\"total_usage\":100},\"system_cpu_usage\":1000}}",
         CHECK(dockline_stats_cpu_percent(it, -1.0) == -1.0);
         CHECK_OK(dockline_value_set_int(it, "/cpu_stats/online_cpus", 4, &error));
         CHECK(dockline_stats_cpu_percent(it, -1.0) == 80.0));
    WITH("[{}]", CHECK(dockline_stats_cpu_percent(it, -1.0) == -1.0);
         CHECK(dockline_stats_memory_used(it, 7) == 7));

    dockline_value *before = parse("{\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":100},"
                                   "\"system_cpu_usage\":1000}}");
    WITH("{\"cpu_stats\":{\"cpu_usage\":{\"total_usage\":200},\"system_cpu_usage\":1400,"
         "\"online_cpus\":2}}",
         CHECK(dockline_stats_cpu_percent(it, -1.0) == -1.0);
         CHECK(dockline_stats_cpu_percent_since(it, before, -1.0) == 50.0);
         CHECK(dockline_stats_cpu_percent_since(before, it, -1.0) == -1.0);
         CHECK(dockline_stats_cpu_percent_since(it, NULL, -1.0) == -1.0));
    dockline_value_free(before);

    dockline_stream *samples = NULL;
    const dockline_value *sample = NULL;
    CHECK_OK(dockline_container_stats(context, "web", &samples, &error));
    for (int i = 1; i <= 2; i++) {
        CHECK_OK(dockline_stream_next(samples, &sample, &error));
        CHECK(dockline_value_int(dockline_value_get(sample, "/pids_stats/current"), 0) == i);
    }
    CHECK_STATUS(DOCKLINE_END, dockline_stream_next(samples, &sample, &error));
    dockline_stream_free(samples);
}

static void files(const char *dir)
{
    dockline_value *value = NULL;
    dockline_download *tar = NULL;
    char path[4096];
    uint64_t total = 0;

    CHECK_OK(dockline_container_changes(context, "web", &value, &error));
    CHECK_STRING(string_at(value, "/0/Path"), "/tmp");
    dockline_value_free(value);

    CHECK_OK(dockline_container_archive_info(context, "web", "/etc", &value, &error));
    CHECK_STRING(string_at(value, "/name"), "etc");
    CHECK(dockline_value_int(dockline_value_get(value, "/mode"), 0) == 2147484141);
    CHECK(dockline_value_int(dockline_value_get(value, "/invented"), 0) == 1);
    dockline_value_free(value);
    value = NULL;
    CHECK_FAILS(DOCKLINE_NOT_FOUND, "Not Found: HEAD /containers/web/archive?path=/nix (status 404)",
                dockline_container_archive_info(context, "web", "/nix", &value, &error));
    CHECK_FAILS(DOCKLINE_PROTOCOL, "header x-docker-container-path-stat is missing",
                dockline_container_archive_info(context, "web", "/a b", &value, &error));
    CHECK(value == NULL);

    snprintf(path, sizeof path, "%s/down", dir);
    CHECK_OK(dockline_container_archive(context, "web", "/etc/.", &tar, &value, &error));
    CHECK_STRING(string_at(value, "/name"), "etc");
    dockline_value_free(value);
    CHECK_OK(dockline_download_to_path(tar, path, &total, &error));
    CHECK(total == 200000);
    dockline_download_free(tar);
    CHECK_OK(dockline_container_archive(context, "web", "/etc", &tar, NULL, &error));
    dockline_download_free(tar); /* before its end */
    CHECK_OK(dockline_container_export(context, "web", &tar, &error));
    CHECK_OK(dockline_download_to_path(tar, path, &total, &error));
    CHECK(total == 1000000);
    dockline_download_free(tar);

    dockline_source *source = NULL;
    snprintf(path, sizeof path, "%s/up", dir);
    CHECK_OK(dockline_source_from_path(path, &source, &error));
    WITH("{\"path\":\"/srv\",\"noOverwriteDirNonDir\":true,\"copyUIDGID\":true}",
         CHECK_OK(dockline_container_put_archive(context, "web", it, source, &error)));
    dockline_source_free(source);
    CHECK_OK(dockline_source_from_path(path, &source, &error));
    WITH("{\"path\":\"/sys\"}",
         CHECK_FAILS(DOCKLINE_FORBIDDEN, "read-only (status 403)",
                     dockline_container_put_archive(context, "web", it, source, &error)));
    dockline_source_free(source);
}

static void checkpoints(void)
{
    dockline_value *list = NULL;
    WITH("{\"CheckpointID\":\"c1\",\"CheckpointDir\":\"/c\",\"Exit\":true}",
         CHECK_OK(dockline_checkpoint_create(context, "web", it, &error)));
    WITH("{\"dir\":\"/c\"}", CHECK_OK(dockline_checkpoint_list(context, "web", it, &list, &error)));
    CHECK_STRING(string_at(list, "/0/Name"), "c1");
    dockline_value_free(list);
    WITH("{\"dir\":\"/c\"}",
         CHECK_OK(dockline_checkpoint_delete(context, "web", "c1", it, &error)));
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    state_changes();
    names();
    usage();
    files(argv[2]);
    checkpoints();
    dockline_context_free(context);
    return 0;
}
