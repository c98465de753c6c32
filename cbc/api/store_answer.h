// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a caller is told whose request was not stored.
#pragma once

#include <string_view>

#include "common/http/message.h"
#include "common/store/store.h"

namespace cbc {

// 503, to be tried again soon.
http::Response busy(std::string_view detail);
// Of every outcome but Ok. A conflict that was found in the transaction itself has the code that admission
// would have given it.
http::Response not_stored(const store::Done& done);

}  // namespace cbc
