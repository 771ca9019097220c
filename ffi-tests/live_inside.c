/* Exec, attach, archives and other resources on a real engine, in addition to live.c. The arguments are
   the engine's host, the name of a running container, a prefix of names, a tar with etc/hello, and a
   directory. */
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "check.h"

#define TOTAL ((size_t)8 << 20)

static dockline_context *context;
static const char *web, *prefix;
static bool podman;

/* The prefix with this suffix; valid until the next call. */
static const char *name_with(const char *suffix)
{
    static char text[200];
    snprintf(text, sizeof text, "%s-%s", prefix, suffix);
    return text;
}

/* Creates an exec. Its ID belongs to the returned value. */
static dockline_value *create_exec(const char *body)
{
    dockline_value *created = NULL;
    WITH(body, CHECK_OK(dockline_exec_create(context, web, it, &created, &error)));
    return created;
}

static void *write_all(void *input)
{
    unsigned char chunk[10007];
    for (size_t done = 0; done < TOTAL;) {
        size_t length = TOTAL - done < sizeof chunk ? TOTAL - done : sizeof chunk;
        for (size_t i = 0; i < length; i++) {
            chunk[i] = (unsigned char)((done + i) % 251);
        }
        CHECK_OK(dockline_input_write(input, chunk, length, &error));
        done += length;
    }
    CHECK_OK(dockline_input_close(input, &error));
    return NULL;
}

static int compare(void *user_data, const dockline_frame *frame)
{
    size_t *offset = user_data;
    CHECK(frame->stream == DOCKLINE_STDOUT);
    for (size_t i = 0; i < frame->length; i++, ++*offset) {
        if (((const unsigned char *)frame->data)[i] != *offset % 251) {
            CHECK(0);
        }
    }
    return 0;
}

/* Through cat and back, from two threads: each direction blocks until the other one is read. */
static void both_directions(void)
{
    dockline_value *created =
        create_exec("{\"Cmd\":[\"cat\"],\"AttachStdin\":true,\"AttachStdout\":true,\"AttachStderr\":true}");
    const char *id = string_at(created, "/Id");
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    pthread_t writer;
    size_t offset = 0;
    int64_t code = -1;

    CHECK_OK(dockline_exec_start(context, id, NULL, &output, &input, &error));
    CHECK(pthread_create(&writer, NULL, write_all, input) == 0);
    CHECK_OK(dockline_output_each(output, compare, &offset, &error));
    CHECK(pthread_join(writer, NULL) == 0);
    CHECK(offset == TOTAL);
    dockline_output_free(output);
    dockline_input_free(input);
    CHECK_OK(dockline_exec_wait(context, id, NULL, &code, &error));
    CHECK(code == 0);
    dockline_value_free(created);
}

/* Appends the data to a string with room for 1,000 bytes. */
static int add(void *text, const dockline_frame *frame)
{
    size_t length = strlen(text);
    CHECK(length + frame->length < 1000);
    memcpy((char *)text + length, frame->data, frame->length);
    ((char *)text)[length + frame->length] = 0;
    return 0;
}

static int add_until_ready(void *text, const dockline_frame *frame)
{
    add(text, frame);
    return strstr(text, "ready") != NULL;
}

/* An exec with a terminal, which is resized while it runs, and a detached exec. */
static void terminal(void)
{
    dockline_value *created = create_exec(
        "{\"Cmd\":[\"sh\",\"-c\",\"echo ready; read line; stty size; exit 3\"],\"Tty\":true,"
        "\"AttachStdin\":true,\"AttachStdout\":true,\"AttachStderr\":true}");
    const char *id = string_at(created, "/Id");
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    int64_t code = -1;
    char text[1000] = "";

    WITH("{\"Tty\":true}",
         CHECK_OK(dockline_exec_start(context, id, it, &output, &input, &error)));
    CHECK_STATUS(DOCKLINE_STOPPED, dockline_output_each(output, add_until_ready, text, &error));
    CHECK_OK(dockline_exec_resize(context, id, 50, 132, &error));
    CHECK_OK(dockline_input_write(input, "\n", 1, &error));
    CHECK_OK(dockline_output_each(output, add, text, &error));
    CHECK(strstr(text, "50 132") != NULL);
    CHECK_OK(dockline_exec_wait(context, id, NULL, &code, &error));
    CHECK(code == 3);
    dockline_input_free(input);
    dockline_output_free(output);
    dockline_value_free(created);

    created = create_exec("{\"Cmd\":[\"sh\",\"-c\",\"exit 4\"]}");
    id = string_at(created, "/Id");
    CHECK_OK(dockline_exec_start_detached(context, id, NULL, &error));
    if (podman) {
        /* Podman always reports a detached exec as running. */
        WITH("{\"limit\":0.1}",
             CHECK_STATUS(DOCKLINE_TIMEOUT, dockline_exec_wait(context, id, it, &code, &error)));
    } else {
        WITH("{\"limit\":30}", CHECK_OK(dockline_exec_wait(context, id, it, &code, &error)));
        CHECK(code == 4);
    }
    dockline_value *inspected = NULL;
    CHECK_OK(dockline_exec_inspect(context, id, &inspected, &error));
    CHECK_STRING(string_at(inspected, "/ProcessConfig/entrypoint"), "sh");
    dockline_value_free(inspected);
    dockline_value_free(created);
}

/* Attaches before the start, and closes the input; the output continues. */
static void attached(void)
{
    dockline_value *options = dockline_value_new(), *created = NULL;
    dockline_output *output = NULL;
    dockline_input *input = NULL;
    int64_t code = -1;
    char text[1000] = "";

    CHECK_OK(dockline_value_set_string(options, "/name", name_with("wc"), &error));
    WITH("{\"Image\":\"busybox:latest\",\"Cmd\":[\"wc\",\"-c\"],\"OpenStdin\":true,"
         "\"StdinOnce\":true,\"AttachStdin\":true,\"AttachStdout\":true}",
         CHECK_OK(dockline_container_create(context, options, it, &created, &error)));
    const char *id = string_at(created, "/Id");
    CHECK_OK(dockline_container_attach(context, id, NULL, &output, &input, &error));
    CHECK_OK(dockline_container_start(context, id, NULL, &error));
    CHECK_OK(dockline_input_write(input, "12345", 5, &error));
    CHECK_OK(dockline_input_close(input, &error));
    CHECK_OK(dockline_output_each(output, add, text, &error));
    CHECK_STRING(text, "5\n");
    CHECK_OK(dockline_container_wait(context, id, NULL, &code, &error));
    CHECK(code == 0);
    dockline_output_free(output);
    dockline_input_free(input);
    CHECK_OK(dockline_container_delete(context, id, NULL, &error));
    dockline_value_free(created);
    dockline_value_free(options);
}

static void archives(const char *tar, const char *dir)
{
    dockline_source *source = NULL;
    dockline_download *download = NULL;
    dockline_value *value = NULL;
    uint64_t total = 0;
    char path[4096], content[600];

    CHECK_OK(dockline_source_from_path(tar, &source, &error));
    WITH("{\"path\":\"/tmp\"}",
         CHECK_OK(dockline_container_put_archive(context, web, it, source, &error)));
    dockline_source_free(source);
    CHECK_OK(dockline_container_archive_info(context, web, "/tmp/etc/hello", &value, &error));
    CHECK_STRING(string_at(value, "/name"), "hello");
    CHECK(dockline_value_int(dockline_value_get(value, "/size"), -1) == 5);
    dockline_value_free(value);
    CHECK_OK(dockline_container_changes(context, web, &value, &error));
    CHECK(dockline_value_size(value) > 0);
    dockline_value_free(value);

    snprintf(path, sizeof path, "%s/down", dir);
    CHECK_OK(dockline_container_archive(context, web, "/tmp/etc/hello", &download, &value, &error));
    CHECK_STRING(string_at(value, "/name"), "hello");
    CHECK_OK(dockline_download_to_path(download, path, &total, &error));
    dockline_download_free(download);
    dockline_value_free(value);
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL && total >= 1024 && fread(content, 1, sizeof content, file) == 600);
    CHECK(memcmp(content, "hello", 6) == 0 && memcmp(content + 512, "hello", 6) == 0);
    fclose(file);

    CHECK_OK(dockline_container_export(context, web, &download, &error));
    CHECK_OK(dockline_download_to_path(download, path, &total, &error));
    CHECK(total > 10 * 512);
    dockline_download_free(download);
}

/* Commits the container, saves the image to a file and loads it again. */
static void images(const char *dir)
{
    dockline_value *options = dockline_value_new(), *value = NULL;
    dockline_download *download = NULL;
    dockline_source *source = NULL;
    dockline_stream *progress = NULL;
    char path[4096], image[300];

    CHECK_OK(dockline_value_set_string(options, "/container", web, &error));
    CHECK_OK(dockline_value_set_string(options, "/repo", name_with("image"), &error));
    CHECK_OK(dockline_value_set_string(options, "/tag", "1", &error));
    WITH("{\"Env\":[\"A=b\"]}",
         CHECK_OK(dockline_image_commit(context, options, it, &value, &error)));
    dockline_value_free(value);
    dockline_value_free(options);
    snprintf(image, sizeof image, "%s:1", name_with("image"));
    CHECK_OK(dockline_image_history(context, image, NULL, &value, &error));
    CHECK(dockline_value_size(value) > 1);
    dockline_value_free(value);

    snprintf(path, sizeof path, "%s/image", dir);
    CHECK_OK(dockline_image_get(context, image, NULL, &download, &error));
    CHECK_OK(dockline_download_to_path(download, path, NULL, &error));
    dockline_download_free(download);
    CHECK_OK(dockline_image_delete(context, image, NULL, &value, &error));
    dockline_value_free(value);
    int fd = open(path, O_RDONLY);
    CHECK_OK(dockline_source_from_fd(fd, &source, &error));
    CHECK_OK(dockline_image_load(context, NULL, source, &progress, &error));
    const dockline_value *item = NULL;
    int status, count = 0;
    while ((status = dockline_stream_next(progress, &item, NULL)) == DOCKLINE_OK) {
        count++;
    }
    CHECK(status == DOCKLINE_END && count > 0);
    dockline_stream_free(progress);
    dockline_source_free(source);
    close(fd);
    CHECK_OK(dockline_image_delete(context, image, NULL, &value, &error));
    dockline_value_free(value);
}

static void networks(void)
{
    dockline_value *body = dockline_value_new(), *value = NULL;
    char network[300];
    snprintf(network, sizeof network, "%s", name_with("network"));
    CHECK_OK(dockline_value_set_string(body, "/Name", network, &error));
    CHECK_OK(dockline_value_set_bool(body, "/Internal", true, &error));
    CHECK_OK(dockline_network_create(context, body, &value, &error));
    dockline_value_free(value);
    dockline_value_free(body);

    body = dockline_value_new();
    CHECK_OK(dockline_value_set_string(body, "/Container", web, &error));
    CHECK_OK(dockline_network_connect(context, network, body, &error));
    CHECK_OK(dockline_network_inspect(context, network, NULL, &value, &error));
    CHECK(dockline_value_size(dockline_value_get(value, "/Containers")) == 1);
    CHECK(dockline_value_bool(dockline_value_get(value, "/Internal"), false));
    dockline_value_free(value);
    CHECK_OK(dockline_network_disconnect(context, network, body, &error));
    dockline_value_free(body);
    CHECK_OK(dockline_network_delete(context, network, &error));
    CHECK_STATUS(DOCKLINE_NOT_FOUND,
                 dockline_network_inspect(context, network, NULL, &value, &error));
}

static void volumes(void)
{
    dockline_value *body = dockline_value_new(), *value = NULL;
    const char *volume = name_with("volume");
    CHECK_OK(dockline_value_set_string(body, "/Name", volume, &error));
    CHECK_OK(dockline_volume_create(context, body, &value, &error));
    dockline_value_free(value);
    dockline_value_free(body);
    CHECK_OK(dockline_volume_inspect(context, volume, &value, &error));
    CHECK_STRING(string_at(value, "/Driver"), "local");
    dockline_value_free(value);

    dockline_value *options = dockline_value_new();
    CHECK_OK(dockline_value_set_string(options, "/filters/name", volume, &error));
    CHECK_OK(dockline_volume_list(context, options, &value, &error));
    CHECK(dockline_value_size(dockline_value_get(value, "/Volumes")) == 1);
    dockline_value_free(value);
    dockline_value_free(options);
    CHECK_OK(dockline_volume_delete(context, volume, NULL, &error));
}

static void usage(void)
{
    dockline_value *value = NULL, *totals = NULL;
    dockline_stream *samples = NULL;
    const dockline_value *sample = NULL;

    CHECK_OK(dockline_container_top(context, web, NULL, &value, &error));
    CHECK(dockline_value_size(dockline_value_get(value, "/Processes")) > 0);
    dockline_value_free(value);

    /* Only the second sample has a previous one. */
    CHECK_OK(dockline_container_stats(context, web, &samples, &error));
    CHECK_OK(dockline_stream_next(samples, &sample, &error));
    CHECK_OK(dockline_stream_next(samples, &sample, &error));
    CHECK(dockline_stats_cpu_percent(sample, -1.0) >= 0.0);
    CHECK(dockline_stats_memory_used(sample, 0) > 0);
    dockline_stream_free(samples);

    CHECK_OK(dockline_system_data_usage(context, NULL, &value, &error));
    CHECK_OK(dockline_system_data_usage_totals(value, &totals, &error));
    CHECK(dockline_value_int(dockline_value_get(totals, "/Containers/ActiveCount"), 0) > 0);
    CHECK(dockline_value_int(dockline_value_get(totals, "/Images/TotalCount"), 0) > 0);
    dockline_value_free(totals);
    dockline_value_free(value);
}

static void states(void)
{
    dockline_value *value = NULL;
    CHECK_OK(dockline_container_pause(context, web, &error));
    CHECK_OK(dockline_container_unpause(context, web, &error));
    CHECK_OK(dockline_container_rename(context, web, name_with("renamed"), &error));
    web = name_with("renamed");
    WITH("{\"t\":0}", CHECK_OK(dockline_container_restart(context, web, it, &error)));
    CHECK_OK(dockline_container_kill(context, web, NULL, &error));
    CHECK_OK(dockline_container_wait(context, web, NULL, &(int64_t){0}, &error));
    CHECK_OK(dockline_container_inspect(context, web, NULL, &value, &error));
    CHECK_STRING(string_at(value, "/State/Status"), "exited");
    dockline_value_free(value);
}

int main(int argc, char **argv)
{
    CHECK(argc == 6);
    web = argv[2];
    prefix = argv[3];
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    dockline_value *version = NULL;
    CHECK_OK(dockline_system_version(context, &version, &error));
    podman = strcmp(string_at(version, "/Components/0/Name"), "Podman Engine") == 0;
    dockline_value_free(version);
    both_directions();
    terminal();
    attached();
    archives(argv[4], argv[5]);
    images(argv[5]);
    networks();
    volumes();
    usage();
    states();
    dockline_context_free(context);
    return 0;
}
