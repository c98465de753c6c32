// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/snapshot_part.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "common/store/file.h"

namespace replica {

base::Result<std::shared_ptr<SnapshotPart>> SnapshotPart::open(const std::filesystem::path& directory,
                                                               CopyManifest manifest, uint64_t keep_free,
                                                               CopyTask& task) {
    std::shared_ptr<SnapshotPart> part{new SnapshotPart(directory, std::move(manifest))};
    remove_copies_but(directory, {part->id_});
    const auto path = part_path(directory, part->id_);
    part->file_.reset(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!part->file_) return store::file_error("make " + path.string(), errno);
    if (auto looked = part->look_what_is_there(task); !looked) return looked.error();
    const uint64_t needed =
        std::min(part->manifest_.octets, part->missing_.size() * uint64_t{part->manifest_.chunk_octets});
    if (auto room = room_for(directory, needed, keep_free); !room) return room.error();
    return part;
}

base::Result<void> SnapshotPart::look_what_is_there(CopyTask& task) {
    struct stat status {};
    if (fstat(file_.get(), &status) != 0) return store::file_error("look at a snapshot", errno);
    const auto there = static_cast<uint64_t>(status.st_size);
    // The file grows as chunks arrive, about in order: behind its end there is nothing to be read.
    for (uint32_t number = 0; number < manifest_.count(); ++number) {
        if (auto go_on = task.wait({}); !go_on) return go_on;
        if (manifest_.offset_of(number) >= there || !read_chunk(file_.get(), manifest_, number))
            missing_.push_back(number);
    }
    return {};
}

base::Result<void> SnapshotPart::store(uint32_t number, base::ByteView octets) {
    if (octets.size() != manifest_.size_of(number) || chunk_digest(octets) != manifest_.chunks[number]) {
        return base::Error{base::ErrorKind::kCorrupt,
                           "chunk " + std::to_string(number) + " of snapshot " + hex(id_) + " came damaged"};
    }
    return store::write_at(file_.get(), manifest_.offset_of(number), octets, "write snapshot");
}

base::Result<std::filesystem::path> SnapshotPart::finish(const Inspect& inspect, CopyTask& task) {
    if (fsync(file_.get()) != 0) return store::file_error("sync a snapshot", errno);
    if (auto same = read_back(file_.get(), manifest_, task); !same) return same.error();
    const auto part = part_path(directory_, id_);
    const auto facts = inspect(part);
    if (!facts) return facts.error();
    if (facts->meta.journal_index != manifest_.index || facts->meta.cluster != manifest_.cluster) {
        return base::Error{base::ErrorKind::kCorrupt, "snapshot " + hex(id_) + " holds entry " +
                                                          std::to_string(facts->meta.journal_index) +
                                                          " of cluster \"" + facts->meta.cluster +
                                                          "\", its manifest says something else"};
    }
    if (auto named = name_copy(directory_, part, manifest_); !named) return named.error();
    return copy_path(directory_, id_);
}

}  // namespace replica
