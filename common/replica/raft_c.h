// SPDX-License-Identifier: AGPL-3.0-or-later
//
// libraft 0.15's headers, which have no linkage guards for C++. Included by .cc files only.
#pragma once

#include <uv.h>

extern "C" {
#include <raft.h>
#include <raft/uv.h>
}
