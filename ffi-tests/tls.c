/* An engine by TLS: settings as paths and as text, and what is said when they are not right. The
   arguments are the engine's host, which wants a certificate of its authority, and a dir with
   ca.pem, cert.pem and key.pem, and with other.pem, a key that belongs to none of them. */
#include "check.h"

static const char *host;
static const char *dir;

/* Sets a setting to the path of a file. */
static void set_path(dockline_value *options, const char *pointer, const char *name)
{
    char path[1000];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    CHECK_OK(dockline_value_set_string(options, pointer, path, &error));
}

/* Sets a setting to what stands in a file. */
static void set_text(dockline_value *options, const char *pointer, const char *name)
{
    char path[1000], text[5000];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "r");
    CHECK(file != NULL);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    CHECK_OK(dockline_value_set_string(options, pointer, text, &error));
}

static dockline_value *settings(void (*set)(dockline_value *, const char *, const char *))
{
    dockline_value *options = parse("{\"tls\":{}}");
    set(options, "/tls/ca", "ca.pem");
    set(options, "/tls/cert", "cert.pem");
    set(options, "/tls/key", "key.pem");
    return options;
}

/* Opens the engine with these options, and pings it. Frees the options. */
static int ping(dockline_value *options, dockline_error **error)
{
    dockline_context *context = NULL;
    dockline_value *response = NULL;
    int status = dockline_context_open(host, options, &context, error);
    if (status == DOCKLINE_OK) {
        CHECK(strncmp(dockline_context_endpoint(context), "https://127.0.0.1:", 18) == 0);
        status = dockline_system_ping(context, &response, error);
    }
    dockline_value_free(response);
    dockline_context_free(context);
    dockline_value_free(options);
    return status;
}

static void check_failure(int failure, const char *said, dockline_value *options)
{
    dockline_error *error = NULL;
    CHECK(ping(options, &error) == DOCKLINE_TLS);
    CHECK(dockline_error_code(error) == DOCKLINE_TLS);
    if (dockline_error_tls_failure(error) != failure ||
        strstr(dockline_error_message(error), said) == NULL) {
        fprintf(stderr, "%d: %s\n", dockline_error_tls_failure(error), dockline_error_message(error));
        exit(1);
    }
    dockline_error_free(error);
}

static void good_ones(void)
{
    CHECK_OK(ping(settings(set_path), &error));
    CHECK_OK(ping(settings(set_text), &error));
    dockline_value *careless = settings(set_text);
    CHECK_OK(dockline_value_remove(careless, "/tls/ca", &error));
    CHECK_OK(dockline_value_set_bool(careless, "/tls/skip_verify", true, &error));
    CHECK_OK(ping(careless, &error));
}

static void told_apart(void)
{
    dockline_value *options = settings(set_path);
    CHECK_OK(dockline_value_remove(options, "/tls/ca", &error));
    check_failure(DOCKLINE_TLS_FAILURE_UNTRUSTED_AUTHORITY, "(ca)", options);

    options = settings(set_path);
    CHECK_OK(dockline_value_remove(options, "/tls/cert", &error));
    CHECK_OK(dockline_value_remove(options, "/tls/key", &error));
    check_failure(DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_MISSING, "(cert and key)", options);

    options = settings(set_path);
    set_text(options, "/tls/key", "other.pem");
    check_failure(DOCKLINE_TLS_FAILURE_KEY_MISMATCH, "does not belong", options);
}

static void bad_input(void)
{
    dockline_value *options = settings(set_path);
    CHECK_OK(dockline_value_remove(options, "/tls/key", &error));
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT, "cert is given without its private key (key)",
                ping(options, &error));
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT,
                "options: unknown field \"tls.chain\", expected one of ca, cert, key, skip_verify",
                ping(parse("{\"tls\":{\"chain\":\"a\"}}"), &error));
    options = settings(set_path);
    set_path(options, "/tls/key", "no.pem");
    CHECK_STATUS(DOCKLINE_IO, ping(options, &error));

    /* Connections are shared, and so is what they are made with. */
    dockline_context *context = NULL, *derived = NULL;
    options = settings(set_path);
    CHECK_OK(dockline_context_open(host, options, &context, &error));
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT,
                "options: \"tls\" cannot be changed: set it with dockline_context_open()",
                dockline_context_derive(context, options, NULL, &derived, &error));
    CHECK(derived == NULL);
    dockline_value_free(options);
    dockline_context_free(context);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    host = argv[1];
    dir = argv[2];
    good_ones();
    told_apart();
    bad_input();
    return 0;
}
