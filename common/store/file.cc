// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstdio>
#include <string>

namespace store {

base::Error file_error(std::string_view what, int error_number) {
    auto error = base::io_error(what, error_number);
    if (error_number == ENOSPC || error_number == EDQUOT) error.kind = base::ErrorKind::kLimit;
    return error;
}

base::Result<void> write_at(int fd, uint64_t offset, base::ByteView octets, std::string_view what) {
    while (!octets.empty()) {
        const ssize_t count = pwrite(fd, octets.data(), octets.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return file_error(what, errno);
        offset += static_cast<uint64_t>(count);
        octets = octets.subspan(static_cast<size_t>(count));
    }
    return {};
}

base::Result<size_t> read_at(int fd, uint64_t offset, std::span<uint8_t> into, std::string_view what) {
    size_t have = 0;
    while (have < into.size()) {
        const ssize_t count =
            pread(fd, into.data() + have, into.size() - have, static_cast<off_t>(offset + have));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return file_error(what, errno);
        if (count == 0) break;
        have += static_cast<size_t>(count);
    }
    return have;
}

base::Result<void> replace_file(const std::filesystem::path& path, base::ByteView octets) {
    const std::string part = path.string() + ".new";
    const base::Fd file{::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!file) return file_error("make " + part, errno);
    if (auto written = write_at(file.get(), 0, octets, "write " + part); !written) return written;
    if (fsync(file.get()) != 0) return file_error("sync " + part, errno);
    if (std::rename(part.c_str(), path.c_str()) != 0) return file_error("name " + path.string(), errno);
    return sync_directory(path.parent_path());
}

base::Result<base::Bytes> read_file(const std::filesystem::path& path, size_t octets_max) {
    const base::Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file && errno == ENOENT) return base::not_found(path.string() + " is not there");
    struct stat status {};
    if (!file || fstat(file.get(), &status) != 0) return file_error("open " + path.string(), errno);
    if (static_cast<uint64_t>(status.st_size) > octets_max)
        return base::Error{base::ErrorKind::kLimit, path.string() + " is too long"};
    base::Bytes octets(static_cast<size_t>(status.st_size));
    const auto have = read_at(file.get(), 0, octets, "read " + path.string());
    if (!have) return have.error();
    octets.resize(*have);
    return octets;
}

base::Result<void> sync_directory(const std::filesystem::path& directory) {
    const base::Fd fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd || fsync(fd.get()) != 0) return file_error("sync " + directory.string(), errno);
    return {};
}

base::Result<void> make_directory(const std::filesystem::path& directory) {
    if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
        return file_error("make " + directory.string(), errno);
    return {};
}

base::Result<uint64_t> free_octets(const std::filesystem::path& where) {
    struct statvfs disk {};
    if (statvfs(where.c_str(), &disk) != 0) return file_error("measure " + where.string(), errno);
    return uint64_t{disk.f_bavail} * disk.f_frsize;
}

}  // namespace store
