// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/json/object.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "common/json/utf8.h"

namespace json {
namespace {

constexpr size_t kProblemsKept = 100;
constexpr size_t kProblemsShown = 10;
constexpr size_t kNameShown = 64;

// RFC 6901 §3: "~" and "/" in a name are written "~0" and "~1".
std::string escaped(std::string_view name) {
    std::string out;
    for (const char c : name.substr(0, kNameShown)) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = std::exchange(row[0], i);
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, change}));
        }
    }
    return row.back();
}

std::string nearest(std::string_view name, const std::vector<std::string>& known) {
    std::string best;
    size_t best_distance = 3;
    for (const auto& one : known) {
        if (name.size() > kNameShown) break;
        if (const size_t distance = edit_distance(name, one); distance < best_distance) {
            best = one;
            best_distance = distance;
        }
    }
    return best;
}

std::optional<int64_t> as_integer(const nlohmann::json& value) {
    if (value.is_number_unsigned()) {
        const auto number = value.get<uint64_t>();
        if (number > static_cast<uint64_t>(INT64_MAX)) return std::nullopt;
        return static_cast<int64_t>(number);
    }
    if (value.is_number_integer()) return value.get<int64_t>();
    return std::nullopt;
}

std::string check(const nlohmann::json& value, const StringRule& rule) {
    if (!value.is_string()) return "must be a string";
    const size_t length = code_points(value.get_ref<const std::string&>());
    if (length < rule.min) return rule.min == 1 ? "must not be empty" : "is too short";
    if (length > rule.max)
        return "is longer than " + std::to_string(rule.max) + " characters (" + std::to_string(length) + ")";
    return {};
}

std::string check(const nlohmann::json& value, const IntegerRule& rule) {
    const auto number = as_integer(value);
    if (number && *number >= rule.min && *number <= rule.max) return {};
    std::string text = "must be an integer from " + std::to_string(rule.min);
    if (rule.max == INT64_MAX) return text + " up";
    return text + " to " + std::to_string(rule.max);
}

std::string check(const nlohmann::json& value, const ArrayRule& rule) {
    if (!value.is_array()) return "must be an array";
    if (value.size() < rule.min) return "must have at least " + std::to_string(rule.min) + " items";
    if (value.size() > rule.max)
        return "has more than " + std::to_string(rule.max) + " items (" + std::to_string(value.size()) + ")";
    return {};
}

}  // namespace

void Problems::add(std::string pointer, std::string text) {
    if (list_.size() < kProblemsKept) list_.push_back({std::move(pointer), std::move(text)});
}

std::string Problems::text() const {
    std::string out;
    for (size_t i = 0; i < list_.size() && i < kProblemsShown; ++i) {
        if (i > 0) out += "; ";
        out += (list_[i].pointer.empty() ? "the body" : list_[i].pointer) + ' ' + list_[i].text;
    }
    if (list_.size() > kProblemsShown)
        out += "; and " + std::to_string(list_.size() - kProblemsShown) + " more";
    return out;
}

Object::Object(const nlohmann::json& value, Problems& problems, std::string pointer)
    : value_(&value), problems_(&problems), pointer_(std::move(pointer)) {
    if (value.is_object()) return;
    wrong("", "must be an object");
    value_ = nullptr;
}

std::string Object::pointer_to(std::string_view name) const { return pointer_ + '/' + escaped(name); }

void Object::wrong(std::string_view member, std::string text) {
    problems_->add(member.empty() ? pointer_ : pointer_to(member), std::move(text));
}

bool Object::has(std::string_view name) const {
    if (value_ == nullptr) return false;
    const auto found = value_->find(name);
    return found != value_->end() && !found->is_null();
}

const nlohmann::json* Object::find(std::string_view name) {
    known_.emplace_back(name);
    if (!has(name)) return nullptr;
    return &*value_->find(name);
}

const nlohmann::json* Object::member(std::string_view name) {
    const auto* found = find(name);
    if (found == nullptr && value_ != nullptr) wrong(name, "is missing");
    return found;
}

std::string Object::string(std::string_view name, const StringRule& rule) {
    const auto* found = member(name);
    if (found == nullptr) return {};
    if (auto why = check(*found, rule); !why.empty()) {
        wrong(name, std::move(why));
        return {};
    }
    return found->get<std::string>();
}

int64_t Object::integer(std::string_view name, const IntegerRule& rule) {
    const auto* found = member(name);
    if (found == nullptr) return rule.min;
    if (auto why = check(*found, rule); !why.empty()) {
        wrong(name, std::move(why));
        return rule.min;
    }
    return *as_integer(*found);
}

bool Object::boolean(std::string_view name) {
    const auto* found = member(name);
    if (found == nullptr) return false;
    if (!found->is_boolean()) wrong(name, "must be true or false");
    return found->is_boolean() && found->get<bool>();
}

size_t Object::one_of(std::string_view name, const std::vector<std::string_view>& words) {
    const auto* found = member(name);
    if (found == nullptr) return 0;
    if (found->is_string()) {
        const auto at = std::find(words.begin(), words.end(), found->get_ref<const std::string&>());
        if (at != words.end()) return static_cast<size_t>(at - words.begin());
    }
    std::string text = "must be one of";
    for (const auto word : words)
        text += std::string(word == words.front() ? " \"" : ", \"").append(word) + '"';
    wrong(name, std::move(text));
    return 0;
}

Object Object::object(std::string_view name) {
    const auto* found = member(name);
    if (found == nullptr) return {nullptr, problems_, pointer_to(name)};
    return {*found, *problems_, pointer_to(name)};
}

void Object::objects(std::string_view name, const ArrayRule& rule, const std::function<void(Object&)>& each) {
    const auto* found = member(name);
    if (found == nullptr) return;
    if (auto why = check(*found, rule); !why.empty()) return wrong(name, std::move(why));
    for (size_t i = 0; i < found->size(); ++i) {
        Object item((*found)[i], *problems_, pointer_to(name) + '/' + std::to_string(i));
        if (item.value_ != nullptr) each(item);
    }
}

std::vector<std::string> Object::strings(std::string_view name, const ArrayRule& rule,
                                         const StringRule& item) {
    const auto* found = member(name);
    if (found == nullptr) return {};
    if (auto why = check(*found, rule); !why.empty()) {
        wrong(name, std::move(why));
        return {};
    }
    std::vector<std::string> out;
    for (size_t i = 0; i < found->size(); ++i) {
        const auto& value = (*found)[i];
        if (auto why = check(value, item); !why.empty())
            problems_->add(pointer_to(name) + '/' + std::to_string(i), std::move(why));
        else
            out.push_back(value.get<std::string>());
    }
    return out;
}

std::optional<std::string> Object::optional_string(std::string_view name, const StringRule& rule) {
    if (find(name) == nullptr) return std::nullopt;
    return string(name, rule);
}

std::optional<int64_t> Object::optional_integer(std::string_view name, const IntegerRule& rule) {
    if (find(name) == nullptr) return std::nullopt;
    return integer(name, rule);
}

std::optional<bool> Object::optional_boolean(std::string_view name) {
    if (find(name) == nullptr) return std::nullopt;
    return boolean(name);
}

std::optional<Object> Object::optional_object(std::string_view name) {
    if (find(name) == nullptr) return std::nullopt;
    return object(name);
}

void Object::no_others() {
    if (value_ == nullptr) return;
    for (auto member = value_->begin(); member != value_->end(); ++member) {
        if (std::find(known_.begin(), known_.end(), member.key()) != known_.end()) continue;
        const std::string near = nearest(member.key(), known_);
        wrong(member.key(), near.empty() ? "is not known" : "is not known; \"" + near + "\" was meant?");
    }
}

}  // namespace json
