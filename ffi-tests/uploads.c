/* Uploads: from a callback, a descriptor and a file; refused, failing, and cut off with SIGPIPE at its
   default. The arguments are the engine's host and a dir. */
#include <fcntl.h>
#include <unistd.h>

#include "check.h"

static dockline_context *context;
static int released;

/* So many bytes of zeros, and what to return at their end. */
struct feed {
    size_t left;
    int result;
};

static int feed(void *user_data, void *buffer, size_t capacity, size_t *length)
{
    struct feed *feed = user_data;
    size_t count = feed->left < capacity ? feed->left : capacity;
    if (count == 0 && feed->result != 0) {
        return feed->result;
    }
    memset(buffer, 0, count);
    feed->left -= count;
    *length = count;
    return 0;
}

static void release(void *user_data)
{
    (void)user_data;
    released++;
}

/* Uploads from the source, which it frees, and tells how that ended. */
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

static dockline_source *callback(struct feed *it)
{
    dockline_source *source = NULL;
    CHECK(dockline_source_from_callback(feed, it, release, &source, NULL) == DOCKLINE_OK);
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
    CHECK(lseek(fd, 0, SEEK_CUR) == 100000); /* still open, and ours */
    close(fd);
    struct feed zeros = {100000, 0};
    CHECK(upload(callback(&zeros), NULL) == DOCKLINE_OK);
    CHECK(released == 1);

    CHECK(dockline_source_from_path("/nowhere/tar", &source, &error) == DOCKLINE_IO);
    CHECK(dockline_error_errno(error) == 2);
    dockline_error_free(error);

    /* The callback gives up: an errno, and another number. */
    struct feed broken = {1000, 5};
    error = NULL;
    CHECK(upload(callback(&broken), &error) == DOCKLINE_IO);
    CHECK(dockline_error_errno(error) == 5);
    dockline_error_free(error);
    struct feed odd = {1000, -7};
    CHECK_FAILS(DOCKLINE_IO, "reading the data to upload: the callback returned -7",
                upload(callback(&odd), &error));

    /* The engine refuses while there is more to come: its words, not a broken pipe. */
    struct feed endless = {(size_t)1 << 40, 0};
    CHECK_FAILS(DOCKLINE_ENGINE, "no space left (status 500)", upload(callback(&endless), &error));

    /* The engine goes away: no SIGPIPE, but an error. */
    struct feed cut = {(size_t)1 << 40, 0};
    CHECK_STATUS(DOCKLINE_DISCONNECTED, upload(callback(&cut), &error));
    CHECK(released == 5);
    dockline_context_free(context);
    return 0;
}
