// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The daemon's folders: one process per state folder, and listeners.json for those who look for its ports.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/fd.h"
#include "common/base/result.h"
#include "common/http/server.h"

namespace frame {

using Listeners = std::map<std::string, std::vector<http::Bound>>;

// {"api":[{"host":"127.0.0.1","port":8444}]}, in the place of an older one by rename.
base::Result<void> write_listeners(const std::string& runtime, const Listeners& listeners);

// Makes the folder (its parent must exist) with this mode if it is not there.
base::Result<void> make_folder(const std::string& path, unsigned mode);

// Held as long as the descriptor: a second process on the same state is refused, with the first one's id.
base::Result<base::Fd> lock_state(const std::string& state);

}  // namespace frame
