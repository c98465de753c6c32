// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/store_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>

namespace store {
namespace {

constexpr std::string_view kPrefix = "gen-";
constexpr const char* kCurrent = "current";
constexpr const char* kCurrentNew = "current.new";
constexpr const char* kData = "data.mdb";
constexpr const char* kLock = "lock.mdb";

std::optional<uint64_t> generation_of(std::string_view name) {
    if (!name.starts_with(kPrefix)) return std::nullopt;
    name.remove_prefix(kPrefix.size());
    uint64_t number = 0;
    const auto [rest, code] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (code != std::errc() || rest != name.data() + name.size() || number == 0) return std::nullopt;
    return number;
}

base::Result<void> sync_path(const std::filesystem::path& path) {
    const base::Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd || fsync(fd.get()) != 0) return base::io_error("sync " + path.string(), errno);
    return {};
}

}  // namespace

base::Result<StoreDirectory> StoreDirectory::open(const std::filesystem::path& path) {
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return base::io_error("make " + path.string(), errno);
    base::Fd fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd) return base::io_error("open " + path.string(), errno);
    if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return base::io_error("lock " + path.string(), errno);
        return base::Error{base::ErrorKind::kConflict,
                           path.string() + ": in use by another process; stop that daemon first"};
    }
    StoreDirectory directory(path, std::move(fd));
    if (auto read = directory.read_current(); !read) return read.error();
    directory.remove_others();
    return directory;
}

base::Result<void> StoreDirectory::read_current() {
    const base::Fd file{openat(fd_.get(), kCurrent, O_RDONLY | O_CLOEXEC)};
    if (!file && errno == ENOENT) return {};
    std::array<char, 64> text{};
    const ssize_t count = file ? ::read(file.get(), text.data(), text.size()) : -1;
    if (count < 0) return base::io_error("read " + (path_ / kCurrent).string(), errno);
    std::string_view name(text.data(), static_cast<size_t>(count));
    if (name.ends_with('\n')) name.remove_suffix(1);
    const auto generation = generation_of(name);
    std::error_code code;
    if (!generation || !std::filesystem::is_regular_file(at(*generation) / kData, code)) {
        return base::Error{
            base::ErrorKind::kCorrupt,
            (path_ / kCurrent).string() + " names no environment; restore the state directory"};
    }
    generation_ = *generation;
    next_ = generation_ + 1;
    return {};
}

std::filesystem::path StoreDirectory::at(uint64_t generation) const {
    return generation == 0 ? path_ : path_ / (std::string(kPrefix) + std::to_string(generation));
}

std::filesystem::path StoreDirectory::environment() const { return at(generation_); }

base::Result<std::filesystem::path> StoreDirectory::prepare(const std::filesystem::path& data) {
    const auto target = at(next_);
    std::error_code code;
    std::filesystem::remove_all(target, code);  // of an attempt that failed
    if (mkdir(target.c_str(), 0700) != 0) return base::io_error("make " + target.string(), errno);
    if (rename(data.c_str(), (target / kData).c_str()) != 0)
        return base::io_error("move " + data.string(), errno);
    for (const auto& path : {target / kData, target, path_})
        if (auto synced = sync_path(path); !synced) return synced.error();
    return target;
}

base::Result<void> StoreDirectory::switch_over() {
    const std::string text = at(next_).filename().string() + "\n";
    const base::Fd file{openat(fd_.get(), kCurrentNew, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        fsync(file.get()) != 0)
        return base::io_error("write " + (path_ / kCurrentNew).string(), errno);
    if (renameat(fd_.get(), kCurrentNew, fd_.get(), kCurrent) != 0)
        return base::io_error("name " + (path_ / kCurrent).string(), errno);
    generation_ = next_++;
    if (fsync(fd_.get()) != 0) return base::io_error("sync " + path_.string(), errno);
    return {};
}

void StoreDirectory::remove_others() const {
    std::error_code code;
    if (generation_ != 0)
        for (const char* name : {kData, kLock}) unlinkat(fd_.get(), name, 0);
    for (std::filesystem::directory_iterator one(path_, code), end; !code && one != end;
         one.increment(code)) {
        const auto generation = generation_of(one->path().filename().string());
        std::error_code ignored;
        if (generation && *generation != generation_) std::filesystem::remove_all(one->path(), ignored);
    }
}

}  // namespace store
