// SPDX-License-Identifier: AGPL-3.0-or-later
#include <cstdio>
#include <cstdlib>

#include "cbc/wire/cbsp_codec.h"
#include "cbc/wire/cbsp_framer.h"
#include "common/net/tcp.h"
#include "tests/peers/mass/fakes.h"

namespace mass {

void give_up(const std::string& why) {
    std::fprintf(stderr, "fake peers: %s\n", why.c_str());
    std::exit(1);
}

namespace {

namespace cbsp = cbc::cbsp;

class FakeBsc final : public Fake {
 public:
    FakeBsc(loop::Loop& loop, OnAsked asked) : asked_(std::move(asked)) {
        auto listener =
            net::TcpListener::listen(loop, {"127.0.0.1", 0}, {}, [this](net::TcpListener::Accepted one) {
                stream_ = std::move(one.stream);
                framer_ = cbsp::CbspFramer{};
                ready_ = false;
                stream_->start({.on_open = [] {},
                                .on_octets = [this](base::ByteView octets) { read(octets); },
                                .on_closed = [](net::CloseReason) {}});
            });
        if (!listener) give_up(listener.error().text);
        listener_ = std::move(*listener);
    }
    uint16_t port() const override { return listener_->bound().port; }
    bool ready() const override { return ready_; }

 private:
    void read(base::ByteView octets) {
        framer_.feed(octets);
        for (;;) {
            auto message = framer_.next();
            if (!message || !message->has_value()) return;
            answer(**message);
        }
    }

    void answer(const base::Bytes& octets) {
        const auto decoded = cbsp::decode(octets);
        if (!decoded) give_up(decoded.error().text());
        const auto& message = decoded->message;
        if (std::holds_alternative<cbsp::Reset>(message)) reply(cbsp::ResetComplete{cbsp::AllCells{}});
        if (std::holds_alternative<cbsp::KeepAlive>(message)) {
            reply(cbsp::KeepAliveComplete{});
            ready_ = true;
        }
        if (const auto* query = std::get_if<cbsp::MessageStatusQuery>(&message))
            reply(cbsp::MessageStatusQueryComplete{
                query->message_identifier, query->old_serial, {}, query->channel});
        if (const auto* write = std::get_if<cbsp::WriteReplace>(&message)) {
            asked_(Verb::kWritten, write->new_serial.value());
            reply(cbsp::WriteReplaceComplete{write->message_identifier,
                                             write->new_serial,
                                             write->old_serial,
                                             {},
                                             cbsp::AllCells{},
                                             cbsp::ChannelIndicator::kBasic});
        }
        if (const auto* kill = std::get_if<cbsp::Kill>(&message)) {
            asked_(Verb::kStopped, kill->old_serial.value());
            reply(cbsp::KillComplete{
                kill->message_identifier, kill->old_serial, {}, cbsp::AllCells{}, kill->channel});
        }
    }

    void reply(const cbsp::Message& message) { (void)stream_->send(cbsp::encode(message)); }

    OnAsked asked_;
    std::unique_ptr<net::TcpListener> listener_;
    net::StreamPtr stream_;
    cbsp::CbspFramer framer_;
    bool ready_ = false;
};

}  // namespace

FakePtr fake_bsc(loop::Loop& loop, OnAsked asked) {
    return std::make_unique<FakeBsc>(loop, std::move(asked));
}

}  // namespace mass
