/* TLS: options as paths and as PEM text, and the errors of invalid ones. The arguments are the host of an
   engine that requires a client certificate, and a directory with ca.pem, cert.pem, key.pem, and with
   other.pem, a key that does not belong to a certificate. */
#include "check.h"

static const char *host;
static const char *dir;

/* Sets an option to the path of a file. */
static void set_path(dockline_value *options, const char *pointer, const char *name)
{
    char path[1000];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    CHECK_OK(dockline_value_set_string(options, pointer, path, &error));
}

/* Sets an option to the contents of a file. */
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

static dockline_value *tls_options(void (*set)(dockline_value *, const char *, const char *))
{
    dockline_value *options = parse("{\"tls\":{}}");
    set(options, "/tls/ca", "ca.pem");
    set(options, "/tls/cert", "cert.pem");
    set(options, "/tls/key", "key.pem");
    return options;
}

/* Opens a context with these options and pings the engine. Frees the options. */
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

/* Requires that a ping with these options fails for this reason, with this text in the message. */
static void check_failure(int failure, const char *text, dockline_value *options)
{
    dockline_error *error = NULL;
    CHECK(ping(options, &error) == DOCKLINE_TLS);
    CHECK(dockline_error_code(error) == DOCKLINE_TLS);
    if (dockline_error_tls_failure(error) != failure ||
        strstr(dockline_error_message(error), text) == NULL) {
        fprintf(stderr, "%d: %s\n", dockline_error_tls_failure(error), dockline_error_message(error));
        exit(1);
    }
    dockline_error_free(error);
}

static void valid_options(void)
{
    CHECK_OK(ping(tls_options(set_path), &error));
    CHECK_OK(ping(tls_options(set_text), &error));
    dockline_value *unverified = tls_options(set_text);
    CHECK_OK(dockline_value_remove(unverified, "/tls/ca", &error));
    CHECK_OK(dockline_value_set_bool(unverified, "/tls/skip_verify", true, &error));
    CHECK_OK(ping(unverified, &error));
}

static void failures(void)
{
    dockline_value *options = tls_options(set_path);
    CHECK_OK(dockline_value_remove(options, "/tls/ca", &error));
    check_failure(DOCKLINE_TLS_FAILURE_UNTRUSTED_AUTHORITY, "(ca)", options);

    options = tls_options(set_path);
    CHECK_OK(dockline_value_remove(options, "/tls/cert", &error));
    CHECK_OK(dockline_value_remove(options, "/tls/key", &error));
    check_failure(DOCKLINE_TLS_FAILURE_CLIENT_CERTIFICATE_MISSING, "(cert and key)", options);

    options = tls_options(set_path);
    set_text(options, "/tls/key", "other.pem");
    check_failure(DOCKLINE_TLS_FAILURE_KEY_MISMATCH, "does not belong", options);
}

static void invalid_options(void)
{
    dockline_value *options = tls_options(set_path);
    CHECK_OK(dockline_value_remove(options, "/tls/key", &error));
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT, "cert is given without its private key (key)",
                ping(options, &error));
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT,
                "options: unknown field \"tls.chain\", expected one of ca, cert, key, skip_verify",
                ping(parse("{\"tls\":{\"chain\":\"a\"}}"), &error));
    options = tls_options(set_path);
    set_path(options, "/tls/key", "no.pem");
    CHECK_STATUS(DOCKLINE_IO, ping(options, &error));

    /* A derived context shares the connections, so it cannot have other TLS options. */
    dockline_context *context = NULL, *derived = NULL;
    options = tls_options(set_path);
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
    valid_options();
    failures();
    invalid_options();
    return 0;
}
