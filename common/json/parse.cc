// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/json/parse.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace json {
namespace {

using nlohmann::json;

std::string place(std::string_view text, size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto newline = before.rfind('\n');
    const size_t column = newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
    return "JSON, line " + std::to_string(line) + ", column " + std::to_string(std::max<size_t>(column, 1));
}

// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while …; last read: …"
std::string reason(std::string_view what) {
    if (const auto at = what.find("syntax error"); at != std::string_view::npos) what.remove_prefix(at);
    return std::string(what);
}

// Builds the value from the parser's events, so that a limit stops the parser where it is passed.
class Builder final : public nlohmann::json_sax<json> {
 public:
    Builder(std::string_view text, const Limits& limits) : text_(text), limits_(limits) {}

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t& /*text*/) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t& /*value*/) override { return false; }  // not in JSON text
    bool start_object(size_t /*count*/) override { return open(json::object()); }
    bool end_object() override { return close(); }
    bool start_array(size_t /*count*/) override { return open(json::array()); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        if (open_.back()->contains(name))
            return stop(base::invalid("JSON: the member \"" + name + "\" appears twice in one object"));
        name_ = std::move(name);
        return true;
    }

    bool parse_error(size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& wrong) override {
        return stop(base::invalid(place(text_, position) + ": " + reason(wrong.what())));
    }

    std::optional<base::Error> error;
    json root;

 private:
    bool stop(base::Error why) {
        error = std::move(why);
        return false;
    }

    json* put(json value) {
        if (open_.empty()) return &(root = std::move(value));
        if (open_.back()->is_array()) return &open_.back()->emplace_back(std::move(value));
        return &((*open_.back())[name_] = std::move(value));
    }

    bool add(json value) {
        if (!count()) return false;
        put(std::move(value));
        return true;
    }

    bool count() {
        if (++values_ <= limits_.values) return true;
        return stop({base::ErrorKind::kLimit,
                     "JSON: more than " + std::to_string(limits_.values) + " values are not accepted"});
    }

    bool open(json container) {
        if (open_.size() >= limits_.depth) {
            return stop({base::ErrorKind::kLimit,
                         "JSON: nested deeper than " + std::to_string(limits_.depth) + " levels"});
        }
        if (!count()) return false;
        open_.push_back(put(std::move(container)));
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    const Limits& limits_;
    size_t values_ = 0;
    // Containers not yet closed. A parent doesn't grow while its last child is open, so the pointers hold.
    std::vector<json*> open_;
    std::string name_;
};

}  // namespace

base::Result<nlohmann::json> parse(std::string_view text, const Limits& limits) {
    Builder builder(text, limits);
    const bool whole = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
    if (builder.error) return *builder.error;
    if (!whole) return base::invalid("JSON: the text could not be read");
    return std::move(builder.root);
}

std::string dump(const nlohmann::json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace json
