/* All functions of dockline_value. */
#include <math.h>
#include <stdint.h>

#include "check.h"

#define INVALID DOCKLINE_INVALID_ARGUMENT

/* Requires that the value is printed as this JSON. */
static void check_print(const dockline_value *value, const char *expected)
{
    char *text = NULL;
    size_t length = 0;
    CHECK(dockline_value_print(value, false, &text, &length, NULL) == DOCKLINE_OK);
    CHECK_STRING(text, expected);
    CHECK(length == strlen(expected));
    dockline_string_free(text);
}

static void versions(void)
{
    CHECK_STRING(dockline_version(), DOCKLINE_VERSION);
    CHECK(dockline_version_number() == DOCKLINE_VERSION_NUMBER);
    CHECK(dockline_version_number() / 1000000 == DOCKLINE_VERSION_MAJOR);
    CHECK(dockline_version_number() / 1000 % 1000 == DOCKLINE_VERSION_MINOR);
    CHECK(dockline_version_number() % 1000 == DOCKLINE_VERSION_PATCH);
}

static void parse_and_print(void)
{
    const char *json = "{\"z\":[1,-2,1.5,\"\\u0000\",true,null],\"a\":{},\"z\":\"twice\"}";
    dockline_value *value = parse(json);
    check_print(value, json);
    dockline_value_free(value);

    value = parse("{\"a\":[1]}");
    char *text = NULL;
    CHECK(dockline_value_print(value, true, &text, NULL, NULL) == DOCKLINE_OK);
    CHECK_STRING(text, "{\n  \"a\": [\n    1\n  ]\n}");
    dockline_string_free(text);
    dockline_value_free(value);

    /* The JSON need not be terminated by NUL. */
    CHECK(dockline_value_parse("[1]garbage", 3, &value, NULL) == DOCKLINE_OK);
    check_print(value, "[1]");
    dockline_value_free(value);

    dockline_value *untouched = NULL;
    CHECK_FAILS(INVALID, "not JSON: expected value at line 2 column 2",
                dockline_value_parse("[\n x]", 5, &untouched, &error));
    CHECK_FAILS(INVALID, "not JSON: EOF while parsing a value at line 1 column 0",
                dockline_value_parse(NULL, 0, &untouched, &error));
    CHECK_FAILS(INVALID, "not JSON: not UTF-8 after 1 bytes",
                dockline_value_parse("\"\xff\"", 3, &untouched, &error));
    char deep[300];
    memset(deep, '[', sizeof deep);
    CHECK_FAILS(INVALID, "not JSON: nested deeper than 100 levels at line 1 column 101",
                dockline_value_parse(deep, sizeof deep, &untouched, &error));
    CHECK(untouched == NULL);

    dockline_error *error = NULL;
    CHECK(dockline_value_parse("", 0, &untouched, &error) == INVALID);
    CHECK_STRING(dockline_error_operation(error), "dockline_value_parse");
    dockline_error_free(error);
}

static void getters(void)
{
    dockline_value *value =
        parse("{\"int\":-9223372036854775808,\"uint\":18446744073709551615,\"double\":0.5,"
              "\"text\":\"a\\u0000b\",\"true\":true,\"null\":null,\"list\":[1,2],\"a/b\":{\"~\":1},"
              "\"\\u0000k\":7}");
    const dockline_value *at;

    at = dockline_value_get(value, "/int");
    CHECK(dockline_value_type(at) == DOCKLINE_TYPE_INTEGER);
    CHECK(dockline_value_int(at, 1) == INT64_MIN);
    CHECK(dockline_value_uint(at, 1) == 1);
    CHECK(dockline_value_double(at, 1) == -9223372036854775808.0);
    at = dockline_value_get(value, "/uint");
    CHECK(dockline_value_type(at) == DOCKLINE_TYPE_INTEGER);
    CHECK(dockline_value_uint(at, 1) == UINT64_MAX);
    CHECK(dockline_value_int(at, -1) == -1);
    at = dockline_value_get(value, "/double");
    CHECK(dockline_value_type(at) == DOCKLINE_TYPE_DOUBLE);
    CHECK(dockline_value_double(at, 1) == 0.5);
    CHECK(dockline_value_int(at, 3) == 3);
    at = dockline_value_get(value, "/true");
    CHECK(dockline_value_type(at) == DOCKLINE_TYPE_BOOL);
    CHECK(dockline_value_bool(at, false) == true);
    CHECK(dockline_value_string(at, NULL) == NULL);
    at = dockline_value_get(value, "/null");
    CHECK(dockline_value_type(at) == DOCKLINE_TYPE_NULL);
    CHECK(dockline_value_bool(at, true) == true);
    CHECK_STRING(dockline_value_string(at, "-"), "-");

    /* The length of a string includes NUL bytes. */
    at = dockline_value_get(value, "/text");
    CHECK(dockline_value_type(at) == DOCKLINE_TYPE_STRING);
    CHECK(dockline_value_string_length(at) == 3);
    CHECK(memcmp(dockline_value_string(at, NULL), "a\0b", 4) == 0);
    CHECK(dockline_value_string_length(dockline_value_get(value, "/int")) == 0);

    at = dockline_value_get(value, "/list");
    CHECK(dockline_value_type(at) == DOCKLINE_TYPE_ARRAY);
    CHECK(dockline_value_size(at) == 2);
    CHECK(dockline_value_int(dockline_value_at(at, 1), 0) == 2);
    CHECK(dockline_value_at(at, 2) == NULL);
    CHECK(dockline_value_key(at, 0) == NULL);
    CHECK(dockline_value_get(value, "/list/1") == dockline_value_at(at, 1));

    CHECK(dockline_value_get(value, "") == value);
    CHECK(dockline_value_type(value) == DOCKLINE_TYPE_OBJECT);
    CHECK(dockline_value_size(value) == 9);
    CHECK_STRING(dockline_value_key(value, 0), "int");
    CHECK(dockline_value_at(value, 0) == dockline_value_get(value, "/int"));
    CHECK(dockline_value_key_length(value, 0) == 3);
    CHECK(dockline_value_key_length(value, 8) == 2);
    CHECK(memcmp(dockline_value_key(value, 8), "\0k", 3) == 0);
    CHECK(dockline_value_key(value, 9) == NULL);
    CHECK(dockline_value_key_length(value, 9) == 0);
    CHECK(dockline_value_at(value, SIZE_MAX) == NULL);
    CHECK(dockline_value_int(dockline_value_get(value, "/a~1b/~0"), 0) == 1);

    CHECK(dockline_value_get(value, "int") == NULL);
    CHECK(dockline_value_get(value, "/nothing/there") == NULL);
    CHECK(dockline_value_get(value, "/\xff") == NULL);
    dockline_value_free(value);
}

static void require(void)
{
    dockline_value *value = parse("{\"Id\":\"x\",\"State\":{\"Health\":{}},\"Ports\":[1]}");
    const dockline_value *part = NULL;
    CHECK(dockline_value_require(value, "/Id", DOCKLINE_TYPE_STRING, &part, NULL) == DOCKLINE_OK);
    CHECK_STRING(dockline_value_string(part, NULL), "x");
    CHECK(dockline_value_require(value, "/Ports/0", DOCKLINE_TYPE_DOUBLE, &part, NULL) == 0);
    CHECK(dockline_value_double(part, 0) == 1);

    part = NULL;
    CHECK_FAILS(DOCKLINE_DECODE,
                "no \"/State/Health/Status\": \"/State/Health\" has no member \"Status\"",
                dockline_value_require(value, "/State/Health/Status", DOCKLINE_TYPE_STRING, &part,
                                       &error));
    CHECK_FAILS(DOCKLINE_DECODE, "\"/Id\" must be an integer, not a string",
                dockline_value_require(value, "/Id", DOCKLINE_TYPE_INTEGER, &part, &error));
    CHECK_FAILS(DOCKLINE_DECODE, "no \"/Ports/1\": \"/Ports\" has 1 item, no item 1",
                dockline_value_require(value, "/Ports/1", DOCKLINE_TYPE_INTEGER, &part, &error));
    CHECK_FAILS(INVALID, "cannot use \"Id\": a JSON Pointer must be empty or begin with \"/\"",
                dockline_value_require(value, "Id", DOCKLINE_TYPE_STRING, &part, &error));
    CHECK_FAILS(INVALID, "expected is 99, not a type of a value",
                dockline_value_require(value, "/Id", 99, &part, &error));
    CHECK_FAILS(INVALID, "expected is 0, not a type of a value",
                dockline_value_require(value, "/Id", DOCKLINE_TYPE_NONE, &part, &error));
    CHECK(part == NULL);
    dockline_value_free(value);
}

static void set_and_remove(void)
{
    dockline_value *value = dockline_value_new();
    check_print(value, "{}");
    CHECK(dockline_value_set_string(value, "/Image", "busybox", NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_stringn(value, "/Raw", "a\0b", 3, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_stringn(value, "/Empty", NULL, 0, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_int(value, "/HostConfig/Memory", INT64_MIN, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_uint(value, "/HostConfig/Max", UINT64_MAX, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_double(value, "/Ratio", 0.25, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_bool(value, "/Tty", true, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_null(value, "/Nothing", NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_object(value, "/ExposedPorts/80~1tcp", NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_array(value, "/Cmd", NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_string(value, "/Env/-", "A=1", NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_string(value, "/Env/-", "B=2", NULL) == DOCKLINE_OK);
    const char *all = "{\"Image\":\"busybox\",\"Raw\":\"a\\u0000b\",\"Empty\":\"\","
                      "\"HostConfig\":{\"Memory\":-9223372036854775808,"
                      "\"Max\":18446744073709551615},\"Ratio\":0.25,\"Tty\":true,\"Nothing\":null,"
                      "\"ExposedPorts\":{\"80/tcp\":{}},\"Cmd\":[],\"Env\":[\"A=1\",\"B=2\"]}";
    check_print(value, all);

    /* Failures leave the value unchanged. */
    CHECK_FAILS(INVALID, "cannot use \"/Image/x\": \"/Image\" is a string",
                dockline_value_set_int(value, "/Image/x", 1, &error));
    CHECK_FAILS(INVALID, "cannot use \"/Env/7\": \"/Env\" has 2 items, no item 7",
                dockline_value_set_null(value, "/Env/7", &error));
    CHECK_FAILS(INVALID, "cannot use \"Env\": a JSON Pointer must be empty or begin with \"/\"",
                dockline_value_set_bool(value, "Env", true, &error));
    CHECK_FAILS(INVALID, "pointer is not UTF-8 after 1 bytes",
                dockline_value_set_uint(value, "/\xc3", 1, &error));
    CHECK_FAILS(INVALID, "string is not UTF-8 after 2 bytes",
                dockline_value_set_string(value, "/Image", "ab\xff", &error));
    CHECK_FAILS(INVALID, "string is NULL",
                dockline_value_set_stringn(value, "/Image", NULL, 1, &error));
    CHECK_FAILS(INVALID, "number is NaN, which JSON cannot represent",
                dockline_value_set_double(value, "/Ratio", (double)NAN, &error));
    CHECK_FAILS(INVALID, "number is inf, which JSON cannot represent",
                dockline_value_set_double(value, "/Ratio", (double)INFINITY, &error));
    if (SIZE_MAX > UINT32_MAX)
        CHECK_FAILS(INVALID, "string is longer than 4 GiB",
                    dockline_value_set_stringn(value, "/Image", "", UINT32_MAX, &error));
    check_print(value, all);

    /* Parts of the value can be copied into the value itself. */
    CHECK(dockline_value_set_value(value, "/Env", dockline_value_get(value, "/HostConfig"), NULL) == 0);
    CHECK(dockline_value_set_value(value, "/HostConfig/Self", value, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_set_string(value, "/Raw",
                                  dockline_value_string(dockline_value_get(value, "/Image"), NULL),
                                  NULL) == DOCKLINE_OK);
    CHECK_STRING(dockline_value_string(dockline_value_get(value, "/HostConfig/Self/Image"), ""), "busybox");
    CHECK_STRING(dockline_value_string(dockline_value_get(value, "/Raw"), ""), "busybox");

    CHECK(dockline_value_remove(value, "/Image", NULL) == DOCKLINE_OK);
    CHECK(dockline_value_remove(value, "/Image", NULL) == DOCKLINE_NOT_MODIFIED);
    CHECK(dockline_value_get(value, "/Image") == NULL);
    CHECK_FAILS(INVALID, "cannot use \"x\": a JSON Pointer must be empty or begin with \"/\"",
                dockline_value_remove(value, "x", &error));
    CHECK(dockline_value_remove(value, "", NULL) == DOCKLINE_OK);
    check_print(value, "null");
    dockline_value_free(value);

    value = dockline_value_new_array();
    for (int i = 0; i < 1000; i++)
        CHECK(dockline_value_set_int(value, "/-", i, NULL) == DOCKLINE_OK);
    CHECK(dockline_value_remove(value, "/0", NULL) == DOCKLINE_OK);
    CHECK(dockline_value_size(value) == 999);
    CHECK(dockline_value_int(dockline_value_at(value, 998), 0) == 999);
    dockline_value_free(value);
}

static void copies_and_equality(void)
{
    dockline_value *value = parse("{\"a\":[1,{\"b\":\"text\"}],\"c\":null}");
    dockline_value *copy = dockline_value_clone(value);
    dockline_value *part = dockline_value_clone(dockline_value_get(value, "/a/1"));
    dockline_value *reordered = parse("{\"c\":null,\"a\":[1,{\"b\":\"text\"}]}");
    CHECK(dockline_value_equal(value, copy));
    CHECK(dockline_value_equal(value, reordered));
    CHECK(dockline_value_equal(NULL, NULL));
    CHECK(!dockline_value_equal(value, NULL));
    CHECK(dockline_value_set_int(copy, "/a/0", 2, NULL) == DOCKLINE_OK);
    CHECK(!dockline_value_equal(value, copy));
    dockline_value_free(value);
    check_print(copy, "{\"a\":[2,{\"b\":\"text\"}],\"c\":null}");
    check_print(part, "{\"b\":\"text\"}");
    dockline_value_free(copy);
    dockline_value_free(part);
    dockline_value_free(reordered);
}

/* NULL for each pointer of each function. */
static void null_arguments(void)
{
    dockline_value *value = parse("{\"a\":1}");
    dockline_value *parsed = NULL;
    const dockline_value *part = NULL;
    char *text = NULL;

    CHECK_FAILS(INVALID, "json is NULL", dockline_value_parse(NULL, 1, &parsed, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_parse("1", 1, NULL, &error));
    CHECK(dockline_value_parse("x", 1, &parsed, NULL) == INVALID);
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_print(NULL, true, &text, NULL, &error));
    CHECK_FAILS(INVALID, "json is NULL", dockline_value_print(value, true, NULL, NULL, &error));
    CHECK(dockline_value_print(NULL, true, NULL, NULL, NULL) == INVALID);
    CHECK(dockline_value_clone(NULL) == NULL);
    CHECK(dockline_value_type(NULL) == DOCKLINE_TYPE_NONE);
    CHECK(dockline_value_get(NULL, "/a") == NULL);
    CHECK(dockline_value_get(value, NULL) == NULL);
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_require(NULL, "", 1, &part, &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_require(value, NULL, 1, &part, &error));
    CHECK_FAILS(INVALID, "part is NULL", dockline_value_require(value, "", 1, NULL, &error));
    CHECK(dockline_value_require(NULL, NULL, 1, NULL, NULL) == INVALID);
    CHECK(dockline_value_size(NULL) == 0);
    CHECK(dockline_value_at(NULL, 0) == NULL);
    CHECK(dockline_value_key(NULL, 0) == NULL);
    CHECK(dockline_value_key_length(NULL, 0) == 0);
    CHECK_STRING(dockline_value_string(NULL, "fallback"), "fallback");
    CHECK(dockline_value_string(value, NULL) == NULL);
    CHECK(dockline_value_string_length(NULL) == 0);
    CHECK(dockline_value_int(NULL, -5) == -5);
    CHECK(dockline_value_uint(NULL, 5) == 5);
    CHECK(dockline_value_double(NULL, 0.5) == 0.5);
    CHECK(dockline_value_bool(NULL, true) == true);

    CHECK_FAILS(INVALID, "value is NULL", dockline_value_set_string(NULL, "/a", "x", &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_set_string(value, NULL, "x", &error));
    CHECK_FAILS(INVALID, "string is NULL", dockline_value_set_string(value, "/a", NULL, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_set_stringn(NULL, "/a", "x", 1, &error));
    CHECK_FAILS(INVALID, "pointer is NULL",
                dockline_value_set_stringn(value, NULL, "x", 1, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_set_int(NULL, "/a", 1, &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_set_int(value, NULL, 1, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_set_uint(NULL, "/a", 1, &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_set_uint(value, NULL, 1, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_set_double(NULL, "/a", 1, &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_set_double(value, NULL, 1, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_set_bool(NULL, "/a", true, &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_set_bool(value, NULL, true, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_set_null(NULL, "/a", &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_set_null(value, NULL, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_set_object(NULL, "/a", &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_set_object(value, NULL, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_set_array(NULL, "/a", &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_set_array(value, NULL, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_set_value(NULL, "/a", value, &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_set_value(value, NULL, value, &error));
    CHECK_FAILS(INVALID, "other is NULL", dockline_value_set_value(value, "/a", NULL, &error));
    CHECK_FAILS(INVALID, "value is NULL", dockline_value_remove(NULL, "/a", &error));
    CHECK_FAILS(INVALID, "pointer is NULL", dockline_value_remove(value, NULL, &error));
    CHECK(dockline_value_remove(NULL, NULL, NULL) == INVALID);

    dockline_value_free(NULL);
    dockline_string_free(NULL);
    dockline_error_free(NULL);
    CHECK(dockline_error_code(NULL) == DOCKLINE_OK);
    CHECK(dockline_error_http_status(NULL) == 0);
    CHECK(dockline_error_errno(NULL) == 0);
    CHECK(dockline_error_tls_failure(NULL) == DOCKLINE_TLS_FAILURE_NONE);
    CHECK_STRING(dockline_error_operation(NULL), "");
    CHECK_STRING(dockline_error_message(NULL), "");

    CHECK(parsed == NULL && part == NULL && text == NULL);
    check_print(value, "{\"a\":1}");
    dockline_value_free(value);
}

int main(void)
{
    versions();
    parse_and_print();
    getters();
    require();
    set_and_remove();
    copies_and_equality();
    null_arguments();
    return 0;
}
