// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Alerts as rows of the store.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cbe/domain/alert.h"
#include "common/base/result.h"
#include "common/store/store.h"

namespace cbe {

std::string encode(const Alert& alert);
base::Result<Alert> decode_alert(std::string_view row);

// A row that does not decode is as if it were not there.
std::optional<Alert> find_alert(const store::Reader& reader, const AlertId& id);
std::optional<Alert> find_alert(const store::Reader& reader, uint64_t number);
void put_alert(store::Transaction& transaction, const Alert& alert);

}  // namespace cbe
