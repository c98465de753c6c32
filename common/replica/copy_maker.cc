// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/copy_maker.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/base/fd.h"
#include "common/replica/pace.h"
#include "common/store/file.h"

namespace replica {
namespace {

// How often the room on the disk is looked at while we write.
constexpr uint64_t kLookAfter = uint64_t{16} << 20;

// Takes the octets as they come, in any portions, and cuts them into chunks.
class ChunkWriter {
 public:
    ChunkWriter(int fd, const CopyOrder& order, CopyTask& task)
        : fd_(fd), order_(order), task_(task), pace_(order.octets_per_second) {
        manifest_.chunk_octets = order.chunk_octets;
        chunk_.reserve(order.chunk_octets);
    }

    base::Result<void> take(base::ByteView octets) {
        while (!octets.empty()) {
            const size_t count = std::min(octets.size(), order_.chunk_octets - chunk_.size());
            chunk_.insert(chunk_.end(), octets.begin(), octets.begin() + static_cast<ptrdiff_t>(count));
            octets = octets.subspan(count);
            if (chunk_.size() < order_.chunk_octets) continue;
            if (auto written = write_chunk(); !written) return written;
        }
        return {};
    }

    base::Result<CopyManifest> finish() {
        if (!chunk_.empty()) {
            if (auto written = write_chunk(); !written) return written.error();
        }
        manifest_.whole = whole_.finish();
        return std::move(manifest_);
    }

 private:
    base::Result<void> write_chunk() {
        if (manifest_.octets % kLookAfter < order_.chunk_octets) {
            if (auto room = room_for(order_.directory, chunk_.size(), order_.keep_free); !room) return room;
        }
        if (manifest_.chunks.size() == CopyManifest::kChunksMax) {
            return base::Error{base::ErrorKind::kLimit, "the store is too large for one snapshot"};
        }
        whole_.add(chunk_);
        manifest_.chunks.push_back(chunk_digest(chunk_));
        if (auto written = store::write_at(fd_, manifest_.octets, chunk_, "write snapshot"); !written)
            return written;
        manifest_.octets += chunk_.size();
        task_.moved(chunk_.size());
        const auto pause = pace_.take(chunk_.size(), clock_.ticks());
        chunk_.clear();
        return task_.wait(pause);
    }

    int fd_;
    const CopyOrder& order_;
    CopyTask& task_;
    base::SystemClock clock_;  // this thread really waits
    Pace pace_;
    Sha256 whole_;
    base::Bytes chunk_;
    CopyManifest manifest_;
};

base::Result<CopyManifest> write_and_check(store::JournalSink& sink, const CopyOrder& order,
                                           const std::filesystem::path& part, CopyTask& task) {
    const base::Fd file{::open(part.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!file) return store::file_error("make " + part.string(), errno);
    ChunkWriter writer(file.get(), order, task);
    const auto index = sink.copy([&writer](base::ByteView octets) { return writer.take(octets); });
    if (!index) return index.error();
    auto manifest = writer.finish();
    if (!manifest) return manifest.error();
    if (fsync(file.get()) != 0) return store::file_error("sync " + part.string(), errno);
    const auto facts = order.inspect(part);
    if (!facts) return facts.error();
    if (facts->meta.journal_index < *index || facts->meta.cluster.size() > CopyManifest::kClusterMax) {
        return base::Error{base::ErrorKind::kCorrupt,
                           "the copy ends before entry " + std::to_string(*index) + ", which it must have"};
    }
    manifest->index = facts->meta.journal_index;
    manifest->cluster = facts->meta.cluster;
    if (auto same = read_back(file.get(), *manifest, task); !same) return same.error();
    return manifest;
}

}  // namespace

base::Result<CopyManifest> make_copy(store::JournalSink& sink, const CopyOrder& order, CopyTask& task) {
    const auto part = order.directory / "copy.part";
    auto manifest = write_and_check(sink, order, part, task);
    if (manifest) {
        if (auto named = name_copy(order.directory, part, *manifest); !named) manifest = named.error();
    }
    if (manifest) return manifest;
    ::unlink(part.c_str());
    return manifest.error().within("make a snapshot");
}

}  // namespace replica
