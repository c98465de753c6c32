// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Links whose streams of the log go over bare TCP, on the port 1,000 above the links' own: for measuring what
// TLS costs between nodes. Calls stay with the links that it wraps. Nobody is asked who he is: for
// measurements on a machine of their own, and nowhere else.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/replica/links.h"

namespace kvd {

class PlainStreams final : public replica::Links {
 public:
    static base::Result<std::unique_ptr<replica::Links>> open(const replica::LinksConfig& config,
                                                              loop::Loop& loop, logs::Log log);

    const replica::NodeName& self() const override { return inner_->self(); }
    const net::Endpoint& bound() const override { return inner_->bound(); }
    void set_nodes(std::vector<replica::NodeAddress> nodes) override;
    void serve(std::string kind, Handler handler) override {
        inner_->serve(std::move(kind), std::move(handler));
    }
    void serve_strangers(std::string kind, Handler handler) override {
        inner_->serve_strangers(std::move(kind), std::move(handler));
    }
    void call(const replica::NodeName& to, std::string_view kind, base::Bytes request,
              std::chrono::milliseconds deadline, Answer answer) override {
        inner_->call(to, kind, std::move(request), deadline, std::move(answer));
    }
    void call_address(const net::Endpoint& where, std::string_view kind, base::Bytes request,
                      std::chrono::milliseconds deadline, AnswerFrom answer) override {
        inner_->call_address(where, kind, std::move(request), deadline, std::move(answer));
    }
    base::Result<void> renew() override { return inner_->renew(); }
    void open_stream(const replica::NodeName& to, OnStream on_stream) override;
    void on_stream(std::function<void(const replica::NodeName& from, base::Fd)> accepted) override {
        accepted_ = std::move(accepted);
    }
    std::vector<Peer> peers() const override { return inner_->peers(); }

 private:
    PlainStreams(std::unique_ptr<replica::Links> inner, loop::Loop& loop)
        : inner_(std::move(inner)), loop_(loop) {}
    base::Result<void> listen(const net::Endpoint& where);
    void accept_one();
    base::Result<base::Fd> connect(const replica::NodeName& to) const;

    std::unique_ptr<replica::Links> inner_;
    loop::Loop& loop_;
    std::map<replica::NodeName, net::Endpoint> nodes_;
    std::function<void(const replica::NodeName&, base::Fd)> accepted_;
    base::Fd listener_;
    loop::HandlePtr watch_;
};

}  // namespace kvd
