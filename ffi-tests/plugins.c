/* Operations on registries and plugins. The argument is the engine's host. */
#include "check.h"

static dockline_context *context;

static void distribution(void)
{
    dockline_value *value = NULL;
    WITH("{\"X-Registry-Auth\":{\"username\":\"ada\",\"password\":\"w\\u00fc?>\"}}",
         CHECK_OK(dockline_distribution_inspect(context, "r:5000/a:1", it, &value, &error)));
    CHECK_TEXT(text_at(value, "/Descriptor/digest"), "sha256:00");
    CHECK_TEXT(text_at(value, "/Platforms/0/os.version"), "1.0");
    dockline_value_free(value);
    value = NULL;
    CHECK_STATUS(DOCKLINE_UNAUTHORIZED,
                 dockline_distribution_inspect(context, "a", NULL, &value, &error));
    WITH("{\"auth\":{}}",
         CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT,
                     "options: unknown field \"auth\", expected X-Registry-Auth",
                     dockline_distribution_inspect(context, "a", it, &value, &error)));
    CHECK(value == NULL);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    distribution();
    dockline_context_free(context);
    return 0;
}
