/* Request and response of operations, one call each. The engine returns a sample of each response: strings
   are "text", numbers 1, booleans true, arrays and maps have one item. The argument is the engine's host. */
#include "check.h"

static dockline_context *context;

/* Method, path without version prefix, query and body of the last request. */
static char last_request[4096];

static void record_request(void *user_data, const dockline_result *result)
{
    const char *path = strchr(strstr(dockline_result_url(result), "/v1.") + 1, '/');
    size_t length = 0;
    const char *body = dockline_result_request_body(result, &length);
    (void)user_data;
    snprintf(last_request, sizeof last_request, "%s %s%s%.*s", dockline_result_method(result), path,
             length ? " " : "", (int)length, body);
}

/* Requires that the call succeeds and sends this request. */
#define CHECK_SENDS(request, call)         \
    do {                                   \
        CHECK_OK(call);                    \
        CHECK_STRING(last_request, request); \
    } while (0)

static void containers(void)
{
    dockline_value *value = NULL;
    WITH("{\"ps_args\":\"aux\"}",
         CHECK_SENDS("GET /containers/web/top?ps_args=aux",
                     dockline_container_top(context, "web", it, &value, &error)));
    CHECK_STRING(string_at(value, "/Titles/0"), "text");
    dockline_value_free(value);
}

static void networks(void)
{
    WITH("{\"Container\":\"web\"}",
         CHECK_SENDS("POST /networks/back/connect {\"Container\":\"web\"}",
                     dockline_network_connect(context, "back", it, &error)));
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    /* The first call also negotiates the version, so it is not recorded. */
    CHECK_OK(dockline_container_pause(context, "web", &error));
    CHECK_OK(dockline_context_on_result(context, record_request, NULL, NULL, &error));
    containers();
    networks();
    dockline_context_free(context);
    return 0;
}
