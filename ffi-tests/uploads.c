/* Uploads from a callback, a descriptor and a file: rejected, failed and interrupted ones, with the default
   action for SIGPIPE. The arguments are the engine's host and a directory. */
#include <fcntl.h>
#include <unistd.h>

#include "check.h"

static dockline_context *context;
static int released;

/* The number of zeros to supply, and the value to return after them. */
struct zeros {
    size_t remaining;
    int result;
};

static int supply(void *user_data, void *buffer, size_t capacity, size_t *length)
{
    struct zeros *zeros = user_data;
    size_t count = zeros->remaining < capacity ? zeros->remaining : capacity;
    if (count == 0 && zeros->result != 0) {
        return zeros->result;
    }
    memset(buffer, 0, count);
    zeros->remaining -= count;
    *length = count;
    return 0;
}

static void release(void *user_data)
{
    (void)user_data;
    released++;
}

/* Uploads from the source and frees it. Returns DOCKLINE_OK or the status of the failure. */
static int upload(dockline_source *source, dockline_error **error)
{
    dockline_stream *stream = NULL;
    dockline_value *options = NULL;
    const dockline_value *item = NULL;
    const char *json = "{\"fromSrc\":\"-\",\"repo\":\"mine\",\"changes\":[\"CMD a\",\"ENV b=c\"]}";
    CHECK(dockline_value_parse(json, strlen(json), &options, NULL) == DOCKLINE_OK);
    int status = dockline_image_create(context, options, source, &stream, error);
    while (status == DOCKLINE_OK) {
        status = dockline_stream_next(stream, &item, error);
    }
    dockline_stream_free(stream);
    dockline_source_free(source);
    dockline_value_free(options);
    return status == DOCKLINE_END ? DOCKLINE_OK : status;
}

static dockline_source *from_callback(struct zeros *zeros)
{
    dockline_source *source = NULL;
    CHECK(dockline_source_from_callback(supply, zeros, release, &source, NULL) == DOCKLINE_OK);
    return source;
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    CHECK(dockline_context_open(argv[1], NULL, &context, NULL) == DOCKLINE_OK);
    dockline_source *source = NULL;
    dockline_error *error = NULL;
    char path[4096];

    /* A file, a descriptor, a callback: 100,000 zeros each. */
    snprintf(path, sizeof path, "%s/up", argv[2]);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    CHECK(fd >= 0 && ftruncate(fd, 100000) == 0);
    CHECK(dockline_source_from_path(path, &source, NULL) == DOCKLINE_OK);
    CHECK(upload(source, NULL) == DOCKLINE_OK);
    CHECK(dockline_source_from_fd(fd, &source, NULL) == DOCKLINE_OK);
    CHECK(upload(source, NULL) == DOCKLINE_OK);
    CHECK(lseek(fd, 0, SEEK_CUR) == 100000); /* not closed by the library */
    close(fd);
    struct zeros complete = {100000, 0};
    CHECK(upload(from_callback(&complete), NULL) == DOCKLINE_OK);
    CHECK(released == 1);

    CHECK(dockline_source_from_path("/nowhere/tar", &source, &error) == DOCKLINE_IO);
    CHECK(dockline_error_errno(error) == 2);
    dockline_error_free(error);

    /* The callback fails with an errno, and with a negative number. */
    struct zeros broken = {1000, 5};
    error = NULL;
    CHECK(upload(from_callback(&broken), &error) == DOCKLINE_IO);
    CHECK(dockline_error_errno(error) == 5);
    dockline_error_free(error);
    struct zeros negative = {1000, -7};
    CHECK_FAILS(DOCKLINE_IO, "reading the data to upload: the callback returned -7",
                upload(from_callback(&negative), &error));

    /* An error response during the upload: the engine's message, not a broken pipe. */
    struct zeros endless = {(size_t)1 << 40, 0};
    CHECK_FAILS(DOCKLINE_ENGINE, "no space left (status 500)", upload(from_callback(&endless), &error));

    /* The engine closes the connection: an error instead of SIGPIPE. */
    struct zeros interrupted = {(size_t)1 << 40, 0};
    CHECK_STATUS(DOCKLINE_DISCONNECTED, upload(from_callback(&interrupted), &error));
    CHECK(released == 5);
    dockline_context_free(context);
    return 0;
}
