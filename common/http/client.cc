// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/client.h"

#include <map>
#include <vector>

#include "common/http/curl_pool.h"

namespace http {
namespace {

base::Error too_many(const Transfer& transfer) {
    return {base::ErrorKind::kLimit, transfer.what() + ": too many calls are under way"};
}

class StreamHandle final : public loop::Handle {
 public:
    StreamHandle(std::weak_ptr<CurlPool> pool, std::shared_ptr<Transfer> transfer)
        : pool_(std::move(pool)), transfer_(std::move(transfer)) {}
    ~StreamHandle() override {
        transfer_->cancelled = true;
        if (const auto pool = pool_.lock()) pool->cancel(*transfer_);
    }

 private:
    std::weak_ptr<CurlPool> pool_;
    std::shared_ptr<Transfer> transfer_;  // shared with the pool
};

}  // namespace

struct Client::State {
    State(loop::Loop& the_loop, std::optional<tls::Files> files) : loop(the_loop), tls(std::move(files)) {}
    ~State() {
        for (const auto& [kind, pool] : pools) pool->close();
        for (const auto& pool : retired) pool->close();
    }

    CurlPool& pool_for(const ClientRequest& request) {
        std::erase_if(retired, [](const auto& pool) { return pool->idle(); });
        auto& pool = pools[{request.server_role, request.version}];
        if (pool && pool->doubtful()) retired.push_back(std::exchange(pool, nullptr));
        if (!pool) pool = std::make_shared<CurlPool>(loop, request.version);
        return *pool;
    }

    loop::Loop& loop;
    const std::optional<tls::Files> tls;
    // By the role expected and the version; shared with the delivery under way, in which the client may go.
    std::map<std::pair<std::string, Version>, std::shared_ptr<CurlPool>> pools;
    std::vector<std::shared_ptr<CurlPool>> retired;  // until their calls have ended
};

Client::Client(loop::Loop& loop, std::optional<tls::Files> tls)
    : state_(std::make_shared<State>(loop, std::move(tls))) {}

Client::~Client() = default;

void Client::call(ClientRequest request, OnResponse on_response) {
    const auto transfer = std::make_shared<Transfer>(TransferKind::kCall, std::move(request), state_->tls);
    transfer->on_response = std::move(on_response);
    std::optional<base::Error> wrong;
    if (auto prepared = transfer->prepare(); !prepared)
        wrong = prepared.error();
    else if (!state_->pool_for(transfer->request).add(transfer))
        wrong = too_many(*transfer);
    if (!wrong) return;
    state_->loop.post([transfer, error = *wrong, client = std::weak_ptr<State>(state_)] {
        if (!client.expired()) transfer->on_response(error);
    });
}

loop::HandlePtr Client::stream(ClientRequest request, OnEvent on_event,
                               std::function<void(base::Error)> on_end) {
    const auto transfer = std::make_shared<Transfer>(TransferKind::kStream, std::move(request), state_->tls);
    transfer->on_event = std::move(on_event);
    transfer->on_end = std::move(on_end);
    std::optional<base::Error> wrong;
    CurlPool& pool = state_->pool_for(transfer->request);
    if (auto prepared = transfer->prepare(); !prepared)
        wrong = prepared.error();
    else if (!pool.add(transfer))
        wrong = too_many(*transfer);
    if (wrong) {
        state_->loop.post([transfer, error = *wrong, client = std::weak_ptr<State>(state_)] {
            if (!transfer->cancelled && !client.expired()) transfer->on_end(error);
        });
    }
    return std::make_unique<StreamHandle>(pool.weak_from_this(), transfer);
}

}  // namespace http
