// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The passing on, and what goes out. io_guard_receive.cc has what comes in.
#include "common/replica/io_guard.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/replica/io_guard_parts.h"
#include "common/replica/raft_entry.h"

namespace replica {
struct IoGuard::Append {
    raft_io_append inner{};
    raft_io_append* asked = nullptr;
    raft_io_append_cb done = nullptr;
    IoGuard* guard = nullptr;
};

namespace {

IoGuard::Io& io_of(raft_io* outer) { return *static_cast<IoGuard::Io*>(outer->impl); }

// The inner one's words, for raft_errmsg().
int told(raft_io* outer, int status) {
    if (status != 0) std::memcpy(outer->errmsg, io_of(outer).inner.errmsg, sizeof outer->errmsg);
    return status;
}

}  // namespace

IoGuard::IoGuard(GuardNeeds needs, logs::Log log)
    : needs_(std::move(needs)), log_(std::move(log)), io_(std::make_unique<Io>()) {
    io_->guard = this;
    raft_io& outer = io_->outer;
    outer.version = 2;
    outer.impl = io_.get();
    outer.init = [](raft_io* io, raft_id id, const char* address) {
        io_of(io).inner.data = &io_of(io);
        return told(io, io_of(io).inner.init(&io_of(io).inner, id, address));
    };
    outer.close = [](raft_io* io, raft_io_close_cb done) {
        io_of(io).closed = done;
        io_of(io).guard->tell_appends();
        io_of(io).inner.close(&io_of(io).inner, [](raft_io* inner) {
            auto& self = *static_cast<Io*>(inner->data);
            self.closed(&self.outer);
        });
    };
    outer.load = [](raft_io* io, raft_term* term, raft_id* vote, raft_snapshot** snapshot, raft_index* start,
                    raft_entry** entries, size_t* count) {
        return told(io, io_of(io).inner.load(&io_of(io).inner, term, vote, snapshot, start, entries, count));
    };
    outer.start = [](raft_io* io, unsigned period, raft_io_tick_cb tick, raft_io_recv_cb incoming) {
        io_of(io).tick = tick;
        io_of(io).receive = incoming;
        return told(io, io_of(io).inner.start(
                            &io_of(io).inner, period,
                            [](raft_io* inner) {
                                auto& self = *static_cast<Io*>(inner->data);
                                self.guard->before_append();
                                if (!self.guard->failure()) self.tick(&self.outer);
                                self.guard->turn();
                            },
                            [](raft_io* inner, raft_message* message) {
                                static_cast<Io*>(inner->data)->guard->receive(*message);
                            }));
    };
    outer.bootstrap = [](raft_io* io, const raft_configuration* conf) {
        return told(io, io_of(io).inner.bootstrap(&io_of(io).inner, conf));
    };
    outer.recover = [](raft_io* io, const raft_configuration* conf) {
        return told(io, io_of(io).inner.recover(&io_of(io).inner, conf));
    };
    outer.set_term = [](raft_io* io, raft_term term) {
        return told(io, io_of(io).inner.set_term(&io_of(io).inner, term));
    };
    outer.set_vote = [](raft_io* io, raft_id id) {
        return told(io, io_of(io).inner.set_vote(&io_of(io).inner, id));
    };
    outer.send = [](raft_io* io, raft_io_send* request, const raft_message* message, raft_io_send_cb done) {
        Io& self = io_of(io);
        return self.guard->send(*message, [&](const raft_message& changed) {
            return told(io, self.inner.send(&self.inner, request, &changed, done));
        });
    };
    outer.append = [](raft_io* io, raft_io_append* request, const raft_entry entries[], unsigned count,
                      raft_io_append_cb done) {
        Io& self = io_of(io);
        if (self.guard->failure_) return RAFT_IOERR;
        auto append = std::make_unique<Append>(Append{{}, request, done, self.guard});
        append->inner.data = append.get();
        const int status = self.inner.append(&self.inner, &append->inner, entries, count,
                                             [](raft_io_append* inner, int result) {
                                                 auto* mine = static_cast<Append*>(inner->data);
                                                 mine->guard->appended(mine, result);
                                             });
        if (status == 0) append.release();  // appended() takes it back
        if (status != 0) self.guard->fail(status);
        return told(io, status);
    };
    outer.truncate = [](raft_io* io, raft_index index) {
        return told(io, io_of(io).inner.truncate(&io_of(io).inner, index));
    };
    outer.snapshot_put = [](raft_io* io, unsigned trailing, raft_io_snapshot_put* request,
                            const raft_snapshot* snapshot, raft_io_snapshot_put_cb done) {
        if (!io_of(io).guard->may_put(trailing, *snapshot)) return RAFT_BUSY;
        return told(io, io_of(io).inner.snapshot_put(&io_of(io).inner, trailing, request, snapshot, done));
    };
    outer.snapshot_get = [](raft_io* io, raft_io_snapshot_get* request, raft_io_snapshot_get_cb done) {
        return told(io, io_of(io).inner.snapshot_get(&io_of(io).inner, request, done));
    };
    outer.time = [](raft_io* io) { return io_of(io).inner.time(&io_of(io).inner); };
    outer.random = [](raft_io* io, int least, int most) {
        return io_of(io).inner.random(&io_of(io).inner, least, most);
    };
    outer.async_work = [](raft_io* io, raft_io_async_work* request, raft_io_async_work_cb done) {
        return told(io, io_of(io).inner.async_work(&io_of(io).inner, request, done));
    };
}

IoGuard::~IoGuard() = default;

raft_io* IoGuard::outer() { return &io_->outer; }
raft_io* IoGuard::inner() { return &io_->inner; }

uint64_t IoGuard::now() const { return io_->inner.time(&io_->inner); }

void IoGuard::turn() {
    note_age();
    if (turn_) turn_();
}

void IoGuard::fail(int status) {
    if (failure_) return;
    failure_ = base::Error{base::ErrorKind::kIo, std::string("write the log: ") + io_->inner.errmsg + " (" +
                                                     raft_words(status) + ")"};
}

// Told of a failure, libraft takes the entries out of its log; told of a second one, it takes out what is not
// there any more, and crashes. So it hears of none: what has failed waits until it has given up leading and
// following (raft_close()), and counts for nothing then, whatever its status.
void IoGuard::appended(Append* append, int status) {
    const bool is_over = raft_->state == RAFT_UNAVAILABLE;
    if (status != 0 && !is_over) fail(status);
    done_appends_.emplace_back(append);
    if (failure_ && !is_over) return turn();
    tell_appends();
    if (is_over) return;
    release_results();
    turn();
}

void IoGuard::tell_appends() {
    for (const auto& append : std::exchange(done_appends_, {})) append->done(append->asked, 0);
}

// To libraft's storage "keep no entry" says that the snapshot came from a leader: it goes on to count entries
// from there, also when the log has one more by now. That one would be missing on the disk, and every later
// one would have the number of its predecessor there.
bool IoGuard::may_put(unsigned trailing, const raft_snapshot& snapshot) const {
    const bool is_own = raft_->snapshot.pending.term != 0;
    return trailing > 0 || !is_own || last_index(raft_->log) == snapshot.index;
}

int IoGuard::send(const raft_message& message, const std::function<int(const raft_message&)>& pass_on) {
    if (failure_) return RAFT_NOCONNECTION;
    if (message.type == RAFT_IO_REQUEST_VOTE && has_forgotten()) return RAFT_NOCONNECTION;
    if (message.type == RAFT_IO_APPEND_ENTRIES) {
        const unsigned part = fitting(message.append_entries, needs_.limits.message_octets);
        if (part == message.append_entries.n_entries) return pass_on(message);
        raft_message shorter = message;
        limit_to(shorter.append_entries, part);
        const int status = pass_on(shorter);
        if (status == 0) next_for_[message.server_id] = shorter.append_entries.prev_log_index + part + 1;
        return status;
    }
    if (message.type == RAFT_IO_APPEND_ENTRIES_RESULT && message.append_entries_result.rejected == 0) {
        raft_message honest = message;
        raft_append_entries_result& result = honest.append_entries_result;
        const uint64_t compared = result.term == compared_term_ ? compared_ : 0;
        result.last_log_index = std::min<raft_index>(result.last_log_index, compared);
        return pass_on(honest);
    }
    return pass_on(message);
}

// After a part was sent libraft believes that it has sent everything, if it was sending ahead.
void IoGuard::correct_progress() {
    if (next_for_.empty()) return;
    const auto parts = std::exchange(next_for_, {});
    if (raft_ == nullptr || raft_->state != RAFT_LEADER) return;
    for (unsigned i = 0; i < raft_->configuration.n; ++i) {
        const auto part = parts.find(raft_->configuration.servers[i].id);
        if (part == parts.end()) continue;
        raft_progress& progress = raft_->leader_state.progress[i];
        if (part->second > progress.match_index && part->second < progress.next_index)
            progress.next_index = part->second;
    }
}

void IoGuard::before_append() { correct_progress(); }

}  // namespace replica
