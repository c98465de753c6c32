// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files beside the database: whole reads and writes, and what makes them durable.
//
// A disk or a quota that is full is kLimit, everything else that the operating system refuses kIo. They
// block: any thread but a loop's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "common/base/bytes.h"
#include "common/base/fd.h"
#include "common/base/result.h"

namespace store {

base::Error file_error(std::string_view what, int error_number);

base::Result<void> write_at(int fd, uint64_t offset, base::ByteView octets, std::string_view what);
// How many octets there were: fewer than asked for only at the end of the file.
base::Result<size_t> read_at(int fd, uint64_t offset, std::span<uint8_t> into, std::string_view what);

// Written, synced and only then under its name: after a crash the old file or the new one.
base::Result<void> replace_file(const std::filesystem::path& path, base::ByteView octets);
// A file of at most `octets_max`, else kLimit; kNotFound.
base::Result<base::Bytes> read_file(const std::filesystem::path& path, size_t octets_max);

// A new name in it, or one that is gone, is durable.
base::Result<void> sync_directory(const std::filesystem::path& directory);
// One level, 0700; one that is there already will do.
base::Result<void> make_directory(const std::filesystem::path& directory);

// What those who are not root may still write on that file system.
base::Result<uint64_t> free_octets(const std::filesystem::path& where);

}  // namespace store
