// SPDX-License-Identifier: AGPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "common/http/multipart.h"
#include "common/http2/server.h"
#include "common/time/clock.h"
#include "tests/peers/mass/fakes.h"

namespace mass {
namespace {

using Json = nlohmann::json;

constexpr char kApi[] = "/namf-comm/v1/non-ue-n2-messages";
constexpr size_t kBodyOctetsMax = 1 << 20;
constexpr int kWriteReplaceWarning = 51;
constexpr int kSubscriptionsWanted = 2;  // broadcast areas; restart and failure

class FakeAmf final : public Fake {
 public:
    FakeAmf(loop::Loop& loop, OnAsked asked) : asked_(std::move(asked)) {
        const std::string api = kApi;
        router_.add({http::Method::kPost, api + "/transfer", http::Access::anybody(), kBodyOctetsMax,
                     [this](const http::Request& request, http::ResponderPtr responder) {
                         responder->respond(transfer(request));
                     }});
        router_.add({http::Method::kPost, api + "/subscriptions", http::Access::anybody(), kBodyOctetsMax,
                     [this](const http::Request& request, http::ResponderPtr responder) {
                         responder->respond(subscribe(request));
                     }});
        router_.add({http::Method::kDelete, api + "/subscriptions/{id}", http::Access::anybody(), 0,
                     [](const http::Request&, http::ResponderPtr responder) {
                         responder->respond(http::Response::empty(204));
                     }});
        server_ = std::make_unique<http2::Server>(loop, clock_, router_, http2::ServerLimits{},
                                                  logs::Log::discard());
        auto bound = server_->listen({"127.0.0.1", 0}, nullptr);
        if (!bound) give_up(bound.error().text);
        port_ = bound->port;
    }
    uint16_t port() const override { return port_; }
    bool ready() const override { return subscriptions_ >= kSubscriptionsWanted; }

 private:
    http::Response transfer(const http::Request& request) {
        const auto parts = http::parse_multipart(request.header("content-type").value_or(""), request.body);
        const auto* root = parts ? http::find_type(*parts, "application/json") : nullptr;
        const Json asked = root != nullptr ? Json::parse(root->body, nullptr, false) : Json();
        const Json info = asked.value(Json::json_pointer("/n2Information/pwsInfo"), Json());
        if (!info.is_object()) give_up("a transfer without pwsInfo: " + request.body);
        const int type = info.value(Json::json_pointer("/pwsContainer/ngapMessageType"), 0);
        const uint16_t serial = info.value("serialNumber", uint16_t{0});
        asked_(type == kWriteReplaceWarning ? Verb::kWritten : Verb::kStopped, serial);
        const Json told{{"ngapMessageType", type},
                        {"serialNumber", serial},
                        {"messageIdentifier", info.value("messageIdentifier", 0)}};
        return http::Response::json(
            200, Json{{"result", "N2_INFO_TRANSFER_INITIATED"}, {"pwsRspData", told}}.dump());
    }

    http::Response subscribe(const http::Request& request) {
        const Json asked = Json::parse(request.body, nullptr, false);
        const std::string id = std::to_string(++subscriptions_);
        const Json told{{"n2NotifySubscriptionId", id},
                        {"n2InformationClass", asked.value("n2InformationClass", "")}};
        return http::Response::json(201, told.dump())
            .with_header("location",
                         "http://127.0.0.1:" + std::to_string(port_) + kApi + "/subscriptions/" + id);
    }

    OnAsked asked_;
    base::SystemClock clock_;
    http::Router router_;
    std::unique_ptr<http2::Server> server_;
    uint16_t port_ = 0;
    int subscriptions_ = 0;
};

}  // namespace

FakePtr fake_amf(loop::Loop& loop, OnAsked asked) {
    return std::make_unique<FakeAmf>(loop, std::move(asked));
}

}  // namespace mass
