/* Docker contexts, and the engine that the docker CLI would use. In the home directory of the test, "web"
   is the current context, and its host is the first argument. "secure" has a certificate and a key, and
   skips the verification of the engine. The second argument is the address of an HTTP proxy. */
#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

static const char *host;

/* Returns the string at a JSON pointer, or "(none)" if there is none. */
static const char *text(const dockline_value *value, const char *pointer)
{
    return dockline_value_string(dockline_value_get(value, pointer), "(none)");
}

/* Returns the boolean at a JSON pointer, or false if there is none. */
static bool is(const dockline_value *value, const char *pointer)
{
    return dockline_value_bool(dockline_value_get(value, pointer), false);
}

static void list(void)
{
    dockline_value *list = NULL, *web = NULL;
    CHECK_OK(dockline_docker_context_list(&list, &error));
    CHECK(dockline_value_size(list) == 3);
    CHECK_STRING(text(list, "/0/Name"), "default");
    CHECK_STRING(text(list, "/1/Name"), "secure");
    CHECK_STRING(text(list, "/1/Host"), "tcp://engine:2376");
    CHECK(strstr(text(list, "/1/TLS/cert"), "/docker/cert.pem") != NULL);
    CHECK(strstr(text(list, "/1/TLS/key"), "/docker/key.pem") != NULL);
    CHECK(dockline_value_get(list, "/1/TLS/ca") == NULL);
    CHECK(is(list, "/1/TLS/skip_verify"));
    CHECK_STRING(text(list, "/2/Name"), "web");
    CHECK_STRING(text(list, "/2/Description"), "the web one");
    CHECK_STRING(text(list, "/2/Host"), host);
    CHECK(is(list, "/2/Current") && !is(list, "/1/Current") && !is(list, "/0/Current"));
    CHECK(dockline_value_get(list, "/2/TLS") == NULL);

    CHECK_OK(dockline_docker_context_inspect("web", &web, &error));
    CHECK(dockline_value_equal(web, dockline_value_at(list, 2)));
    dockline_value_free(web);
    dockline_value_free(list);

    dockline_error *error = NULL;
    dockline_value *missing = NULL;
    CHECK(dockline_docker_context_inspect("gone", &missing, &error) == INVALID);
    CHECK(missing == NULL);
    CHECK(strstr(dockline_error_message(error), "only default, secure, web") != NULL);
    dockline_error_free(error);
}

static void ping(const dockline_context *context)
{
    dockline_value *response = NULL;
    CHECK_OK(dockline_system_ping(context, &response, &error));
    dockline_value_free(response);
}

static void open_contexts(void)
{
    dockline_context *context = NULL, *derived = NULL;
    CHECK_OK(dockline_context_from_env(&context, &error));
    CHECK_STRING(dockline_context_endpoint(context), host);
    CHECK_STRING(dockline_context_endpoint_source(context), "currentContext");
    CHECK(strstr(dockline_context_endpoint_source_description(context), "docker context \"web\", the current") != NULL);
    ping(context);
    /* Options of dockline_context_open() cannot be changed in a derived context. */
    WITH("{\"docker_context\": \"web\"}",
         CHECK_FAILS(INVALID,
                     "options: \"docker_context\" cannot be changed: set it with dockline_context_open()",
                     dockline_context_derive(context, it, NULL, &derived, &error)));
    WITH("{\"headers\": {\"X\": \"1\"}}",
         CHECK_FAILS(INVALID,
                     "options: \"headers\" cannot be changed: set it with dockline_context_open()",
                     dockline_context_derive(context, it, NULL, &derived, &error)));
    dockline_context_free(context);

    WITH("{\"docker_context\": \"web\", \"headers\": {\"X-Meta\": \"mine\", \"User-Agent\": \"app/1\"}}",
         CHECK_OK(dockline_context_open(NULL, it, &context, &error)));
    CHECK_STRING(dockline_context_endpoint_source(context), "docker_context");
    ping(context);
    dockline_context_free(context);

    /* A host that is given has precedence over the current docker context. */
    CHECK_OK(dockline_context_open(host, NULL, &context, &error));
    CHECK_STRING(dockline_context_endpoint_source(context), "host");
    ping(context);
    dockline_context_free(context);
}

/* Proxies and detach keys of config.json, with and without them. */
static void cli_defaults(const char *options)
{
    dockline_context *context = NULL;
    dockline_value *created = NULL;
    WITH(options, CHECK_OK(dockline_context_open(NULL, it, &context, &error)));
    WITH("{\"Env\":[\"A=b\",\"HTTP_PROXY=mine\"],\"Tty\":false}",
         CHECK_OK(dockline_container_create(context, NULL, it, &created, &error)));
    dockline_value_free(created);
    WITH("{\"Image\":\"a\"}", CHECK_OK(dockline_container_create(context, NULL, it, &created, &error)));
    dockline_value_free(created);
    WITH("{\"Env\":{}}",
         CHECK_FAILS(INVALID, "body: \"Env\" must be an array, not an object",
                     dockline_container_create(context, NULL, it, &created, &error)));
    WITH("{\"Cmd\":[\"sh\"]}", CHECK_OK(dockline_exec_create(context, "web", it, &created, &error)));
    dockline_value_free(created);
    WITH("{\"Cmd\":[\"sh\"],\"DetachKeys\":\"\"}",
         CHECK_OK(dockline_exec_create(context, "web", it, &created, &error)));
    dockline_value_free(created);
    dockline_context_free(context);
}

static void invalid_options(void)
{
    dockline_context *context = NULL;
    WITH("{\"docker_context\": \"web\"}",
         CHECK_FAILS(INVALID,
                     "both a host and the docker context \"web\" are given: set only one",
                     dockline_context_open(host, it, &context, &error)));
    WITH("{\"headers\": {\"a b\": \"c\"}}",
         CHECK_FAILS(INVALID, "\"a b\" is not a valid header name",
                     dockline_context_open(host, it, &context, &error)));
    WITH("{\"headers\": {\"Host\": \"c\"}}",
         CHECK_FAILS(INVALID, "the header host cannot be set: it is controlled by dockline",
                     dockline_context_open(host, it, &context, &error)));
    WITH("{\"headers\": {\"X\": 7}}",
         CHECK_FAILS(INVALID, "options: \"headers.X\" must be a string, not an integer",
                     dockline_context_open(host, it, &context, &error)));
    WITH("{\"tls\": {\"cacert\": \"x\"}}",
         CHECK_FAILS(INVALID,
                     "options: unknown field \"tls.cacert\", expected one of ca, cert, key, "
                     "skip_verify; did you mean \"cert\"?",
                     dockline_context_open("tcp://engine:1", it, &context, &error)));
    WITH("{\"proxy\": \"socks5://p\"}",
         CHECK_FAILS(INVALID,
                     "the proxy: this kind of proxy is not supported: expected "
                     "http://[user:password@]host[:port]",
                     dockline_context_open("tcp://engine:1", it, &context, &error)));
    CHECK(context == NULL);
}

/* The name of the engine is resolved only by the proxy. */
static void connect_by_proxy(const char *proxy)
{
    dockline_context *context = NULL;
    dockline_value *options = dockline_value_new();
    CHECK_OK(dockline_value_set_string(options, "/proxy", proxy, &error));
    CHECK_OK(dockline_context_open("tcp://engine.invalid:2375", options, &context, &error));
    ping(context);
    dockline_context_free(context);
    CHECK_OK(dockline_value_set_string(options, "/proxy", "", &error));
    CHECK_OK(dockline_context_open("tcp://engine.invalid:2375", options, &context, &error));
    dockline_value *response = NULL;
    CHECK_STATUS(DOCKLINE_CONNECT, dockline_system_ping(context, &response, &error));
    dockline_context_free(context);
    dockline_value_free(options);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    host = argv[1];
    list();
    open_contexts();
    cli_defaults("{}");
    cli_defaults("{\"cli_defaults\": false}");
    invalid_options();
    connect_by_proxy(argv[2]);
    return 0;
}
