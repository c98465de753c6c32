// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/json/jcs.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <vector>

#include "common/base/bytes.h"
#include "common/json/utf8.h"

namespace json {
namespace {

// RFC 8785 §3.2.2.3: beyond this an IEEE 754 double no longer holds every integer.
constexpr int64_t kLargestExact = 9'007'199'254'740'991;

void write_string(std::string_view text, std::string& out) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\r':
                out += "\\r";
                break;
            default:
                if (const auto octet = static_cast<unsigned char>(c); octet < 0x20) {
                    out += "\\u00";
                    out += kHex[octet >> 4U];
                    out += kHex[octet & 15U];
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

class Canonical {
 public:
    base::Result<void> write(const nlohmann::json& value) {
        using Type = nlohmann::json::value_t;
        switch (value.type()) {
            case Type::null:
                out_ += "null";
                return {};
            case Type::boolean:
                out_ += value.get<bool>() ? "true" : "false";
                return {};
            case Type::number_integer:
                return integer(value.get<int64_t>());
            case Type::number_unsigned:
                if (value.get<uint64_t>() > static_cast<uint64_t>(kLargestExact)) return too_large();
                return integer(value.get<int64_t>());
            case Type::string:
                return string(value.get_ref<const std::string&>());
            case Type::array:
                return array(value);
            case Type::object:
                return object(value);
            case Type::number_float:
                return base::invalid("a number with a fraction or an exponent has no canonical form here");
            case Type::binary:
            case Type::discarded:
                break;
        }
        return base::invalid("a value that is not JSON has no canonical form");
    }
    std::string take() { return std::move(out_); }

 private:
    static base::Error too_large() {
        return base::invalid("an integer beyond 9007199254740991 has no canonical form");
    }

    base::Result<void> integer(int64_t value) {
        if (value > kLargestExact || value < -kLargestExact) return too_large();
        out_ += std::to_string(value);
        return {};
    }

    base::Result<void> string(const std::string& value) {
        if (!to_utf16(value)) return base::invalid("a string is not UTF-8");
        write_string(value, out_);
        return {};
    }

    base::Result<void> array(const nlohmann::json& value) {
        out_ += '[';
        bool first = true;
        for (const auto& item : value) {
            if (!std::exchange(first, false)) out_ += ',';
            if (auto written = write(item); !written) return written;
        }
        out_ += ']';
        return {};
    }

    base::Result<void> object(const nlohmann::json& value) {
        std::vector<std::pair<std::u16string, nlohmann::json::const_iterator>> members;
        members.reserve(value.size());
        for (auto member = value.begin(); member != value.end(); ++member) {
            auto name = to_utf16(member.key());
            if (!name) return base::invalid("the name of a member is not UTF-8");
            members.emplace_back(std::move(*name), member);
        }
        std::sort(members.begin(), members.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        out_ += '{';
        bool first = true;
        for (const auto& [name, member] : members) {
            if (!std::exchange(first, false)) out_ += ',';
            write_string(member.key(), out_);
            out_ += ':';
            if (auto written = write(member.value()); !written) return written;
        }
        out_ += '}';
        return {};
    }

    std::string out_;
};

}  // namespace

base::Result<std::string> canonical(const nlohmann::json& value) {
    Canonical form;
    if (auto written = form.write(value); !written) return written.error();
    return form.take();
}

std::string sha256_hex(std::string_view octets) {
    std::array<uint8_t, SHA256_DIGEST_LENGTH> digest{};
    SHA256(base::as_bytes(octets).data(), octets.size(), digest.data());
    return base::to_hex(digest);
}

base::Result<std::string> digest(const nlohmann::json& value) {
    auto form = canonical(value);
    if (!form) return form.error();
    return sha256_hex(*form);
}

}  // namespace json
