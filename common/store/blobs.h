// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Large immutable things (documents, map files, PDFs) as files named by their SHA-256, outside LMDB.
//
// A blob is durable before any row names it: the file is written under another name, synced, renamed, and its
// folder synced; only then does the caller submit the change that puts the row. A crash between the two
// leaves a file that no row names, which collect() removes later. A file is checked against its name whenever
// it is read.
//
//     pool.submit([&] { return blobs.write(bytes); },                       // slow: never on the loop
//                 [&](Result<BlobId> id) { store.submit([id](Transaction& txn) { … txn.put(…, id->hex()) …
//                 }); });
//
// The functions may be called on any thread.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "common/base/bytes.h"
#include "common/base/fd.h"
#include "common/base/result.h"

namespace store {

class BlobId {
 public:
    static BlobId of(base::ByteView bytes);
    static base::Result<BlobId> parse(std::string_view hex);
    static BlobId from_octets(std::span<const uint8_t, 32> octets);
    std::string hex() const;  // 64 lower-case digits
    const std::array<uint8_t, 32>& octets() const { return octets_; }
    friend auto operator<=>(const BlobId&, const BlobId&) = default;

 private:
    explicit BlobId(const std::array<uint8_t, 32>& octets) : octets_(octets) {}
    std::array<uint8_t, 32> octets_;
};

class Blobs {
 public:
    // Makes the directory when it is not there; its parent must exist. `size_max`: of one blob.
    static base::Result<Blobs> open(const std::filesystem::path& directory, size_t size_max);

    // Durable when it returns. A blob that is there already is not written again.
    base::Result<BlobId> write(base::ByteView bytes) const;
    // kNotFound; kCorrupt when the file is not what its name says.
    base::Result<base::Bytes> read(const BlobId& id) const;
    // For handing one on in parts: `count` octets from `offset`, fewer at its end, and how long the whole is.
    // Not checked against the name: who has all the parts does that.
    struct Part {
        uint64_t whole = 0;
        base::Bytes octets;
    };
    base::Result<Part> read_part(const BlobId& id, uint64_t offset, size_t count) const;
    bool contains(const BlobId& id) const;
    size_t size_max() const { return size_max_; }

    // Removes files that are not `in_use` and older than `grace`: younger ones may be waiting for their row.
    // How many.
    base::Result<size_t> collect(const std::set<BlobId>& in_use, std::chrono::seconds grace,
                                 std::filesystem::file_time_type now) const;

 private:
    Blobs(std::filesystem::path directory, base::Fd fd, size_t size_max)
        : directory_(std::move(directory)), fd_(std::move(fd)), size_max_(size_max) {}
    base::Result<base::Fd> open_blob(const BlobId& id, uint64_t& octets) const;

    std::filesystem::path directory_;
    base::Fd fd_;
    size_t size_max_;
};

}  // namespace store
