/* Builds from a tar, a directory, a Dockerfile and a URL: all options, results and failures; the build
   cache. The arguments are the engine's host and a directory. */
#include "check.h"

static dockline_context *context;

static const char *const ALL_OPTIONS =
    "{\"dockerfile\":\"sub/file\",\"t\":[\"mine:1\",\"mine:2\"],\"extrahosts\":[\"a:127.0.0.1\"],"
    "\"q\":false,\"nocache\":true,\"cachefrom\":[\"a\"],\"pull\":true,\"rm\":false,\"forcerm\":true,"
    "\"memory\":1099511627776,\"memswap\":-1,\"cpushares\":512,\"cpusetcpus\":\"0-3\",\"cpusetmems\":\"0\","
    "\"cpuperiod\":100000,\"cpuquota\":50000,\"buildargs\":{\"A\":\"1\",\"B\":null},\"shmsize\":134217728,"
    "\"squash\":true,\"labels\":{\"a\":\"b\"},\"networkmode\":\"host\",\"platform\":\"linux/arm\","
    "\"target\":\"last\",\"outputs\":[{\"Type\":\"moby\",\"Attrs\":{\"name\":\"x\"}}],\"version\":\"2\","
    "\"buildid\":\"b1\",\"session\":\"s1\",\"isolation\":\"hyperv\","
    "\"ulimits\":[{\"Name\":\"nofile\",\"Soft\":1,\"Hard\":2}],\"securityopt\":[\"s\"],\"cgroupparent\":\"/b\","
    "\"X-Registry-Config\":{\"r:5000\":{\"username\":\"ada\",\"password\":\"secret\"}}}";

/* Parses JSON; NULL stays NULL. */
static dockline_value *parse_optional(const char *json)
{
    dockline_value *value = NULL;
    if (json != NULL) {
        CHECK(dockline_value_parse(json, strlen(json), &value, NULL) == DOCKLINE_OK);
    }
    return value;
}

static int build_tar(const char *options, dockline_source *tar, dockline_stream **build,
                     dockline_error **error)
{
    dockline_value *value = parse_optional(options);
    int status = dockline_image_build(context, value, tar, build, error);
    dockline_value_free(value);
    return status;
}

/* Reads a build to its end and frees it. Returns the last status. */
static int finish(dockline_stream *build, dockline_error **error)
{
    const dockline_value *item = NULL;
    int status;
    do {
        status = dockline_stream_next(build, &item, error);
    } while (status == DOCKLINE_OK);
    dockline_stream_free(build);
    return status;
}

static void null_arguments(void)
{
    dockline_stream *build = NULL;
    dockline_value *pruned = NULL;
    const int invalid = DOCKLINE_INVALID_ARGUMENT;
    CHECK_FAILS(invalid, "context is NULL", dockline_image_build(NULL, NULL, NULL, &build, &error));
    CHECK_FAILS(invalid, "build is NULL", dockline_image_build(context, NULL, NULL, NULL, &error));
    CHECK_FAILS(invalid, "neither a tar nor remote is given: set one of them",
                dockline_image_build(context, NULL, NULL, &build, &error));
    CHECK_FAILS(invalid, "path is NULL",
                dockline_image_build_directory(context, NULL, NULL, &build, &error));
    CHECK_FAILS(invalid, "context is NULL",
                dockline_image_build_directory(NULL, NULL, ".", &build, &error));
    CHECK_FAILS(invalid, "build is NULL",
                dockline_image_build_directory(context, NULL, ".", NULL, &error));
    CHECK_FAILS(invalid, "dockerfile is NULL",
                dockline_image_build_dockerfile(context, NULL, NULL, &build, &error));
    CHECK_FAILS(invalid, "context is NULL",
                dockline_image_build_dockerfile(NULL, NULL, "", &build, &error));
    CHECK_FAILS(invalid, "build is NULL",
                dockline_image_build_dockerfile(context, NULL, "", NULL, &error));
    CHECK_FAILS(invalid, "context is NULL",
                dockline_image_build_dockerfile_in(NULL, NULL, "", ".", &build, &error));
    CHECK_FAILS(invalid, "dockerfile is NULL",
                dockline_image_build_dockerfile_in(context, NULL, NULL, ".", &build, &error));
    CHECK_FAILS(invalid, "path is NULL",
                dockline_image_build_dockerfile_in(context, NULL, "", NULL, &build, &error));
    CHECK_FAILS(invalid, "build is NULL",
                dockline_image_build_dockerfile_in(context, NULL, "", ".", NULL, &error));
    CHECK_FAILS(invalid, "context is NULL", dockline_build_prune(NULL, NULL, &pruned, &error));
    CHECK_FAILS(invalid, "pruned is NULL", dockline_build_prune(context, NULL, NULL, &error));
    CHECK_FAILS(invalid, "context is NULL", dockline_build_cancel(NULL, "b1", &error));
    CHECK_FAILS(invalid, "id is NULL", dockline_build_cancel(context, NULL, &error));
    CHECK_FAILS(invalid, "the id of the build is empty", dockline_build_cancel(context, "", &error));
    CHECK(dockline_build_builder(NULL) == NULL && dockline_build_image_id(NULL) == NULL);
    CHECK(build == NULL && pruned == NULL);
}

static void invalid_options(void)
{
    dockline_stream *build = NULL;
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT,
                "options: \"version\" must be one of \"1\", \"2\", not \"3\"",
                build_tar("{\"version\":\"3\"}", NULL, &build, &error));
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT,
                "options: \"labels.a\" must be a string, not an integer",
                build_tar("{\"labels\":{\"a\":1}}", NULL, &build, &error));
    CHECK(build == NULL);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    CHECK(dockline_context_open(argv[1], NULL, &context, NULL) == DOCKLINE_OK);
    char path[4096];
    dockline_stream *build = NULL;
    dockline_source *source = NULL;
    const dockline_value *item = NULL;
    null_arguments();
    invalid_options();

    /* A tar, with all options. */
    snprintf(path, sizeof path, "%s/tar", argv[2]);
    CHECK(dockline_source_from_path(path, &source, NULL) == DOCKLINE_OK);
    CHECK(build_tar(ALL_OPTIONS, source, &build, NULL) == DOCKLINE_OK);
    dockline_source_free(source);
    CHECK_STRING(dockline_build_builder(build), "BuildKit");
    CHECK(dockline_stream_next(build, &item, NULL) == DOCKLINE_OK);
    CHECK_STRING(dockline_value_string(dockline_value_get(item, "/aux"), NULL), "Cm8=");
    CHECK(finish(build, NULL) == DOCKLINE_END);

    /* A URL, which the engine fetches. */
    CHECK(build_tar("{\"remote\":\"http://a/b\",\"version\":\"1\"}", NULL, &build, NULL) == DOCKLINE_OK);
    CHECK_STRING(dockline_build_builder(build), "classic");
    CHECK(dockline_stream_next(build, &item, NULL) == DOCKLINE_OK);
    CHECK(dockline_build_image_id(build) == NULL);
    CHECK(dockline_stream_next(build, &item, NULL) == DOCKLINE_END);
    CHECK_STRING(dockline_build_image_id(build), "0123456789ab");
    CHECK(finish(build, NULL) == DOCKLINE_END);

    /* A directory. */
    snprintf(path, sizeof path, "%s/directory", argv[2]);
    CHECK(dockline_image_build_directory(context, NULL, path, &build, NULL) == DOCKLINE_OK);
    CHECK_STRING(dockline_build_builder(build), "Buildah");
    CHECK(dockline_build_image_id(build) == NULL);
    CHECK(dockline_stream_next(build, &item, NULL) == DOCKLINE_OK);
    CHECK_STRING(dockline_value_string(dockline_value_get(item, "/aux/ID"), NULL), "sha256:1");
    CHECK_STRING(dockline_build_image_id(build), "sha256:1");
    CHECK(finish(build, NULL) == DOCKLINE_END);
    dockline_error *error = NULL;
    CHECK(dockline_image_build_directory(context, NULL, "/nowhere", &build, &error) == DOCKLINE_IO);
    CHECK(dockline_error_errno(error) == 2);
    CHECK(strstr(dockline_error_message(error), "/nowhere") != NULL);
    dockline_error_free(error);

    /* The text of a Dockerfile with a step that fails. */
    CHECK(dockline_image_build_dockerfile(context, NULL, "FROM a\nRUN false\n", &build, NULL) ==
          DOCKLINE_OK);
    CHECK_FAILS(DOCKLINE_STREAM, "returned a non-zero code: 1", finish(build, &error));

    /* A Dockerfile outside the directory, a missing one, and text with a directory. */
    dockline_value *outside = parse_optional("{\"dockerfile\":\"../other\"}");
    CHECK(dockline_image_build_directory(context, outside, path, &build, NULL) == DOCKLINE_OK);
    CHECK(finish(build, NULL) == DOCKLINE_END);
    dockline_value_free(outside);
    outside = parse_optional("{\"dockerfile\":\"../missing\"}");
    CHECK(dockline_image_build_directory(context, outside, path, &build, &error) == DOCKLINE_IO);
    CHECK(dockline_error_errno(error) == 2);
    CHECK(strstr(dockline_error_message(error), "reading the Dockerfile \"") != NULL);
    dockline_error_free(error);
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT, "the text of a Dockerfile and the option dockerfile are both given: set only one",
                dockline_image_build_dockerfile_in(context, outside, "", path, &build, &error));
    dockline_value_free(outside);
    CHECK(dockline_image_build_dockerfile_in(context, NULL, "FROM text", path, &build, NULL) ==
          DOCKLINE_OK);
    CHECK(finish(build, NULL) == DOCKLINE_END);

    /* The build cache. */
    dockline_value *pruned = NULL;
    dockline_value *options =
        parse_optional("{\"keep-storage\":1073741824,\"all\":true,\"filters\":{\"until\":\"24h\"}}");
    CHECK(dockline_build_prune(context, options, &pruned, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_int(dockline_value_get(pruned, "/SpaceReclaimed"), 0) == 5);
    dockline_value_free(pruned);
    dockline_value_free(options);
    CHECK_FAILS(DOCKLINE_ENGINE_TOO_OLD,
                "\"reserved-space\" needs API 1.48, and 1.41 is in use with this engine",
                (options = parse_optional("{\"reserved-space\":1}"),
                 dockline_build_prune(context, options, &pruned, &error)));
    dockline_value_free(options);
    CHECK(dockline_build_cancel(context, "b1", NULL) == DOCKLINE_OK);

    dockline_context_free(context);
    return 0;
}
