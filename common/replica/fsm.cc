// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/fsm.h"

#include <chrono>
#include <utility>

#include "common/replica/raft_c.h"
#include "common/replica/raft_entry.h"

namespace replica {
namespace {

using namespace std::chrono_literals;

// How often a snapshot that waits for the store looks whether the log is being closed.
constexpr auto kLook = 50ms;

Fsm& self_of(raft_fsm* fsm) { return *static_cast<Fsm*>(fsm->data); }

void free_buffers(raft_buffer* bufs[], unsigned* count) {
    for (unsigned i = 0; i < *count; ++i) raft_free((*bufs)[i].base);
    raft_free(*bufs);
    *bufs = nullptr;
    *count = 0;
}

}  // namespace

Fsm::Fsm(store::JournalSink& sink, std::string cluster, logs::Log log)
    : sink_(sink), cluster_(std::move(cluster)), log_(std::move(log)), raw_(std::make_unique<raft_fsm>()) {
    raw_->version = 3;
    raw_->data = this;
    raw_->apply = [](raft_fsm* fsm, const raft_buffer* buffer, void** result) {
        *result = nullptr;
        const auto entry = unwrap_entry(*buffer);
        if (entry) return self_of(fsm).apply(*entry);
        self_of(fsm).trouble_is(entry.error());
        return RAFT_MALFORMED;
    };
    raw_->snapshot = [](raft_fsm* fsm, raft_buffer* bufs[], unsigned* count) {
        Fsm& self = self_of(fsm);
        *bufs = nullptr;
        *count = 0;
        // One at a time: libraft asks for the next when it decides to.
        raft_set_snapshot_threshold(self.raft_, ~0U);
        self.snapshot_entry_ = self.last_entry_;
        self.synced_ = self.sink_.sync();
        return 0;
    };
    raw_->snapshot_async = [](raft_fsm* fsm, raft_buffer* bufs[], unsigned* count) {
        return self_of(fsm).wait_for_sync(bufs, count);
    };
    raw_->snapshot_finalize = [](raft_fsm*, raft_buffer* bufs[], unsigned* count) {
        free_buffers(bufs, count);
        return 0;
    };
    raw_->restore = [](raft_fsm* fsm, raft_buffer* buffer) {
        Fsm& self = self_of(fsm);
        const auto manifest = unwrap_manifest(*buffer);
        if (!manifest) {
            self.trouble_is(manifest.error());
            return RAFT_CORRUPT;
        }
        if (manifest->cluster != self.cluster_ || manifest->cluster != self.sink_.cluster() ||
            manifest->index > self.sink_.applied_index()) {
            self.trouble_is(base::Error{base::ErrorKind::kCorrupt,
                                        "the store lacks what the log was cut behind: entry " +
                                            std::to_string(manifest->index) + " of cluster " +
                                            manifest->cluster + "; this node must leave and join anew"});
            return RAFT_CORRUPT;
        }
        self.last_entry_ = manifest->index;
        raft_free(buffer->base);
        return 0;
    };
}

Fsm::~Fsm() = default;

int Fsm::apply(base::ByteView octets) {
    // libraft counts an entry as applied after this call.
    last_entry_ = raft_last_applied(raft_) + 1;
    sink_.committed(last_entry_, base::Bytes(octets.begin(), octets.end()));
    return 0;
}

int Fsm::wait_for_sync(raft_buffer* bufs[], unsigned* count) {
    while (synced_.wait_for(kLook) != std::future_status::ready)
        if (given_up_) return RAFT_CANCELED;
    const auto synced = outcome_of(synced_);
    if (!synced) {
        trouble_is(synced.error().within("the log cannot be cut"));
        return RAFT_IOERR;
    }
    *bufs = static_cast<raft_buffer*>(raft_malloc(sizeof(raft_buffer)));
    if (*bufs == nullptr) return RAFT_NOMEM;
    **bufs = wrap_manifest({cluster_, snapshot_entry_});
    if ((*bufs)->base == nullptr) {
        raft_free(*bufs);
        *bufs = nullptr;
        return RAFT_NOMEM;
    }
    *count = 1;
    ++taken_;
    trouble_is({});
    return 0;
}

base::Result<void> Fsm::trouble() {
    return trouble_.with([](const base::Result<void>& trouble) { return trouble; });
}

void Fsm::trouble_is(base::Result<void> trouble) {
    trouble_.with([&](base::Result<void>& mine) { mine = std::move(trouble); });
}

}  // namespace replica
