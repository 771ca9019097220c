/* Lists containers, as `docker ps --all` does.

       cc ps.c $(pkg-config --cflags --libs dockline) -o ps && ./ps */
#include <dockline.h>
#include <stdio.h>

/* Returns the string at a JSON pointer, or "" if there is none. */
static const char *string(const dockline_value *value, const char *pointer)
{
    return dockline_value_string(dockline_value_get(value, pointer), "");
}

int main(void)
{
    dockline_context *docker = NULL;
    dockline_value *options = dockline_value_new();
    dockline_value *list = NULL;
    dockline_error *error = NULL;
    int result = 1;

    if (dockline_context_from_env(&docker, &error) < 0) goto done;
    if (dockline_value_set_bool(options, "/all", true, &error) < 0) goto done;
    if (dockline_container_list(docker, options, &list, &error) < 0) goto done;
    for (size_t i = 0; i < dockline_value_size(list); i++) {
        const dockline_value *container = dockline_value_at(list, i);
        const char *name = dockline_container_name(container);
        printf("%.12s  %s  %s  %s\n", string(container, "/Id"), string(container, "/Image"),
               string(container, "/Status"), name != NULL ? name : "");
    }
    result = 0;

done:
    if (error != NULL) fprintf(stderr, "ps: %s\n", dockline_error_message(error));
    dockline_error_free(error);
    dockline_value_free(list);
    dockline_value_free(options);
    dockline_context_free(docker);
    return result;
}
