// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Small files, whole.
#pragma once

#include <string>

#include "common/base/fd.h"
#include "common/base/result.h"

namespace ctl {

enum class FileMode { kOwnerOnly, kReadable };

base::Result<std::string> read_file(const std::string& path);
// Appears whole, by rename.
base::Result<void> write_file(const std::string& path, const std::string& text, FileMode mode);
base::Result<void> make_folders(const std::string& path);

// A file with our process id, locked as long as the descriptor lives.
base::Result<base::Fd> lock_pid_file(const std::string& path);  // kConflict when another one holds it
// The process that holds the lock; kNotFound when none does.
base::Result<int> pid_in_locked_file(const std::string& path);

}  // namespace ctl
