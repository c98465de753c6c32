// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The kernel's SCTP. For sctp.cc and its tests.
#pragma once

#include "common/net/sctp.h"

namespace net {

base::Result<std::unique_ptr<Sctp>> create_sctp_kernel(loop::Loop& loop, const Sctp::Settings& settings);

}  // namespace net
