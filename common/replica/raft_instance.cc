// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/raft_instance.h"

#include <algorithm>
#include <utility>

#include "common/replica/raft_c.h"

namespace replica {
namespace {

constexpr unsigned kNever = ~0U;
constexpr uint64_t kLookPause = 100;        // ms between two looks at the size of the log
constexpr uint64_t kSnapshotPause = 1'000;  // ms between two tries
constexpr unsigned kConnectAgain = 200;     // ms

int self_only(raft& r, const LifeConfig& config) {
    raft_configuration configuration{};
    raft_configuration_init(&configuration);
    int status = raft_configuration_add(&configuration, config.id, config.address.text().c_str(), RAFT_VOTER);
    if (status == 0) status = raft_bootstrap(&r, &configuration);
    raft_configuration_close(&configuration);
    return status;
}

}  // namespace

base::Error raft_error(int status, std::string_view what, std::string_view more) {
    base::ErrorKind kind = base::ErrorKind::kUnavailable;
    if (status == RAFT_NOSPACE || status == RAFT_NOMEM || status == RAFT_TOOMANY)
        kind = base::ErrorKind::kLimit;
    if (status == RAFT_IOERR || status == RAFT_NOTFOUND) kind = base::ErrorKind::kIo;
    if (status == RAFT_CORRUPT || status == RAFT_MALFORMED) kind = base::ErrorKind::kCorrupt;
    if (status == RAFT_INVALID || status == RAFT_NAMETOOLONG) kind = base::ErrorKind::kInvalid;
    std::string text = std::string(what) + ": " + raft_words(status);
    if (!more.empty()) text += " (" + std::string(more) + ")";
    return {kind, std::move(text)};
}

RaftInstance::RaftInstance(LifeConfig config, const LifeParts& parts, logs::Log log)
    : config_(std::move(config)),
      parts_(parts),
      log_(std::move(log)),
      transport_(parts.thread, parts.streams, config_.cluster, log_),
      guard_({parts.sink, parts.arrivals, config_.cluster, config_.timing, config_.limits}, log_),
      fsm_(parts.sink, config_.cluster, log_),
      raft_(std::make_unique<raft>()) {}

RaftInstance::~RaftInstance() = default;

base::Result<void> RaftInstance::start(bool found, std::function<void()> turned) {
    raft_io* storage = guard_.inner();
    int status = raft_uv_init(storage, parts_.thread.loop(), config_.directory.c_str(), transport_.raw());
    if (status != 0)
        return raft_error(status, "open the log in " + config_.directory.string(), storage->errmsg);
    uv_made_ = true;
    // An entry that was acknowledged must not be given up: a damaged log is reported, not repaired.
    raft_uv_set_auto_recovery(storage, false);
    raft_uv_set_connect_retry_delay(storage, kConnectAgain);
    (void)raft_uv_set_snapshot_compression(storage, false);  // a manifest is a few octets
    status = raft_init(raft_.get(), guard_.outer(), fsm_.raw(), config_.id, config_.address.text().c_str());
    if (status != 0)
        return raft_error(status, "open the log in " + config_.directory.string(), raft_->errmsg);
    raft_made_ = true;
    fsm_.attach(raft_.get());
    guard_.attach(raft_.get());
    const auto patience = config_.address.role == Role::kVoter ? 3 : 1;
    raft_set_election_timeout(raft_.get(), static_cast<unsigned>(config_.timing.election.count() * patience));
    raft_set_heartbeat_timeout(raft_.get(), static_cast<unsigned>(config_.timing.heartbeat.count()));
    raft_set_install_snapshot_timeout(raft_.get(),
                                      static_cast<unsigned>(config_.timing.snapshot_again.count()));
    raft_set_snapshot_threshold(raft_.get(), kNever);
    raft_set_pre_vote(raft_.get(), true);
    if (found) {
        status = self_only(*raft_, config_);
        if (status != 0) return raft_error(status, "begin the log", raft_errmsg(raft_.get()));
    }
    status = raft_start(raft_.get());
    if (status != 0) {
        const auto trouble = fsm_.trouble();
        if (!trouble) return trouble.error();
        return raft_error(status, "read the log in " + config_.directory.string(), raft_errmsg(raft_.get()));
    }
    running_ = true;
    turned_ = std::move(turned);
    guard_.on_turn([this] { turn(); });
    return {};
}

void RaftInstance::close(loop::Job closed) {
    closed_ = std::move(closed);
    running_ = false;
    turned_ = nullptr;
    fsm_.give_up();
    if (!raft_made_) return closed_by_raft();
    raft_->data = this;
    raft_close(raft_.get(), [](raft* r) { static_cast<RaftInstance*>(r->data)->closed_by_raft(); });
}

void RaftInstance::closed_by_raft() {
    if (uv_made_) raft_uv_close(guard_.inner());
    parts_.thread.post(std::exchange(closed_, nullptr));  // libraft is still on the stack
}

std::optional<base::Error> RaftInstance::failure() {
    if (!running_) return std::nullopt;
    if (guard_.failure()) return guard_.failure();
    // Alone in its cluster it needs nobody's vote.
    if (raft_state(raft_.get()) == RAFT_LEADER && guard_.has_forgotten())
        return base::Error{base::ErrorKind::kCorrupt, forgotten()};
    if (raft_state(raft_.get()) != RAFT_UNAVAILABLE) return std::nullopt;
    const auto trouble = fsm_.trouble();
    if (!trouble) return trouble.error();
    return base::Error{base::ErrorKind::kIo, std::string("the log stopped: ") + raft_errmsg(raft_.get())};
}

std::string RaftInstance::trouble() {
    const auto trouble = fsm_.trouble();
    if (!trouble) return trouble.error().text;
    const auto state = parts_.sink.state();
    if (!state) return state.error().text;
    if (guard_.has_forgotten())
        return forgotten() + "; it takes part again when the leader has sent the rest";
    return guard_.snapshot_trouble();
}

std::string RaftInstance::forgotten() const {
    return "the log ends at entry " + std::to_string(raft_last_index(raft_.get())) +
           ", although the store has applied entry " + std::to_string(parts_.sink.applied_index());
}

uint64_t RaftInstance::snapshot_index() const { return raft_->log.snapshot.last_index; }

bool RaftInstance::snapshot_under_way() const {
    return raft_->snapshot.pending.term != 0 || raft_->snapshot.put.data != nullptr;
}

LogSize RaftInstance::log_size() {
    const uint64_t last = last_index(raft_->log);
    if (last != seen_last_ || raft_->log.offset != seen_first_) size_ = size_after(raft_->log, 0);
    seen_last_ = last;
    seen_first_ = raft_->log.offset;
    return size_;
}

void RaftInstance::turn() {
    if (!running_) return;
    if (!failure()) cut_log();
    if (turned_) turned_();
}

// Sets libraft's counts so that it takes a snapshot with the next entry it applies.
void RaftInstance::cut_log() {
    const uint64_t now = guard_.outer()->time(guard_.outer());
    if (now - last_look_ < kLookPause && !forced_) return;
    last_look_ = now;
    if (snapshot_index() != 0) forced_ = false;
    if (now - last_try_ < kSnapshotPause && last_try_ != 0 && !forced_) return;
    if (snapshot_under_way()) {
        forced_ = false;
        return;
    }
    // libraft would take the configuration with it that is not settled yet.
    if (raft_->configuration_uncommitted_index != 0) return;
    const LogSize since = forced_ ? LogSize{} : size_after(raft_->log, snapshot_index());
    if (!forced_ && since.octets < config_.limits.snapshot_octets &&
        since.entries < config_.limits.snapshot_entries)
        return;
    // Not even one kept means something else to libraft's storage: see IoGuard::may_put().
    const uint64_t within = entries_within(raft_->log, raft_->last_applied, config_.limits.trailing_octets);
    const uint64_t trailing = forced_ ? 0 : std::max<uint64_t>(1, within);
    raft_set_snapshot_trailing(raft_.get(), static_cast<unsigned>(std::min<uint64_t>(trailing, kNever - 1)));
    raft_set_snapshot_threshold(raft_.get(), 1);
    last_try_ = now;
    forced_ = false;
}

}  // namespace replica
