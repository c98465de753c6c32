// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/tables.h"

namespace cbe::tables {

std::string alert_key(const AlertId& id) {
    std::string key;
    for (const uint8_t octet : id.octets()) key += static_cast<char>(~octet);
    return key;
}

}  // namespace cbe::tables
