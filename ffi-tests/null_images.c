/* NULL for every pointer argument of operations on images: an error that names it. */
#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

/* Nobody listens there: a call that gets past its arguments fails otherwise. */
#define NOWHERE "unix:///nowhere/engine.sock"

static dockline_context *context;

static void basic_calls(void)
{
    dockline_value *value = NULL;
    dockline_stream *stream = NULL;
    CHECK_FAILS(INVALID, "context is NULL", dockline_image_list(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "list is NULL", dockline_image_list(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_image_create(NULL, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "progress is NULL",
                dockline_image_create(context, NULL, NULL, NULL, &error));
    CHECK_FAILS(INVALID,
                "neither fromImage nor fromSrc is given: one says what to make the image of",
                dockline_image_create(context, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_image_inspect(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_image_inspect(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "image is NULL",
                dockline_image_inspect(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_image_delete(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_image_delete(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "deleted is NULL",
                dockline_image_delete(context, "a", NULL, NULL, &error));
    CHECK(value == NULL && stream == NULL);
}

static void other_calls(void)
{
    dockline_value *value = NULL;
    dockline_stream *stream = NULL;
    dockline_download *download = NULL;
    dockline_source *source = NULL;
    dockline_value *names = dockline_value_new_array();
    CHECK(dockline_source_from_fd(0, &source, NULL) == DOCKLINE_OK);

    CHECK_FAILS(INVALID, "context is NULL",
                dockline_image_history(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_image_history(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "layers is NULL",
                dockline_image_history(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_image_tag(NULL, "a", NULL, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_image_tag(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_image_search(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "found is NULL", dockline_image_search(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_image_commit(NULL, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "committed is NULL",
                dockline_image_commit(context, NULL, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_image_attestations(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_image_attestations(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "statements is NULL",
                dockline_image_attestations(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_image_prune(NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "pruned is NULL", dockline_image_prune(context, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_image_push(NULL, "a", NULL, &stream, &error));
    CHECK_FAILS(INVALID, "name is NULL", dockline_image_push(context, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "progress is NULL", dockline_image_push(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_image_get(NULL, "a", NULL, &download, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_image_get(context, NULL, NULL, &download, &error));
    CHECK_FAILS(INVALID, "tar is NULL", dockline_image_get(context, "a", NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_image_get_all(NULL, names, NULL, &download, &error));
    CHECK_FAILS(INVALID, "names is NULL",
                dockline_image_get_all(context, NULL, NULL, &download, &error));
    CHECK_FAILS(INVALID, "tar is NULL", dockline_image_get_all(context, names, NULL, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_image_load(NULL, NULL, source, &stream, &error));
    CHECK_FAILS(INVALID, "tar is NULL", dockline_image_load(context, NULL, NULL, &stream, &error));
    CHECK_FAILS(INVALID, "progress is NULL",
                dockline_image_load(context, NULL, source, NULL, &error));
    CHECK_FAILS(INVALID, "repo, the new name, is empty",
                dockline_image_tag(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "term, what to look for, is empty",
                dockline_image_search(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "container, what to make an image of, is empty",
                dockline_image_commit(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "no image is named",
                dockline_image_get_all(context, names, NULL, &download, &error));
    WITH("{\"a\":1}",
         CHECK_FAILS(INVALID, "names: the value must be an array, not an object",
                     dockline_image_get_all(context, it, NULL, &download, &error)));

    CHECK(dockline_image_history(context, "a", NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_image_push(context, "a", NULL, &stream, NULL) == DOCKLINE_CONNECT);
    CHECK(dockline_image_get(context, "a", NULL, &download, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL && stream == NULL && download == NULL);
    dockline_source_free(source);
    dockline_value_free(names);
}

int main(void)
{
    CHECK(dockline_context_open(NOWHERE, NULL, &context, NULL) == DOCKLINE_OK);
    basic_calls();
    other_calls();
    dockline_context_free(context);
    return 0;
}
