/* Operations on images that are not in calls.c or uploads.c. The arguments are the engine's host and a
   directory with a file "up" of 100,000 zeros. */
#include "check.h"

/* The platform of all calls. */
#define ARM "{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\"}"

#define AUTH "\"X-Registry-Auth\":{\"username\":\"ada\",\"password\":\"\303\277?>\"}"

static dockline_context *context;

static void values(void)
{
    dockline_value *value = NULL;
    WITH("{\"platform\":" ARM "}",
         CHECK_OK(dockline_image_history(context, "r:5000/a:1", it, &value, &error)));
    CHECK_STRING(string_at(value, "/0/CreatedBy"), "CMD");
    dockline_value_free(value);
    WITH("{\"repo\":\"r:5000/b\",\"tag\":\"2\"}",
         CHECK_OK(dockline_image_tag(context, "a", it, &error)));
    WITH("{\"term\":\"a b\",\"limit\":3,\"filters\":{\"stars\":5}," AUTH "}",
         CHECK_OK(dockline_image_search(context, it, &value, &error)));
    CHECK(dockline_value_int(dockline_value_get(value, "/0/star_count"), 0) == 7);
    dockline_value_free(value);
    WITH("{\"container\":\"web\",\"repo\":\"b\",\"tag\":\"3\",\"comment\":\"c\","
         "\"author\":\"Ada <a@b>\",\"pause\":false,\"changes\":[\"CMD [\\\"sh\\\"]\"]}",
         dockline_value *config = parse("{\"Env\":[\"A=b\"]}");
         CHECK_OK(dockline_image_commit(context, it, config, &value, &error));
         dockline_value_free(config));
    CHECK_STRING(string_at(value, "/Id"), "sha256:00");
    dockline_value_free(value);
    WITH("{\"container\":\"web\"}",
         CHECK_OK(dockline_image_commit(context, it, NULL, &value, &error)));
    dockline_value_free(value);
    WITH("{\"platform\":[" ARM "],\"type\":[\"https://slsa.dev/provenance/v1\"],"
         "\"statement\":true}",
         CHECK_OK(dockline_image_attestations(context, "a", it, &value, &error)));
    CHECK(dockline_value_size(value) == 0);
    dockline_value_free(value);
    WITH("{\"filters\":{\"dangling\":false}}",
         CHECK_OK(dockline_image_prune(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/ImagesDeleted/0/Deleted"), "sha256:01");
    dockline_value_free(value);
}

static int count_items(void *user_data, const dockline_value *item)
{
    (void)item;
    ++*(int *)user_data;
    return 0;
}

static void streams(const char *dir)
{
    dockline_stream *progress = NULL;
    dockline_download *tar = NULL;
    dockline_source *source = NULL;
    const dockline_value *item = NULL;
    const void *data = NULL;
    size_t length = 0;
    char path[4096];
    int count = 0;

    CHECK_OK(dockline_image_push(context, "r:5000/a", NULL, &progress, &error));
    CHECK(dockline_push_digest(progress) == NULL && dockline_push_tag(progress) == NULL);
    CHECK(dockline_push_size(progress) == 0);
    CHECK_OK(dockline_stream_next(progress, &item, &error));
    CHECK(dockline_stream_next(progress, &item, NULL) == DOCKLINE_END);
    CHECK_STRING(dockline_push_digest(progress), "sha256:ab");
    CHECK_STRING(dockline_push_tag(progress), "latest");
    CHECK(dockline_push_size(progress) == 527);
    CHECK(dockline_build_image_id(progress) == NULL);
    dockline_stream_free(progress);
    CHECK(dockline_push_digest(NULL) == NULL && dockline_push_tag(NULL) == NULL);
    CHECK(dockline_push_size(NULL) == 0);

    WITH("{\"tag\":\"1\",\"platform\":" ARM "," AUTH "}",
         CHECK_OK(dockline_image_push(context, "r:5000/a", it, &progress, &error)));
    CHECK_FAILS(DOCKLINE_STREAM, "unauthorized",
                dockline_stream_each(progress, count_items, &count, &error));
    CHECK(count == 1);
    dockline_stream_free(progress);

    WITH("{\"platform\":[" ARM "]}", CHECK_OK(dockline_image_get(context, "a", it, &tar, &error)));
    CHECK_OK(dockline_download_next(tar, &data, &length, &error));
    CHECK(length == 3 && memcmp(data, "tar", 3) == 0);
    dockline_download_free(tar);
    WITH("[\"a\",\"r:5000/b:1\"]",
         CHECK_OK(dockline_image_get_all(context, it, NULL, &tar, &error)));
    CHECK_OK(dockline_download_next(tar, &data, &length, &error));
    CHECK_STATUS(DOCKLINE_END, dockline_download_next(tar, &data, &length, &error));
    dockline_download_free(tar);

    snprintf(path, sizeof path, "%s/up", dir);
    CHECK_OK(dockline_source_from_path(path, &source, &error));
    WITH("{\"quiet\":false,\"platform\":[" ARM "]}",
         CHECK_OK(dockline_image_load(context, it, source, &progress, &error)));
    CHECK_OK(dockline_stream_next(progress, &item, &error));
    CHECK_STRING(string_at(item, "/stream"), "Loaded image: a\n");
    CHECK_STATUS(DOCKLINE_END, dockline_stream_next(progress, &item, &error));
    dockline_stream_free(progress);
    dockline_source_free(source);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    values();
    streams(argv[2]);
    dockline_context_free(context);
    return 0;
}
