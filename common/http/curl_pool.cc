// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/curl_pool.h"

#include <vector>

namespace http {
namespace {

constexpr size_t kTransferLimit = 1000;
constexpr long kKeptConnections = 64;

void end_call(Transfer& transfer, CURLcode code) {
    if (transfer.on_response) transfer.on_response(transfer.result(code));
}

void end_stream(Transfer& transfer, CURLcode code) {
    if (!transfer.on_end) return;
    auto result = transfer.result(code);
    if (!result) return transfer.on_end(result.error());
    if (result->status != 200)
        return transfer.on_end(
            base::refused(transfer.what() + ": answered with status " + std::to_string(result->status)));
    transfer.on_end({base::ErrorKind::kUnavailable, transfer.what() + ": the server ended the stream"});
}

bool is_stream_answer(const Transfer& transfer) {
    long status = 0;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    return transfer.kind == TransferKind::kStream && status == 200;
}

}  // namespace

CurlPool::CurlPool(loop::Loop& loop, Version version) : loop_(loop), multi_(curl_multi_init()) {
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
    const long sharing = version == Version::kHttp2 ? CURLPIPE_MULTIPLEX : CURLPIPE_NOTHING;
    curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, sharing);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kKeptConnections);
}

CurlPool::~CurlPool() { close(); }

void CurlPool::close() {
    closed_ = true;
    for (const auto& [easy, transfer] : transfers_) {
        transfer->cancelled = true;
        transfer->silence.reset();
        curl_multi_remove_handle(multi_.get(), easy);
    }
    transfers_.clear();
    multi_.reset();
    watches_.clear();
    timer_.reset();
}

bool CurlPool::add(std::shared_ptr<Transfer> transfer) {
    if (closed_ || !multi_ || transfers_.size() >= kTransferLimit) return false;
    CURL* easy = transfer->easy.get();
    if (transfer->kind == TransferKind::kStream) expect_more(*transfer);
    transfers_[easy] = std::move(transfer);
    if (curl_multi_add_handle(multi_.get(), easy) == CURLM_OK) return true;
    transfers_.erase(easy);
    return false;
}

void CurlPool::expect_more(Transfer& stream) {
    stream.silence = loop_.after(stream.request.silence, [this, &stream] {
        const auto alive = transfers_.at(stream.easy.get());
        cancel(stream);
        stream.on_end({base::ErrorKind::kTimeout, stream.what() + ": nothing came on the stream"});
    });
}

void CurlPool::cancel(Transfer& transfer) {
    transfer.cancelled = true;
    transfer.silence.reset();
    const auto found = transfers_.find(transfer.easy.get());
    if (found == transfers_.end()) return;
    curl_multi_remove_handle(multi_.get(), found->first);
    transfers_.erase(found);
}

int CurlPool::on_socket(CURL*, curl_socket_t fd, int what, void* pool, void*) noexcept {
    auto& self = *static_cast<CurlPool*>(pool);
    self.watches_.erase(fd);
    if (what == CURL_POLL_REMOVE || self.closed_) return 0;
    const auto interest = what == CURL_POLL_IN    ? loop::Interest::kRead
                          : what == CURL_POLL_OUT ? loop::Interest::kWrite
                                                  : loop::Interest::kReadWrite;
    self.watches_[fd] = self.loop_.watch(fd, interest, [&self, fd](loop::Readiness ready) {
        self.drive(fd, (ready.readable ? CURL_CSELECT_IN : 0) | (ready.writable ? CURL_CSELECT_OUT : 0));
    });
    return 0;
}

int CurlPool::on_timer(CURLM*, long timeout_ms, void* pool) noexcept {
    auto& self = *static_cast<CurlPool*>(pool);
    self.timer_.reset();
    if (timeout_ms < 0 || self.closed_) return 0;
    self.timer_ = self.loop_.after(std::chrono::milliseconds(timeout_ms),
                                   [&self] { self.drive(CURL_SOCKET_TIMEOUT, 0); });
    return 0;
}

void CurlPool::drive(curl_socket_t fd, int what) {
    const auto alive = shared_from_this();
    int running = 0;
    curl_multi_socket_action(multi_.get(), fd, what, &running);
    deliver_events();
    deliver_ends();
}

void CurlPool::deliver_events() {
    std::vector<std::shared_ptr<Transfer>> ready;
    for (const auto& [easy, transfer] : transfers_) {
        if (!transfer->incoming.empty() && is_stream_answer(*transfer)) ready.push_back(transfer);
    }
    for (const auto& transfer : ready) {
        if (transfer->cancelled) continue;
        expect_more(*transfer);
        const std::string octets = std::exchange(transfer->incoming, {});
        const auto fed = transfer->events.feed(octets, [&](auto event, auto data, auto id) {
            if (!transfer->cancelled) transfer->on_event(event, data, id);
        });
        if (fed || transfer->cancelled) continue;
        cancel(*transfer);
        transfer->on_end(fed.error().within(transfer->what()));
    }
}

void CurlPool::deliver_ends() {
    std::vector<std::pair<std::shared_ptr<Transfer>, CURLcode>> ended;
    int left = 0;
    while (!closed_) {
        const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
        if (message == nullptr) break;
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode code = message->data.result;  // gone with the handle
        const auto found = transfers_.find(message->easy_handle);
        if (found == transfers_.end()) continue;
        found->second->silence.reset();
        if (code != CURLE_OK && found->second->request.version == Version::kHttp2) doubtful_ = true;
        ended.emplace_back(found->second, code);
        curl_multi_remove_handle(multi_.get(), found->first);
        transfers_.erase(found);
    }
    for (const auto& [transfer, code] : ended) {
        if (transfer->cancelled || closed_) continue;
        if (transfer->kind == TransferKind::kStream)
            end_stream(*transfer, code);
        else
            end_call(*transfer, code);
    }
}

}  // namespace http
