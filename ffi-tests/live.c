/* Imports an image and runs a container on a real engine. The arguments are the engine's host, a name for
   both, a network, and a tar. If this program fails, the caller removes what it has created. */
#include <stdbool.h>

#include "check.h"

static dockline_context *context;
static const char *name, *network;
static char id[65];
static int calls, failures;
static bool podman; /* whose responses differ in part from Docker's */

static const char script[] = "trap 'echo bye; exit 3' TERM\n"
                             "echo ready\n"
                             "echo oops >&2\n"
                             "while :; do sleep 0.05; done\n";

static void count(void *user_data, const dockline_result *result)
{
    (void)user_data;
    CHECK(dockline_result_duration(result) > 0);
    calls++;
    failures += dockline_result_error(result) != NULL;
}

static void engine(void)
{
    dockline_value *ping = NULL, *version = NULL, *info = NULL;
    const dockline_value *part = NULL;
    const char *api_version = NULL;

    CHECK_STATUS(DOCKLINE_OK, dockline_system_ping(context, &ping, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_system_version(context, &version, &error));
    podman = strcmp(string_at(version, "/Components/0/Name"), "Podman Engine") == 0;
    CHECK_STRING(string_at(ping, "/OSType"), podman ? "" : "linux");
    CHECK_STRING(string_at(ping, "/APIVersion"), string_at(version, "/ApiVersion"));
    CHECK_STATUS(DOCKLINE_OK, dockline_system_info(context, &info, &error));
    CHECK_STRING(string_at(info, "/ServerVersion"), string_at(version, "/Version"));
    CHECK_STATUS(DOCKLINE_OK,
                 dockline_value_require(info, "/MemTotal", DOCKLINE_TYPE_INTEGER, &part, &error));
    CHECK(dockline_value_uint(part, 0) > 0);
    CHECK_STATUS(DOCKLINE_OK, dockline_context_api_version(context, &api_version, &error));
    CHECK(strncmp(api_version, "1.", 2) == 0);
    dockline_value_free(ping);
    dockline_value_free(version);
    dockline_value_free(info);
}

/* Reads at most 100 bytes, so that it is called often. */
static int read_some(void *file, void *buffer, size_t capacity, size_t *length)
{
    *length = fread(buffer, 1, capacity < 100 ? capacity : 100, file);
    return ferror(file) ? -1 : 0;
}

/* Copies the status, which is the ID of the image. */
static int copy_status(void *user_data, const dockline_value *progress)
{
    const char *status = string_at(progress, "/status");
    char *id = user_data;
    CHECK(status != NULL && strlen(status) < 80);
    strcpy(id, status);
    return 0;
}

static void image(const char *tar)
{
    dockline_value *options = dockline_value_new();
    dockline_value *list = NULL, *found = NULL, *deleted = NULL;
    dockline_source *source = NULL;
    dockline_stream *progress = NULL;
    char image_id[80] = "";
    FILE *file = fopen(tar, "rb");
    CHECK(file != NULL);

    CHECK_STATUS(DOCKLINE_OK, dockline_value_set_string(options, "/fromSrc", "-", &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_value_set_string(options, "/repo", name, &error));
    CHECK_STATUS(DOCKLINE_OK,
                 dockline_value_set_string(options, "/changes/-", "CMD [\"a\", \"b c\"]", &error));
    CHECK_STATUS(DOCKLINE_OK,
                 dockline_source_from_callback(read_some, file, NULL, &source, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_image_create(context, options, source, &progress, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_stream_each(progress, copy_status, image_id, &error));
    CHECK(fclose(file) == 0);
    dockline_stream_free(progress);
    dockline_source_free(source);
    dockline_value_free(options);

    options = dockline_value_new();
    CHECK_STATUS(DOCKLINE_OK,
                 dockline_value_set_string(options, "/filters/reference/-", name, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_image_list(context, options, &list, &error));
    CHECK(dockline_value_size(list) == 1);
    CHECK_STRING(string_at(list, "/0/Id"), image_id);
    dockline_value_free(options);

    CHECK_STATUS(DOCKLINE_OK, dockline_image_inspect(context, image_id, NULL, &found, &error));
    CHECK_STRING(string_at(found, "/RepoTags/0"), string_at(list, "/0/RepoTags/0"));
    CHECK_STRING(string_at(found, "/Config/Cmd/1"), "b c");
    CHECK(dockline_value_int(dockline_value_get(found, "/Size"), -1) > 0);

    CHECK_STATUS(DOCKLINE_OK, dockline_image_delete(context, name, NULL, &deleted, &error));
    bool untagged = false;
    for (size_t i = 0; i < dockline_value_size(deleted); i++) {
        const char *tag = string_at(dockline_value_at(deleted, i), "/Untagged");
        untagged |= tag != NULL && strcmp(tag, string_at(found, "/RepoTags/0")) == 0;
    }
    CHECK(untagged);
    dockline_value_free(list);
    dockline_value_free(found);
    dockline_value_free(deleted);
    CHECK_STATUS(DOCKLINE_NOT_FOUND, dockline_image_inspect(context, image_id, NULL, &found, &error));
}

/* Members that both engines return as they were set. */
static const char *const common_members[] = {
    "/Config/Cmd", "/Config/Labels/a.label", "/Config/WorkingDir", "/Config/User",
    "/Config/StopTimeout", "/Config/ExposedPorts", "/HostConfig/Memory",
    "/HostConfig/ReadonlyRootfs", "/HostConfig/OomScoreAdj", "/HostConfig/ExtraHosts",
};

/* Members that Podman returns in another form. */
static const char *const docker_members[] = {
    "/Config/Image", "/Config/Env/0", "/Config/Env/1", "/Config/Env/2", "/Config/StopSignal",
    "/HostConfig/Init", "/HostConfig/Tmpfs", "/HostConfig/CapDrop", "/HostConfig/Mounts",
    "/HostConfig/NetworkMode",
};

/* Requires that members of the inspected container equal those of the body it was created with. */
static void check_members(const dockline_value *body, const dockline_value *found,
                          const char *const *pointers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool in_config = strncmp(pointers[i], "/Config", 7) == 0;
        const dockline_value *expected =
            dockline_value_get(body, in_config ? pointers[i] + 7 : pointers[i]);
        CHECK(expected != NULL);
        if (!dockline_value_equal(expected, dockline_value_get(found, pointers[i]))) {
            fprintf(stderr, "%s differs\n", pointers[i]);
            exit(1);
        }
    }
}

static void create(void)
{
    dockline_value *options = dockline_value_new();
    dockline_value *created = NULL, *found = NULL;
    dockline_value *body = parse(
        "{\"Image\":\"busybox:latest\",\"Cmd\":[\"sh\",\"-c\"],"
        "\"Env\":[\"PLAIN=a value\",\"EMPTY=\",\"UMLAUT=gr\xc3\xb6\xc3\x9f" "er\"],"
        "\"Labels\":{\"a.label\":\"with \\\"quotes\\\"\"},\"WorkingDir\":\"/tmp\",\"User\":\"0:0\","
        "\"StopSignal\":\"SIGTERM\",\"StopTimeout\":20,\"ExposedPorts\":{\"80/tcp\":{}},"
        "\"HostConfig\":{\"Memory\":67108864,\"Init\":false,\"ReadonlyRootfs\":true,"
        "\"Tmpfs\":{\"/run/quick\":\"size=1m\"},\"CapDrop\":[\"NET_RAW\"],\"OomScoreAdj\":5,"
        "\"ExtraHosts\":[\"other:198.18.255.2\"],"
        "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/proc/version\",\"Target\":\"/version\","
        "\"ReadOnly\":true}]}}");
    char endpoint[200];

    snprintf(endpoint, sizeof endpoint, "/NetworkingConfig/EndpointsConfig/%s/Aliases/-", network);
    CHECK_STATUS(DOCKLINE_OK, dockline_value_set_string(body, "/Cmd/-", script, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_value_set_string(body, endpoint, "alias-of-mine", &error));
    CHECK_STATUS(DOCKLINE_OK,
                 dockline_value_set_string(body, "/HostConfig/NetworkMode", network, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_value_set_string(options, "/name", name, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_container_create(context, options, body, &created, &error));
    CHECK(strlen(string_at(created, "/Id")) == 64);
    strcpy(id, string_at(created, "/Id"));

    CHECK_STATUS(DOCKLINE_OK, dockline_container_inspect(context, name, NULL, &found, &error));
    CHECK_STRING(string_at(found, "/Id"), id);
    CHECK_STRING(string_at(found, "/State/Status"), "created");
    check_members(body, found, common_members, sizeof common_members / sizeof *common_members);
    if (!podman) {
        check_members(body, found, docker_members, sizeof docker_members / sizeof *docker_members);
    }
    snprintf(endpoint, sizeof endpoint, "/NetworkSettings/Networks/%s/Aliases/0", network);
    CHECK_STRING(string_at(found, endpoint), "alias-of-mine");
    dockline_value_free(found);
    dockline_value_free(created);
    dockline_value_free(body);
    dockline_value_free(options);
}

/* Output of a container, by stream. */
struct collected {
    char text[3][100];
};

static int add(void *user_data, const dockline_frame *frame)
{
    struct collected *all = user_data;
    char *text = all->text[frame->stream];
    CHECK(frame->stream == DOCKLINE_STDOUT || frame->stream == DOCKLINE_STDERR);
    CHECK(strlen(text) + frame->length < sizeof all->text[0]);
    strncat(text, frame->data, frame->length);
    return 0;
}

/* Reads up to the next event with this action. */
static const dockline_value *await(dockline_stream *events, const char *action)
{
    const dockline_value *event = NULL;
    do {
        CHECK_STATUS(DOCKLINE_OK, dockline_stream_next(events, &event, &error));
        CHECK_STRING(string_at(event, "/Actor/ID"), id);
    } while (strcmp(string_at(event, "/Action"), action) != 0);
    return event;
}

/* Subscribes to events since before the creation of the container: the subscription may start only after
   the response. */
static dockline_stream *subscribe(void)
{
    dockline_value *options = parse("{\"since\":\"1m\",\"filters\":{\"type\":\"container\"}}");
    dockline_stream *events = NULL;
    CHECK_STATUS(DOCKLINE_OK, dockline_value_set_string(options, "/filters/container", id, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_system_events(context, options, &events, &error));
    dockline_value_free(options);
    return events;
}

static void run(dockline_stream *events)
{
    dockline_value *options = parse("{\"condition\":\"next-exit\"}");
    dockline_value *found = NULL;
    dockline_wait *wait = NULL;
    dockline_output *output = NULL;
    dockline_frame frame;
    struct collected output_text = {0};
    int64_t code = -1;

    await(events, "create");
    CHECK_STATUS(DOCKLINE_OK, dockline_container_wait_start(context, id, options, &wait, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_container_start(context, id, NULL, &error));
    CHECK_STATUS(DOCKLINE_NOT_MODIFIED, dockline_container_start(context, id, NULL, &error));
    dockline_value_free(options);

    /* Output and events arrive while the container is running; it exits only when it is stopped. */
    options = parse("{\"follow\":true}");
    CHECK_STATUS(DOCKLINE_OK, dockline_container_logs(context, id, options, &output, &error));
    CHECK(!dockline_output_is_terminal(output));
    while (strlen(output_text.text[DOCKLINE_STDOUT]) < 6 || strlen(output_text.text[DOCKLINE_STDERR]) < 5) {
        CHECK_STATUS(DOCKLINE_OK, dockline_output_next(output, &frame, &error));
        add(&output_text, &frame);
    }
    CHECK_STRING(output_text.text[DOCKLINE_STDOUT], "ready\n");
    CHECK_STRING(output_text.text[DOCKLINE_STDERR], "oops\n");
    await(events, "start");
    CHECK_STATUS(DOCKLINE_OK, dockline_container_inspect(context, id, NULL, &found, &error));
    CHECK(dockline_value_bool(dockline_value_get(found, "/State/Running"), false));
    dockline_value_free(found);
    dockline_value_free(options);
    CHECK_STATUS(podman ? DOCKLINE_ENGINE : DOCKLINE_CONFLICT,
                 dockline_container_delete(context, id, NULL, &error));

    options = parse("{\"t\":20}");
    CHECK_STATUS(DOCKLINE_OK, dockline_container_stop(context, id, options, &error));
    CHECK_STATUS(DOCKLINE_NOT_MODIFIED, dockline_container_stop(context, id, options, &error));
    dockline_value_free(options);
    CHECK_STATUS(DOCKLINE_OK, dockline_output_each(output, add, &output_text, &error));
    CHECK_STRING(output_text.text[DOCKLINE_STDOUT], "ready\nbye\n");
    CHECK_STRING(output_text.text[DOCKLINE_STDERR], "oops\n");
    dockline_output_free(output);
    CHECK_STATUS(DOCKLINE_OK, dockline_wait_finish(wait, &code, &error));
    CHECK(code == 3);
    dockline_wait_free(wait);
    code = -1;
    CHECK_STATUS(DOCKLINE_OK, dockline_container_wait(context, id, NULL, &code, &error));
    CHECK(code == 3);
    CHECK_STRING(string_at(await(events, "die"), "/Actor/Attributes/exitCode"), "3");
}

static void logs_and_list(void)
{
    dockline_value *options = parse("{\"tail\":1,\"stderr\":false}");
    dockline_value *list = NULL;
    dockline_output *output = NULL;
    struct collected output_text = {0};

    CHECK_STATUS(DOCKLINE_OK, dockline_container_logs(context, id, options, &output, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_output_each(output, add, &output_text, &error));
    CHECK_STRING(output_text.text[DOCKLINE_STDOUT], "bye\n");
    CHECK_STRING(output_text.text[DOCKLINE_STDERR], "");
    dockline_output_free(output);
    dockline_value_free(options);

    options = parse("{\"all\":true,\"filters\":{\"exited\":3}}");
    CHECK_STATUS(DOCKLINE_OK, dockline_value_set_string(options, "/filters/id", id, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_container_list(context, options, &list, &error));
    CHECK(dockline_value_size(list) == 1);
    CHECK_STRING(string_at(list, "/0/State"), "exited");
    CHECK_STRING(string_at(list, "/0/Names/0") + 1, name);
    dockline_value_free(list);
    dockline_value_free(options);
}

static int add_length(void *user_data, const void *data, size_t length)
{
    CHECK(data != NULL);
    *(uint64_t *)user_data += length;
    return 0;
}

static void raw(void)
{
    dockline_value *request = dockline_value_new();
    dockline_value *found = NULL;
    dockline_response *response = NULL;
    dockline_download *download = NULL;
    uint64_t sum = 0, total = 0;
    size_t length = 0;
    char path[100];

    snprintf(path, sizeof path, "/containers/%s/json", id);
    CHECK_STATUS(DOCKLINE_OK, dockline_value_set_string(request, "/path", path, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_value_set_bool(request, "/query/size", true, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_raw(context, request, NULL, 0, &response, &error));
    CHECK(dockline_response_status(response) == 200);
    CHECK_STRING(dockline_response_header(response, "content-type"), "application/json");
    const void *json = dockline_response_body(response, &length);
    CHECK_STATUS(DOCKLINE_OK, dockline_value_parse(json, length, &found, &error));
    CHECK_STRING(string_at(found, "/Id"), id);
    CHECK(dockline_value_int(dockline_value_get(found, "/SizeRootFs"), -1) > 0);
    dockline_value_free(found);
    dockline_response_free(response);

    snprintf(path, sizeof path, "/containers/%s/export", id);
    CHECK_STATUS(DOCKLINE_OK, dockline_value_set_string(request, "/path", path, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_value_remove(request, "/query", &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_raw_stream(context, request, NULL, &download, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_download_each(download, add_length, &sum, &total, &error));
    CHECK(sum == total && total > 10 * 512);
    dockline_download_free(download);
    dockline_value_free(request);
}

static void delete_container(dockline_stream *events)
{
    dockline_value *options = parse("{\"v\":true}");
    CHECK_STATUS(DOCKLINE_OK, dockline_container_delete(context, id, options, &error));
    await(events, podman ? "remove" : "destroy");
    CHECK_STATUS(DOCKLINE_NOT_FOUND, dockline_container_delete(context, id, options, &error));
    dockline_value_free(options);
}

int main(int argc, char **argv)
{
    CHECK(argc == 5);
    name = argv[2];
    network = argv[3];
    /* Fails instead of hanging if an event does not arrive. */
    dockline_value *options = parse("{\"stream_timeout\":600}");
    CHECK_STATUS(DOCKLINE_OK, dockline_context_open(argv[1], options, &context, &error));
    CHECK_STATUS(DOCKLINE_OK, dockline_context_on_result(context, count, NULL, NULL, &error));
    dockline_value_free(options);

    engine();
    image(argv[4]);
    create();
    dockline_stream *events = subscribe();
    run(events);
    logs_and_list();
    raw();
    delete_container(events);
    dockline_stream_free(events);
    dockline_context_free(context);
    CHECK(calls >= 25);
    CHECK(failures == 3);
    return 0;
}
