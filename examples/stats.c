/* Prints CPU, memory and process count of a container once a second, until it exits.

       cc stats.c -o stats $(pkg-config --cflags --libs dockline)
       ./stats CONTAINER */
#include <dockline.h>

#include <stdio.h>
#include <string.h>

/* After the exit of a container, engines send empty samples, whose time is in the year 1. */
static bool has_exited(const dockline_value *sample)
{
    const char *read = dockline_value_string(dockline_value_get(sample, "/read"), "");
    return strncmp(read, "0001-", 5) == 0;
}

static int print_sample(void *user_data, const dockline_value *sample)
{
    const double mib = 1024.0 * 1024.0;
    const dockline_value *limit = dockline_value_get(sample, "/memory_stats/limit");
    const dockline_value *pids = dockline_value_get(sample, "/pids_stats/current");
    (void)user_data;
    if (has_exited(sample)) {
        return 1; /* stops the stream */
    }
    printf("CPU %6.2f %%   memory %8.1f of %.0f MiB   %llu processes\n",
           dockline_stats_cpu_percent(sample, 0.0),
           (double)dockline_stats_memory_used(sample, 0) / mib,
           (double)dockline_value_uint(limit, 0) / mib,
           (unsigned long long)dockline_value_uint(pids, 0));
    return fflush(stdout);
}

int main(int argc, char **argv)
{
    dockline_context *context = NULL;
    dockline_stream *samples = NULL;
    dockline_error *error = NULL;

    if (argc != 2) {
        fprintf(stderr, "usage: stats CONTAINER\n");
        return 2;
    }
    if (dockline_context_from_env(&context, &error) == DOCKLINE_OK &&
        dockline_container_stats(context, argv[1], &samples, &error) == DOCKLINE_OK) {
        dockline_stream_each(samples, print_sample, NULL, &error);
    }
    if (error != NULL) {
        fprintf(stderr, "stats: %s\n", dockline_error_message(error));
    }
    int status = error != NULL;
    dockline_error_free(error);
    dockline_stream_free(samples);
    dockline_context_free(context);
    return status;
}
