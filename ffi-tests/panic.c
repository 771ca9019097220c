/* A panic in the library is returned as an error, and the program continues. */
#include "check.h"

/* Exported only by the library that is built for this test. */
int dockline_test_panic(dockline_error **error);

int main(void)
{
    for (int i = 0; i < 3; i++) {
        dockline_error *error = NULL;
        CHECK(dockline_test_panic(&error) == DOCKLINE_PANIC);
        CHECK(dockline_error_code(error) == DOCKLINE_PANIC);
        CHECK_STRING(dockline_error_message(error), "a bug in dockline: as requested");
        CHECK_STRING(dockline_error_operation(error), "dockline_test_panic");
        CHECK(dockline_error_http_status(error) == 0);
        CHECK(dockline_error_errno(error) == 0);
        dockline_error_free(error);
    }
    CHECK(dockline_test_panic(NULL) == DOCKLINE_PANIC);
    return 0;
}
