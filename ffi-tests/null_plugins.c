/* NULL for every pointer argument of operations on registries and plugins: an error that names
   it. */
#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

/* Nobody listens there: a call that gets past its arguments fails otherwise. */
#define NOWHERE "unix:///nowhere/engine.sock"

static dockline_context *context;

static void distribution_calls(void)
{
    dockline_value *value = NULL;

    CHECK_FAILS(INVALID, "context is NULL",
                dockline_distribution_inspect(NULL, "a", NULL, &value, &error));
    CHECK_FAILS(INVALID, "name is NULL",
                dockline_distribution_inspect(context, NULL, NULL, &value, &error));
    CHECK_FAILS(INVALID, "found is NULL",
                dockline_distribution_inspect(context, "a", NULL, NULL, &error));

    CHECK(dockline_distribution_inspect(context, "a", NULL, &value, NULL) == DOCKLINE_CONNECT);
    CHECK(value == NULL);
}

int main(void)
{
    CHECK(dockline_context_open(NOWHERE, NULL, &context, NULL) == DOCKLINE_OK);
    distribution_calls();
    dockline_context_free(context);
    return 0;
}
