// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/copy_file.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "common/store/file.h"

namespace replica {
namespace {

constexpr std::string_view kManifest = ".manifest";
constexpr std::string_view kCopy = ".mdb";
constexpr std::string_view kPart = ".part";

std::filesystem::path named(const std::filesystem::path& directory, const CopyId& id,
                            std::string_view ending) {
    return directory / (hex(id) + std::string(ending));
}

base::Error corrupt(std::string what) { return {base::ErrorKind::kCorrupt, std::move(what)}; }

bool is_ours(const std::string& name) {
    return name.ends_with(kManifest) || name.ends_with(kCopy) || name.ends_with(kPart) ||
           name.ends_with(".new");
}

}  // namespace

std::filesystem::path copy_path(const std::filesystem::path& directory, const CopyId& id) {
    return named(directory, id, kCopy);
}

std::filesystem::path part_path(const std::filesystem::path& directory, const CopyId& id) {
    return named(directory, id, kPart);
}

std::vector<CopyManifest> list_copies(const std::filesystem::path& directory) {
    std::vector<CopyManifest> found;
    std::error_code code;
    for (std::filesystem::directory_iterator at(directory, code), end; !code && at != end;
         at.increment(code)) {
        if (at->path().extension() != kManifest) continue;
        const auto octets = store::read_file(at->path(), kCallOctetsMax);
        if (!octets) continue;
        auto manifest = decode_copy_manifest(*octets);
        if (!manifest || at->path() != named(directory, manifest->id(), kManifest)) continue;
        std::error_code missing;
        const auto size = std::filesystem::file_size(copy_path(directory, manifest->id()), missing);
        if (!missing && size == manifest->octets) found.push_back(std::move(*manifest));
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
    return found;
}

void remove_copies_but(const std::filesystem::path& directory, const std::set<CopyId>& keep) {
    std::set<std::string> kept;
    for (const CopyId& id : keep) kept.insert(hex(id));
    std::error_code code;
    std::vector<std::filesystem::path> leave;
    for (std::filesystem::directory_iterator at(directory, code), end; !code && at != end;
         at.increment(code)) {
        const std::string name = at->path().filename().string();
        if (is_ours(name) && !kept.contains(name.substr(0, name.find('.')))) leave.push_back(at->path());
    }
    // The manifest first: a copy is never named by one that has lost its file.
    std::stable_partition(leave.begin(), leave.end(),
                          [](const auto& path) { return path.extension() == kManifest; });
    for (const auto& path : leave) std::filesystem::remove(path, code);
}

base::Result<void> room_for(const std::filesystem::path& directory, uint64_t octets, uint64_t keep_free) {
    const auto have = store::free_octets(directory);
    if (!have) return have.error();
    if (*have >= keep_free && *have - keep_free >= octets) return {};
    constexpr uint64_t kMega = uint64_t{1} << 20;
    return base::Error{base::ErrorKind::kLimit,
                       directory.string() + ": no room for a snapshot: " + std::to_string(octets / kMega) +
                           " MiB are needed beside " + std::to_string(keep_free / kMega) +
                           " MiB that stay free, and " + std::to_string(*have / kMega) +
                           " MiB are left; make room on that disk"};
}

base::Result<base::Bytes> read_chunk(int fd, const CopyManifest& manifest, uint32_t number) {
    base::Bytes octets(manifest.size_of(number));
    const auto have = store::read_at(fd, manifest.offset_of(number), octets, "read snapshot");
    if (!have) return have.error();
    if (*have != octets.size() || chunk_digest(octets) != manifest.chunks[number])
        return corrupt("chunk " + std::to_string(number) + " of snapshot " + hex(manifest.id()) +
                       " is not what its manifest says");
    return octets;
}

base::Result<void> read_back(int fd, const CopyManifest& manifest, CopyTask& task) {
    // What the kernel still has in memory is let go, so that the disk is what is read.
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    Sha256 whole;
    for (uint32_t number = 0; number < manifest.count(); ++number) {
        if (auto go_on = task.wait({}); !go_on) return go_on;
        const auto octets = read_chunk(fd, manifest, number);
        if (!octets) return octets.error();
        whole.add(*octets);
    }
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    if (whole.finish() != manifest.whole)
        return corrupt("snapshot " + hex(manifest.id()) + " as a whole is not what its manifest says");
    return {};
}

base::Result<void> name_copy(const std::filesystem::path& directory, const std::filesystem::path& part,
                             const CopyManifest& manifest) {
    const auto copy = copy_path(directory, manifest.id());
    if (std::rename(part.c_str(), copy.c_str()) != 0)
        return store::file_error("name " + copy.string(), errno);
    if (auto synced = store::sync_directory(directory); !synced) return synced;
    return store::replace_file(named(directory, manifest.id(), kManifest), encode(manifest));
}

}  // namespace replica
