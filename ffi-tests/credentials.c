/* Credentials for registries: sent by default, found, stored by login, set by the program. The arguments
   are the engine's host and the user's config file, which has credentials for r:5000, and for h:5000 a
   helper that is missing. */
#include "check.h"

#define PULL(image) "{\"fromImage\":\"" image "\"}"

/* The note of the last result. The scripted engine checks which credentials are sent. */
static char last_note[200];

static void record_note(void *unused, const dockline_result *result)
{
    (void)unused;
    size_t notes = dockline_result_note_count(result);
    CHECK(notes <= 1);
    CHECK(dockline_result_note(result, notes) == NULL);
    snprintf(last_note, sizeof last_note, "%s", notes ? dockline_result_note(result, 0) : "");
}

static void pull(dockline_context *context, const char *options)
{
    dockline_stream *progress = NULL;
    const dockline_value *message = NULL;
    WITH(options, CHECK_OK(dockline_image_create(context, it, NULL, &progress, &error)));
    CHECK_OK(dockline_stream_next(progress, &message, &error));
    CHECK_STATUS(DOCKLINE_END, dockline_stream_next(progress, &message, &error));
    dockline_stream_free(progress);
}

static void send_credentials(dockline_context *context)
{
    dockline_context *derived = NULL;
    pull(context, PULL("r:5000/app"));
    CHECK_STRING(last_note, "");
    pull(context, PULL("h:5000/app"));
    CHECK_STRING(last_note, "credentials for h:5000: docker-credential-missing is not in PATH");
    /* An empty object makes the call anonymous. */
    pull(context, "{\"fromImage\":\"r:5000/app\",\"X-Registry-Auth\":{}}");

    WITH("{\"credentials\":\"none\"}",
         CHECK_OK(dockline_context_derive(context, it, NULL, &derived, &error)));
    pull(derived, PULL("r:5000/app"));
    dockline_context_free(derived);
    WITH("{\"credentials\":{\"docker.io\":{\"registrytoken\":\"own\"}}}",
         CHECK_OK(dockline_context_derive(context, it, NULL, &derived, &error)));
    pull(derived, PULL("busybox"));
    dockline_context_free(derived);
    WITH("{\"credentials\":\"all\"}",
         CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT,
                     "options: \"credentials\" must be \"user\", \"none\" or an object of credentials"
                     " by registry, not \"all\"",
                     dockline_context_derive(context, it, NULL, &derived, &error)));
    WITH("{\"credentials\":{\"r\":{\"pasword\":\"\"}}}",
         CHECK_STATUS(DOCKLINE_INVALID_ARGUMENT,
                      dockline_context_derive(context, it, NULL, &derived, &error)));
}

static void stored_credentials(dockline_context *context, const char *file)
{
    dockline_value *value = NULL;
    CHECK_OK(dockline_credentials_find(context, "r:5000/app", &value, &error));
    CHECK_STRING(string_at(value, "/Registry"), "r:5000");
    CHECK_STRING(string_at(value, "/Auth/username"), "ann");
    CHECK_STRING(string_at(value, "/Auth/password"), "secret");
    CHECK(dockline_value_size(dockline_value_get(value, "/Notes")) == 0);
    dockline_value_free(value);
    CHECK_OK(dockline_credentials_find(context, "h:5000/app", &value, &error));
    CHECK(dockline_value_type(dockline_value_get(value, "/Auth")) == DOCKLINE_TYPE_NULL);
    CHECK_STRING(string_at(value, "/Notes/0"),
               "credentials for h:5000: docker-credential-missing is not in PATH");
    dockline_value_free(value);

    WITH("{\"username\":\"ann\",\"password\":\"secret\",\"serveraddress\":\"docker.io\"}",
         CHECK_OK(dockline_credentials_login(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/Status"), "Login Succeeded");
    CHECK_STRING(string_at(value, "/Store"), file);
    dockline_value_free(value);
    value = NULL;
    WITH("{\"username\":\"ann\",\"password\":\"wrong\"}",
         CHECK_STATUS(DOCKLINE_UNAUTHORIZED,
                      dockline_credentials_login(context, it, &value, &error)));
    WITH("{\"username\":\"ann\",\"serveraddress\":\"h:5000\"}",
         CHECK_STATUS(DOCKLINE_IO, dockline_credentials_login(context, it, &value, &error)));
    CHECK(value == NULL);
    CHECK_OK(dockline_credentials_logout(context, NULL, &error));
    CHECK_STATUS(DOCKLINE_NOT_MODIFIED, dockline_credentials_logout(context, "docker.io", &error));
    CHECK_STATUS(DOCKLINE_IO, dockline_credentials_logout(context, "h:5000", &error));
}

static void null_arguments(dockline_context *context)
{
    dockline_value *value = NULL;
    dockline_value *auth = dockline_value_new();
    const int INVALID = DOCKLINE_INVALID_ARGUMENT;
    CHECK_FAILS(INVALID, "context is NULL", dockline_credentials_find(NULL, "a", &value, &error));
    CHECK_FAILS(INVALID, "image is NULL", dockline_credentials_find(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "found is NULL", dockline_credentials_find(context, "a", NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL",
                dockline_credentials_login(NULL, auth, &value, &error));
    CHECK_FAILS(INVALID, "credentials is NULL",
                dockline_credentials_login(context, NULL, &value, &error));
    CHECK_FAILS(INVALID, "login is NULL",
                dockline_credentials_login(context, auth, NULL, &error));
    CHECK_FAILS(INVALID, "context is NULL", dockline_credentials_logout(NULL, "a", &error));
    CHECK(dockline_credentials_logout(NULL, NULL, NULL) == INVALID);
    CHECK(dockline_credentials_login(context, NULL, &value, NULL) == INVALID);
    CHECK(dockline_credentials_find(context, NULL, &value, NULL) == INVALID);
    CHECK(dockline_result_note_count(NULL) == 0);
    CHECK(dockline_result_note(NULL, 0) == NULL);
    CHECK(value == NULL);
    dockline_value_free(auth);
}

int main(int argc, char **argv)
{
    dockline_context *context = NULL;
    CHECK(argc == 3);
    WITH("{\"api_version\":\"1.41\",\"credentials\":\"user\",\"helper_timeout\":600}",
         CHECK_OK(dockline_context_open(argv[1], it, &context, &error)));
    CHECK_OK(dockline_context_on_result(context, record_note, NULL, NULL, &error));
    send_credentials(context);
    stored_credentials(context, argv[2]);
    null_arguments(context);
    dockline_context_free(context);
    return 0;
}
