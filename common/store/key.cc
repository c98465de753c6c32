// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/key.h"

#include <algorithm>
#include <array>

namespace store {
namespace {

base::Error corrupt(std::string_view part) {
    return {base::ErrorKind::kCorrupt, "key: no " + std::string(part) + " where one belongs"};
}

}  // namespace

Key& Key::number(uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
        octets_.push_back(static_cast<char>((value >> shift) & 0xff));
    return *this;
}

Key& Key::text(std::string_view value) {
    for (const char c : value) {
        octets_.push_back(c);
        if (c == '\0') octets_.push_back('\xff');
    }
    octets_.append(2, '\0');
    return *this;
}

Key& Key::uuid(const base::Uuid& value) {
    octets_.append(value.octets().begin(), value.octets().end());
    return *this;
}

base::Result<uint64_t> KeyReader::number() {
    if (rest_.size() < 8) return corrupt("number");
    uint64_t value = 0;
    for (const char c : rest_.substr(0, 8)) value = value << 8 | static_cast<uint8_t>(c);
    rest_.remove_prefix(8);
    return value;
}

base::Result<std::string> KeyReader::text() {
    std::string value;
    while (true) {
        const size_t nul = rest_.find('\0');
        if (nul == std::string_view::npos || nul + 1 >= rest_.size()) return corrupt("text");
        value.append(rest_.substr(0, nul));
        const char after = rest_[nul + 1];
        rest_.remove_prefix(nul + 2);
        if (after == '\0') return value;
        if (after != '\xff') return corrupt("text");
        value.push_back('\0');
    }
}

base::Result<base::Uuid> KeyReader::uuid() {
    std::array<uint8_t, 16> octets{};
    if (rest_.size() < octets.size()) return corrupt("UUID");
    std::copy_n(rest_.begin(), octets.size(), octets.begin());
    rest_.remove_prefix(octets.size());
    return base::Uuid(octets);
}

}  // namespace store
