/* Operations on networks and volumes, and operations on the system that are not in calls.c. The argument
   is the engine's host. */
#include "check.h"

static dockline_context *context;

static void networks(void)
{
    dockline_value *value = NULL;
    WITH("{\"filters\":{\"driver\":\"bridge\"}}",
         CHECK_OK(dockline_network_list(context, it, &value, &error)));
    CHECK(dockline_value_size(value) == 1);
    dockline_value_free(value);
    WITH("{\"verbose\":true,\"scope\":\"local\"}",
         CHECK_OK(dockline_network_inspect(context, "back", it, &value, &error)));
    CHECK_STRING(string_at(value, "/Containers/c1/Name"), "web");
    dockline_value_free(value);
    WITH("{\"Name\":\"back\",\"Internal\":true,"
         "\"IPAM\":{\"Config\":[{\"Subnet\":\"10.9.0.0/24\"}]}}",
         CHECK_OK(dockline_network_create(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/Id"), "n1");
    dockline_value_free(value);
    value = NULL;
    WITH("{\"Name\":\"back\",\"Intrenal\":true}",
         CHECK_STATUS(DOCKLINE_INVALID_ARGUMENT,
                      dockline_network_create(context, it, &value, &error)));
    CHECK(value == NULL);
    WITH("{\"Container\":\"web\",\"EndpointConfig\":{\"Aliases\":[\"w\"]}}",
         CHECK_OK(dockline_network_connect(context, "n1", it, &error)));
    WITH("{\"Container\":\"web\",\"Force\":true}",
         CHECK_OK(dockline_network_disconnect(context, "n1", it, &error)));
    CHECK_OK(dockline_network_delete(context, "n1", &error));
    WITH("{\"filters\":{\"label\":\"a=b\"}}",
         CHECK_OK(dockline_network_prune(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/NetworksDeleted/0"), "back");
    dockline_value_free(value);
}

/* Changes the spec of a volume, and counts its calls. */
static int drain(void *calls, dockline_value *spec)
{
    ++*(int *)calls;
    CHECK_OK(dockline_value_set_string(spec, "/Availability", "drain", &error));
    return 0;
}

static void volumes(void)
{
    dockline_value *value = NULL;
    WITH("{\"filters\":{\"dangling\":true}}",
         CHECK_OK(dockline_volume_list(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/Warnings/0"), "a driver is silent");
    dockline_value_free(value);
    CHECK_OK(dockline_volume_create(context, NULL, &value, &error));
    CHECK_STRING(string_at(value, "/Name"), "0f");
    dockline_value_free(value);
    WITH("{\"Name\":\"data\",\"Labels\":{\"a\":\"b\"}}",
         CHECK_OK(dockline_volume_create(context, it, &value, &error)));
    dockline_value_free(value);

    /* Unknown fields of a spec are sent back unchanged. */
    CHECK_OK(dockline_volume_inspect(context, "shared", &value, &error));
    const dockline_value *spec = dockline_value_get(value, "/ClusterVolume/Spec");
    dockline_value *body = dockline_value_new();
    CHECK_OK(dockline_value_set_value(body, "/Spec", spec, &error));
    CHECK_OK(dockline_value_set_string(body, "/Spec/Availability", "drain", &error));
    WITH("{\"version\":18446744073709551615}",
         CHECK_OK(dockline_volume_update(context, "shared", it, body, &error)));
    dockline_value_free(body);
    dockline_value_free(value);

    int calls = 0;
    CHECK_OK(dockline_volume_update_with(context, "shared", drain, &calls, &error));
    CHECK(calls == 2);
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT,
                "\"plain\" is not a cluster volume: only cluster volumes can be updated",
                dockline_volume_update_with(context, "plain", drain, &calls, &error));
    CHECK(calls == 2);

    WITH("{\"force\":true}", CHECK_OK(dockline_volume_delete(context, "data", it, &error)));
    WITH("{\"filters\":{\"all\":true}}",
         CHECK_OK(dockline_volume_prune(context, it, &value, &error)));
    CHECK(dockline_value_int(dockline_value_get(value, "/SpaceReclaimed"), 0) == 9);
    dockline_value_free(value);
}

/* Requires these totals for images. */
static void check_totals(const dockline_value *usage, const char *images)
{
    dockline_value *totals = NULL;
    CHECK_OK(dockline_system_data_usage_totals(usage, &totals, &error));
    WITH(images, CHECK(dockline_value_equal(dockline_value_get(totals, "/Images"), it)));
    CHECK(dockline_value_size(totals) == 4);
    dockline_value_free(totals);
}

static void system_calls(void)
{
    dockline_value *value = NULL;
    WITH("{\"username\":\"ada\",\"password\":\"p\",\"serveraddress\":\"r:5000\"}",
         CHECK_OK(dockline_system_auth(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/Status"), "Login Succeeded");
    CHECK_STRING(string_at(value, "/IdentityToken"), "t");
    dockline_value_free(value);
    /* Success without content. */
    WITH("{\"identitytoken\":\"t\"}",
         CHECK_OK(dockline_system_auth(context, it, &value, &error)));
    CHECK_STRING(string_at(value, "/IdentityToken"), "");
    dockline_value_free(value);
    WITH("{\"type\":[\"image\",\"build-cache\"],\"verbose\":true}",
         CHECK_OK(dockline_system_data_usage(context, it, &value, &error)));
    CHECK(dockline_value_int(dockline_value_get(value, "/ImageUsage/TotalSize"), 0) == 7);
    check_totals(value, "{\"ActiveCount\":0,\"TotalCount\":3,\"Reclaimable\":0,\"TotalSize\":7}");
    dockline_value_free(value);
    /* The format before API 1.52. */
    WITH("{\"LayersSize\":7,\"Images\":[{\"Containers\":1,\"Size\":5,\"SharedSize\":1},{}]}",
         check_totals(it, "{\"ActiveCount\":1,\"TotalCount\":2,\"Reclaimable\":3,\"TotalSize\":7}"));
    WITH("{\"LayersSize\":\"many\"}",
         check_totals(it, "{\"ActiveCount\":0,\"TotalCount\":0,\"Reclaimable\":0,\"TotalSize\":0}"));
    WITH("[\"LayersSize\"]",
         CHECK_STATUS(DOCKLINE_INVALID_ARGUMENT,
                      dockline_system_data_usage_totals(it, &value, &error)));
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK_OK(dockline_context_open(argv[1], NULL, &context, &error));
    networks();
    volumes();
    system_calls();
    dockline_context_free(context);
    return 0;
}
