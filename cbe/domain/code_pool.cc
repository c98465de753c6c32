// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/code_pool.h"

#include <cassert>

namespace cbe {

std::optional<MessageCode> free_code(const CodeRange& range, MessageCode last_taken,
                                     const std::function<bool(MessageCode)>& is_held) {
    const unsigned span = 1U + range.last - range.first;
    const unsigned begin =
        last_taken >= range.first && last_taken <= range.last ? 1U + last_taken - range.first : 0U;
    for (unsigned i = 0; i < span; ++i) {
        const auto code = static_cast<MessageCode>(range.first + (begin + i) % span);
        if (range.ordinary(code) && !is_held(code)) return code;
    }
    return {};
}

cbs::SerialNumber first_serial(MessageCode code) {
    const auto serial = cbs::serial_number(
        cbs::SerialParts{.scope = cbs::GeographicalScope::kPlmn, .message_code = code, .update_number = 0});
    assert(serial);  // codes come from a range that the configuration has checked
    return *serial;
}

}  // namespace cbe
