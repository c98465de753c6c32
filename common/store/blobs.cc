// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/blobs.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "common/base/uuid.h"
#include "common/store/file.h"

namespace store {
namespace {

constexpr std::string_view kUnfinished = ".part";

// The bytes under a name that nobody looks for, on the disk.
base::Result<void> write_synced(int directory, const std::string& name, base::ByteView bytes) {
    const base::Fd file{openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!file) return base::io_error("make blob", errno);
    if (auto written = write_at(file.get(), 0, bytes, "write blob"); !written) return written;
    if (fsync(file.get()) != 0) return base::io_error("sync blob", errno);
    return {};
}

}  // namespace

BlobId BlobId::of(base::ByteView bytes) {
    std::array<uint8_t, 32> octets{};
    static_assert(octets.size() == crypto_hash_sha256_BYTES);
    crypto_hash_sha256(octets.data(), bytes.data(), bytes.size());
    return BlobId(octets);
}

base::Result<BlobId> BlobId::parse(std::string_view hex) {
    const auto octets = base::from_hex(hex);
    std::array<uint8_t, 32> out{};
    if (!octets || hex.size() != 2 * out.size() || octets->size() != out.size())
        return base::invalid("a blob's name has 64 hexadecimal digits");
    std::copy(octets->begin(), octets->end(), out.begin());
    return BlobId(out);
}

BlobId BlobId::from_octets(std::span<const uint8_t, 32> octets) {
    std::array<uint8_t, 32> out{};
    std::copy(octets.begin(), octets.end(), out.begin());
    return BlobId(out);
}

std::string BlobId::hex() const { return base::to_hex(octets_); }

base::Result<Blobs> Blobs::open(const std::filesystem::path& directory, size_t size_max) {
    if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
        return base::io_error("make " + directory.string(), errno);
    base::Fd fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd) return base::io_error("open " + directory.string(), errno);
    return Blobs(directory, std::move(fd), size_max);
}

base::Result<BlobId> Blobs::write(base::ByteView bytes) const {
    if (bytes.size() > size_max_) {
        return base::Error{base::ErrorKind::kLimit, "blob of " + std::to_string(bytes.size()) +
                                                        " octets; at most " + std::to_string(size_max_)};
    }
    const BlobId id = BlobId::of(bytes);
    // Seen whole is not yet synced: another thread may be between its rename and its sync.
    if (contains(id)) {
        if (fsync(fd_.get()) != 0) return base::io_error("sync " + directory_.string(), errno);
        return id;
    }
    const std::string part = base::new_uuid(0).text() + std::string(kUnfinished);
    auto written = write_synced(fd_.get(), part, bytes);
    if (written && renameat(fd_.get(), part.c_str(), fd_.get(), id.hex().c_str()) != 0)
        written = base::io_error("name blob " + id.hex(), errno);
    if (written && fsync(fd_.get()) != 0) written = base::io_error("sync " + directory_.string(), errno);
    if (written) return id;
    unlinkat(fd_.get(), part.c_str(), 0);
    return written.error();
}

base::Result<base::Fd> Blobs::open_blob(const BlobId& id, uint64_t& octets) const {
    base::Fd file{openat(fd_.get(), id.hex().c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file && errno == ENOENT) return base::not_found("blob " + id.hex() + " is not here");
    struct stat status {};
    if (!file || fstat(file.get(), &status) != 0) return base::io_error("open blob " + id.hex(), errno);
    octets = static_cast<uint64_t>(status.st_size);
    if (octets > size_max_)
        return base::Error{base::ErrorKind::kCorrupt, "blob " + id.hex() + " is longer than any may be"};
    return file;
}

base::Result<base::Bytes> Blobs::read(const BlobId& id) const {
    uint64_t octets = 0;
    const auto file = open_blob(id, octets);
    if (!file) return file.error();
    base::Bytes bytes(octets);
    const auto have = read_at(file->get(), 0, bytes, "read blob " + id.hex());
    if (!have) return have.error();
    bytes.resize(*have);
    if (BlobId::of(bytes) != id)
        return base::Error{base::ErrorKind::kCorrupt,
                           "blob " + id.hex() + " does not hold what its name says"};
    return bytes;
}

base::Result<Blobs::Part> Blobs::read_part(const BlobId& id, uint64_t offset, size_t count) const {
    Part part;
    const auto file = open_blob(id, part.whole);
    if (!file) return file.error();
    if (offset > part.whole) return base::invalid("blob " + id.hex() + " ends before that part");
    part.octets.resize(std::min<uint64_t>(count, part.whole - offset));
    const auto have = read_at(file->get(), offset, part.octets, "read blob " + id.hex());
    if (!have) return have.error();
    part.octets.resize(*have);
    return part;
}

bool Blobs::contains(const BlobId& id) const {
    struct stat status {};
    return fstatat(fd_.get(), id.hex().c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
}

base::Result<size_t> Blobs::collect(const std::set<BlobId>& in_use, std::chrono::seconds grace,
                                    std::filesystem::file_time_type now) const {
    std::error_code code;
    size_t removed = 0;
    for (std::filesystem::directory_iterator at(directory_, code), end; !code && at != end;
         at.increment(code)) {
        const std::string name = at->path().filename().string();
        const auto id = BlobId::parse(name);
        if (!id && !name.ends_with(kUnfinished)) continue;  // not ours
        if (id && in_use.contains(*id)) continue;
        std::error_code gone;
        const auto written = at->last_write_time(gone);
        if (gone || now - written < grace) continue;
        if (unlinkat(fd_.get(), name.c_str(), 0) == 0) ++removed;
    }
    if (code) return base::io_error("list " + directory_.string(), code.value());
    return removed;
}

}  // namespace store
