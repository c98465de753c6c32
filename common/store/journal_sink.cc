// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/journal_sink.h"

#include <utility>

#include "common/store/environment_copy.h"
#include "common/store/meta.h"

namespace store {
namespace {

base::Error closing() { return {base::ErrorKind::kUnavailable, "the store is closing"}; }

void push(CommitQueue& queue, JournalEvent event) { queue.push(event); }

// With a promise in it, which is kept even when the queue takes nothing more.
template <class Event, class Value>
auto push_with_answer(CommitQueue& queue, Event with_promise, Value when_closed) {
    auto answer = with_promise.done.get_future();
    JournalEvent event = std::move(with_promise);
    if (!queue.push(event)) std::get<Event>(event).done.set_value(std::move(when_closed));
    return answer;
}

}  // namespace

void QueueSink::lead() { push(queue_, Lead{}); }
void QueueSink::follow() { push(queue_, Follow{}); }
void QueueSink::not_appended(BatchId batch) { push(queue_, NotAppended{batch}); }
void QueueSink::lost(BatchId batch) { push(queue_, Lost{batch}); }

void QueueSink::committed(uint64_t index, base::Bytes entry) {
    const size_t octets = entry.size();
    figures_.waiting_octets += octets;
    JournalEvent event = Committed{index, std::move(entry)};
    if (!queue_.push(event)) figures_.waiting_octets -= octets;
}

std::future<base::Result<uint64_t>> QueueSink::sync() {
    return push_with_answer(queue_, Sync{}, base::Result<uint64_t>(closing()));
}

std::future<base::Result<void>> QueueSink::restore(const std::filesystem::path& data) {
    return push_with_answer(queue_, Restore{data, {}}, base::Result<void>(closing()));
}

std::future<base::Result<void>> QueueSink::mark(std::string cluster) {
    return push_with_answer(queue_, Mark{std::move(cluster), {}}, base::Result<void>(closing()));
}

std::future<void> QueueSink::detach() {
    Detach detach;
    auto answer = detach.done.get_future();
    JournalEvent event = std::move(detach);
    if (!queue_.push(event)) std::get<Detach>(event).done.set_value();
    return answer;
}

base::Result<uint64_t> QueueSink::copy(const Take& take) {
    const auto env = env_.get();
    const auto meta = read_meta(*env);
    if (!meta) return meta.error();
    if (auto copied = copy_environment(*env, take); !copied) return copied.error();
    return meta->journal_index;
}

std::string QueueSink::cluster() const {
    return figures_.cluster.with([](const auto& cluster) { return cluster; });
}

base::Result<void> QueueSink::state() const {
    const auto stalled = figures_.stalled.with([](const auto& error) { return error; });
    if (stalled) return *stalled;
    return {};
}

}  // namespace store
