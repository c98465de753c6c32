// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading the members of a JSON object from outside into our own types, with every mistake collected.
//
//     json::Problems problems;
//     json::Object body(parsed, problems);
//     const auto name = body.string("name", {.max = 64});
//     const auto code = body.integer("serial_number", {.min = 0, .max = 65535});
//     body.no_others();
//     if (!problems.empty()) return http::Response::problem(422, "invalid-body", problems.text());
//
// A member that is missing or wrong adds a problem with its JSON pointer (RFC 6901) and reads as an empty
// value; the caller asks `problems` once, at the end. Asking for a member makes it known to no_others().
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace json {

struct Problem {
    std::string pointer;  // "/content/messages/0/language"; "" is the whole body
    std::string text;     // "must be a string"
};

class Problems {
 public:
    void add(std::string pointer, std::string text);
    bool empty() const { return list_.empty(); }
    const std::vector<Problem>& list() const { return list_; }
    // One sentence each, "; " between: "/content/start is missing; /digest must be a string". The first ten.
    std::string text() const;
    base::Error error() const { return base::invalid(text()); }

 private:
    std::vector<Problem> list_;
};

struct StringRule {
    size_t max = 256;  // code points
    size_t min = 1;
};

struct IntegerRule {
    int64_t min = 0;
    int64_t max = INT64_MAX;
};

struct ArrayRule {
    size_t max = 1000;
    size_t min = 0;
};

class Object {
 public:
    // `value` and `problems` outlive the view. A value that is not an object is a problem at once.
    Object(const nlohmann::json& value, Problems& problems, std::string pointer = "");

    bool has(std::string_view name) const;  // there, and not null

    std::string string(std::string_view name, const StringRule& rule);
    int64_t integer(std::string_view name, const IntegerRule& rule);
    bool boolean(std::string_view name);
    // One of `words`; answers its position (0 when wrong, with a problem added).
    size_t one_of(std::string_view name, const std::vector<std::string_view>& words);
    Object object(std::string_view name);
    // Calls `each` for every item that is an object.
    void objects(std::string_view name, const ArrayRule& rule, const std::function<void(Object&)>& each);
    std::vector<std::string> strings(std::string_view name, const ArrayRule& rule, const StringRule& item);

    // Missing or null is fine and gives nothing.
    std::optional<std::string> optional_string(std::string_view name, const StringRule& rule);
    std::optional<int64_t> optional_integer(std::string_view name, const IntegerRule& rule);
    std::optional<bool> optional_boolean(std::string_view name);
    std::optional<Object> optional_object(std::string_view name);

    // The member as it is; null pointer when it is missing, with a problem added.
    const nlohmann::json* member(std::string_view name);

    // Adds a problem for each member that nobody asked for, with the name that was perhaps meant.
    void no_others();

    // A problem of this object (member empty) or of one of its members, found by the caller.
    void wrong(std::string_view member, std::string text);
    // All problems so far, of other objects too: who compares members waits until each of them is good.
    size_t problems() const { return problems_->list().size(); }
    const std::string& pointer() const { return pointer_; }

 private:
    Object(const nlohmann::json* value, Problems* problems, std::string pointer)
        : value_(value), problems_(problems), pointer_(std::move(pointer)) {}
    const nlohmann::json* find(std::string_view name);  // null pointer: missing or null
    std::string pointer_to(std::string_view name) const;

    const nlohmann::json* value_;  // null pointer: wrong already, ask nothing more
    Problems* problems_;
    std::string pointer_;
    std::vector<std::string> known_;
};

}  // namespace json
