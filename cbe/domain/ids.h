// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "common/base/strong.h"
#include "common/base/uuid.h"

namespace cbe {

using AlertId = base::Uuid;
// An officer, or a machine client ("crm:node-1"). Never reused.
using UserId = base::Strong<struct UserIdTag, std::string>;

}  // namespace cbe
