// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/base/uuid.h"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "common/base/bytes.h"

namespace base {

Uuid Uuid::v7(uint64_t unix_ms, const std::array<uint8_t, 10>& random) {
    std::array<uint8_t, 16> octets{};
    for (size_t i = 0; i < 6; ++i) octets[i] = static_cast<uint8_t>(unix_ms >> (8 * (5 - i)));
    std::copy(random.begin(), random.end(), octets.begin() + 6);
    octets[6] = static_cast<uint8_t>((octets[6] & 0x0f) | 0x70);
    octets[8] = static_cast<uint8_t>((octets[8] & 0x3f) | 0x80);
    return Uuid(octets);
}

Result<Uuid> Uuid::parse(std::string_view text) {
    const auto wrong = [&] {
        return invalid("\"" + std::string(text.substr(0, 40)) +
                       "\" is not a UUID (8-4-4-4-12 hexadecimal digits)");
    };
    if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        return wrong();
    std::string digits;
    for (size_t i = 0; i < text.size(); ++i) {
        if (i == 8 || i == 13 || i == 18 || i == 23) continue;
        if (text[i] == ' ' || text[i] == '-') return wrong();
        digits += text[i];
    }
    auto bytes = from_hex(digits);
    if (!bytes || bytes->size() != 16) return wrong();
    std::array<uint8_t, 16> octets{};
    std::copy(bytes->begin(), bytes->end(), octets.begin());
    return Uuid(octets);
}

std::string Uuid::text() const {
    std::string hex = to_hex(octets_);
    for (const size_t at : {8U, 13U, 18U, 23U}) hex.insert(at, 1, '-');
    return hex;
}

void random_bytes(void* out, size_t count) {
    auto* at = static_cast<uint8_t*>(out);
    while (count > 0) {
        const ssize_t got = ::getrandom(at, count, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) std::abort();  // no identifier or secret may come from anything weaker
        at += got;
        count -= static_cast<size_t>(got);
    }
}

uint32_t random_number() {
    uint32_t number = 0;
    random_bytes(&number, sizeof number);
    return number;
}

Uuid new_uuid(uint64_t unix_ms) {
    std::array<uint8_t, 10> random{};
    random_bytes(random.data(), random.size());
    return Uuid::v7(unix_ms, random);
}

}  // namespace base
