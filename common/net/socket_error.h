// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What an errno of a socket means to a link. For common/net alone.
#pragma once

#include "common/net/stream.h"

namespace net {

CloseReason reason_of(int error_number);

}  // namespace net
