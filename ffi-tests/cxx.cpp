/* A C++ program with the header and callbacks of the library. The argument is the engine's host. */
#include <memory>
#include <string>
#include <vector>

#include "check.h"

namespace {

struct Deleter {
    void operator()(dockline_context *it) const { dockline_context_free(it); }
    void operator()(dockline_value *it) const { dockline_value_free(it); }
    void operator()(dockline_error *it) const { dockline_error_free(it); }
    void operator()(dockline_stream *it) const { dockline_stream_free(it); }
};

template <typename T> using Owned = std::unique_ptr<T, Deleter>;

Owned<dockline_context> open(const char *host)
{
    dockline_context *context = nullptr;
    CHECK(dockline_context_open(host, nullptr, &context, nullptr) == DOCKLINE_OK);
    return Owned<dockline_context>(context);
}

void values()
{
    Owned<dockline_value> value(dockline_value_new());
    const std::string text("with\0NUL", 8);
    CHECK(dockline_value_set_stringn(value.get(), "/a/-", text.data(), text.size(), nullptr) ==
          DOCKLINE_OK);
    const dockline_value *part = dockline_value_get(value.get(), "/a/0");
    CHECK(dockline_value_type(part) == DOCKLINE_TYPE_STRING);
    CHECK(std::string(dockline_value_string(part, ""), dockline_value_string_length(part)) == text);
    CHECK_FAILS(DOCKLINE_INVALID_ARGUMENT, "value is NULL",
                dockline_value_set_bool(nullptr, "/b", true, &error));
}

void calls(const char *host)
{
    std::vector<std::string> results;
    {
        Owned<dockline_context> context = open(host);
        auto record = [](void *user_data, const dockline_result *result) {
            static_cast<std::vector<std::string> *>(user_data)->push_back(
                dockline_result_operation(result));
        };
        CHECK(dockline_context_on_result(context.get(), record, &results, nullptr, nullptr) ==
              DOCKLINE_OK);

        dockline_value *list = nullptr;
        CHECK(dockline_container_list(context.get(), nullptr, &list, nullptr) == DOCKLINE_OK);
        Owned<dockline_value> containers(list);
        CHECK(dockline_value_size(containers.get()) == 2);

        dockline_error *error = nullptr;
        dockline_value *none = nullptr;
        CHECK(dockline_container_inspect(context.get(), "nix", nullptr, &none, &error) ==
              DOCKLINE_NOT_FOUND);
        Owned<dockline_error> owned_error(error);
        CHECK_STRING(dockline_error_message(owned_error.get()), "No such container: nix (status 404)");

        dockline_stream *stream = nullptr;
        CHECK(dockline_system_events(context.get(), nullptr, &stream, nullptr) == DOCKLINE_OK);
        Owned<dockline_stream> events(stream);
        std::string actions;
        auto add = [](void *user_data, const dockline_value *event) {
            *static_cast<std::string *>(user_data) +=
                dockline_value_string(dockline_value_get(event, "/Action"), "");
            return 0;
        };
        CHECK(dockline_stream_each(events.get(), add, &actions, nullptr) == DOCKLINE_OK);
        CHECK(actions == "startdie");
    }
    const std::vector<std::string> expected{"SystemPing", "ContainerList", "ContainerInspect",
                                            "SystemEvents"};
    CHECK(results == expected);
}

} // namespace

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    CHECK(dockline_version_number() == DOCKLINE_VERSION_NUMBER);
    values();
    calls(argv[1]);
    return 0;
}
