// SPDX-License-Identifier: AGPL-3.0-or-later
//
// cmocka from C++, through this one header.
//
// cmocka 1.1.5 fails by longjmp, which skips destructors, and has no C++ linkage guards. So a CHECK throws,
// the stack unwinds, and only then, with no C++ object alive, the case is failed. A file x_test.cc ends with
//
//     GROUP(x, CASE(first_case_says_what_holds), CASE(second_case))
//
// and is found by its name. `unit_NAME --list` prints the cases; `unit_NAME PATTERN` runs those that match (*
// and ?), `unit_NAME x.PATTERN` those of group x.
#pragma once

#include <cstddef>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace test {

struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Case {
    const char* name;
    void (*body)();
};

struct Group {
    const char* name;
    std::vector<Case> cases;
};

// Made by the build from the names of the files; ends with a null pointer.
extern const Group* const kGroups[];

[[noreturn]] void fail_at(const char* file, int line, const std::string& what);

template <class T>
std::string show(const T& value) {
    if constexpr (std::is_enum_v<T>) {
        return std::to_string(static_cast<long long>(value));
    } else if constexpr (requires(std::ostream & out) { out << value; }) {
        std::ostringstream out;
        out << value;
        return out.str();
    } else {
        return "(value)";
    }
}

// base::Error has its text, base::DecodeError makes it.
template <class E>
std::string error_text(const E& error) {
    if constexpr (requires { error.text(); }) {
        return error.text();
    } else {
        return error.text;
    }
}

template <class A, class B>
void check_equal(const A& actual, const B& expected, const char* text, const char* file, int line) {
    if (actual == expected) return;
    fail_at(file, line, std::string(text) + ": got " + show(actual) + ", expected " + show(expected));
}

}  // namespace test

// NOLINTBEGIN(cppcoreguidelines-macro-usage): these need the text and the place of what they check.
#define CHECK(expr)                                                             \
    do {                                                                        \
        if (!static_cast<bool>(expr)) test::fail_at(__FILE__, __LINE__, #expr); \
    } while (false)
#define CHECK_EQ(actual, expected) \
    test::check_equal((actual), (expected), #actual " == " #expected, __FILE__, __LINE__)
// The Result's value, or a failed case with the error's text.
#define CHECK_OK(result)                                                                                     \
    do {                                                                                                     \
        if (!(result)) test::fail_at(__FILE__, __LINE__, #result ": " + test::error_text((result).error())); \
    } while (false)
#define CASE(fn) \
    test::Case { #fn, fn }
#define GROUP(name, ...)                        \
    extern "C" {                                \
    extern const test::Group test_group_##name; \
    }                                           \
    const test::Group test_group_##name{#name, {__VA_ARGS__}};
// NOLINTEND
